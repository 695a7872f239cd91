// The two ways a user's text becomes part of SQL text: a quoted identifier, and a type name of harmless characters.
// Everything else is a parameter.
#include <bailey/query/compile.hpp>

#include <bailey/base/ascii.hpp>

#include <algorithm>

namespace bailey::query {

void append_identifier(std::string& sql, std::string_view name) {
  name = name.substr(0, name.find('\0'));
  sql += '"';
  for (std::size_t quote = name.find('"'); quote != std::string_view::npos; quote = name.find('"')) {
    sql.append(name.substr(0, quote)).append(R"("")");
    name.remove_prefix(quote + 1);
  }
  sql.append(name) += '"';
}

std::string quote_identifier(std::string_view name) {
  std::string quoted;
  quoted.reserve(name.size() + 2);
  append_identifier(quoted, name);
  return quoted;
}

bool is_castable_name(std::string_view type) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & '\x80') != 0;
  };
  const auto inner = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '$' || c == ' '; };
  // SETOF is no part of a type's name, and nothing is cast to `unknown`: PostgreSQL fails within itself.
  const std::string_view first = type.substr(0, type.find(' '));
  if (ascii::equal_ignoring_case(first, "setof") || ascii::equal_ignoring_case(first, "unknown")) return false;
  return !type.empty() && type.size() <= 128 && letter(type.front()) && std::ranges::all_of(type, inner);
}

}  // namespace bailey::query
