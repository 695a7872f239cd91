#include "stack/database/settings.hpp"

#include <bailey/base/ascii.hpp>

#include "stack/database/sql_words.hpp"

namespace bailey::stack {

std::optional<std::string> setting_of(std::string_view statement) {
  SqlWords words(statement);
  if (words.take("alter")) {
    if (!words.take("role") && !words.take("user") && !words.take("database")) return std::nullopt;
    if (words.name().empty()) return std::nullopt;
    if (words.take("in") && (!words.take("database") || words.name().empty())) return std::nullopt;
    if (!words.take("set")) return std::nullopt;
  } else if (words.take("set")) {
    if (!words.take("local")) words.take("session");
  } else {
    return std::nullopt;
  }
  std::string name = words.name();
  while (!name.empty() && words.take('.')) name += "." + words.name();
  if (name.empty() || (!words.take('=') && !words.take("to"))) return std::nullopt;
  return ascii::to_lower(name);
}

}  // namespace bailey::stack
