// Finds BYPASSRLS and NOBYPASSRLS, and NOSUPERUSER and NOREPLICATION, which say of such a role what is true of it
// anyway: only words count, not what is in a password. The statement keeps its length, so that the place of an error
// stays true.
#include "stack/database/role_attributes.hpp"

#include <algorithm>
#include <array>

#include "stack/database/sql_words.hpp"

namespace bailey::stack {
namespace {

constexpr auto kept_to_superusers =
    std::to_array<std::string_view>({"bypassrls", "nobypassrls", "nosuperuser", "noreplication"});

// What it is that is altered, and not the attributes of a role.
bool takes_no_attributes(SqlWords words) {
  return words.take("set") || words.take("reset") || words.take("rename") ||
         (words.take("in") && words.take("database"));
}

}  // namespace

std::optional<RoleAttributes> role_attributes(std::string_view statement) {
  SqlWords words(statement);
  if (!words.take("create") && !words.take("alter")) return std::nullopt;
  if (!words.take("role") && !words.take("user")) return std::nullopt;
  RoleAttributes attributes{.role = words.name(), .without = std::string(statement)};
  if (attributes.role.empty() || takes_no_attributes(words)) return std::nullopt;
  bool found = false;
  while (!words.at_end()) {
    if (words.take(',') || words.take('-') || words.take(';')) continue;
    if (words.rest().starts_with('\'')) {
      static_cast<void>(words.string());
      continue;
    }
    const bool quoted = words.rest().starts_with('"');
    const auto at = static_cast<std::size_t>(words.rest().data() - statement.data());
    const std::string word = words.name();
    // A string with escapes (E'…') may go on where this reader sees its end.
    if (word.empty() || (word.size() == 1 && words.rest().starts_with('\''))) return std::nullopt;
    if (quoted || std::ranges::find(kept_to_superusers, word) == kept_to_superusers.end()) continue;
    found = true;
    if (word.ends_with("bypassrls")) attributes.bypasses_rls = word == "bypassrls";
    attributes.without.replace(at, word.size(), word.size(), ' ');
  }
  return found ? std::optional(std::move(attributes)) : std::nullopt;
}

}  // namespace bailey::stack
