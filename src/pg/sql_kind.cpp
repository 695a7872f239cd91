// The first word of a statement, behind white space, comments, semicolons and parentheses as PostgreSQL's lexer skips
// them, looked up in a list of what is allowed. The extended protocol takes one command a message, so the first word
// decides. A list of what is allowed, since one forgotten word in a list of what is not would be a hole.
#include "pg/sql_kind.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace bailey::pg::detail {
namespace {

// How many characters of white space, comments and opening punctuation `sql` begins with.
std::size_t skipped(std::string_view sql) noexcept {
  std::size_t at = 0;
  while (at < sql.size()) {
    const char c = sql[at];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == ';' || c == '(') {
      ++at;
    } else if (sql.substr(at, 2) == "--") {
      at = std::min(sql.find_first_of("\r\n", at), sql.size());
    } else if (sql.substr(at, 2) == "/*") {
      std::size_t depth = 0;
      do {
        if (sql.substr(at, 2) == "/*") {
          ++depth;
          at += 2;
        } else if (sql.substr(at, 2) == "*/") {
          --depth;
          at += 2;
        } else {
          ++at;
        }
      } while (depth > 0 && at < sql.size());
    } else {
      break;
    }
  }
  return std::min(at, sql.size());
}

// The next word in lower case; longer ones than any we know are cut, which makes them unknown.
std::string next_word(std::string_view& sql) {
  sql.remove_prefix(skipped(sql));
  std::string word;
  while (!sql.empty() && word.size() < 15) {
    const char c = sql.front();
    if (!ascii::is_letter(c) && c != '_') break;
    word += ascii::lower(c);
    sql.remove_prefix(1);
  }
  return word;
}

constexpr std::array<std::string_view, 11> data_words{"select", "insert", "update", "delete",  "with",  "values",
                                                      "table",  "merge",  "show",   "explain", "notify"};
constexpr std::array<std::string_view, 12> schema_words{"create",  "alter",    "drop",    "truncate",
                                                        "grant",   "revoke",   "comment", "analyze",
                                                        "refresh", "security", "lock",    "reassign"};

}  // namespace

std::string first_word(std::string_view sql) { return next_word(sql); }

std::optional<std::string> local_setting(std::string_view sql) {
  if (next_word(sql) != "set" || next_word(sql) != "local") return std::nullopt;
  const auto is_part_of_name = [](char c) { return ascii::is_letter(c) || ascii::is_digit(c) || c == '_' || c == '$'; };
  std::string name;
  for (;;) {
    sql.remove_prefix(skipped(sql));
    const auto end = std::ranges::find_if_not(sql, is_part_of_name);
    if (end == sql.begin()) return "";
    name.append(sql.begin(), end);
    sql.remove_prefix(static_cast<std::size_t>(end - sql.begin()));
    if (!sql.empty() && !std::string_view(" \t\n\r\f\v=/-.").contains(sql.front())) return "";
    sql.remove_prefix(skipped(sql));
    if (!sql.starts_with('.')) return name;
    name += '.';
    sql.remove_prefix(1);
  }
}

SqlKind sql_kind(std::string_view sql) noexcept {
  const std::string first = next_word(sql);
  if (std::ranges::find(data_words, first) != data_words.end()) return SqlKind::data;
  if (std::ranges::find(schema_words, first) != schema_words.end()) return SqlKind::schema;
  if (first == "do" || first == "call") return SqlKind::procedure;
  if (first == "savepoint" || first == "release") return SqlKind::set_local;
  if (first == "set") {
    const std::string second = next_word(sql);
    return second == "local" || second == "constraints" ? SqlKind::set_local : SqlKind::refused;
  }
  if (first == "rollback") {  // only TO a savepoint
    std::string second = next_word(sql);
    if (second == "work" || second == "transaction") second = next_word(sql);
    return second == "to" ? SqlKind::set_local : SqlKind::refused;
  }
  return SqlKind::refused;
}

}  // namespace bailey::pg::detail
