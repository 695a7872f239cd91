#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::stack {

// One statement of a script, without its semicolon, leading blanks and comments.
struct ScriptStatement {
  std::string text;
  std::size_t line = 1;  // of its first character in the script
};

// Splits a script at the semicolons that end statements: not those in quotes, dollar quotes, comments, parentheses or
// the bodies of SQL-standard functions (BEGIN ATOMIC … END). Pure; what is not closed runs to the end, and PostgreSQL
// will say so. A leading byte order mark is dropped.
[[nodiscard]] std::vector<ScriptStatement> split_script(std::string_view script);

// The line of the script on which the character at `position` (from 1, in characters, as PostgreSQL counts) of the
// statement stands; for 0 the statement's own.
[[nodiscard]] std::size_t line_of(const ScriptStatement& statement, std::size_t position);

}  // namespace bailey::stack
