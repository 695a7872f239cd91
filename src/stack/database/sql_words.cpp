#include "stack/database/sql_words.hpp"

#include <algorithm>
#include <cctype>

namespace bailey::stack {
namespace {

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0; }

}  // namespace

SqlWords::SqlWords(std::string_view text) : rest_(text) { skip_blanks(); }

bool SqlWords::take(std::string_view word) {
  const SqlWords before = *this;
  if (rest_.starts_with('"') || name() != word) {
    *this = before;
    return false;
  }
  return true;
}

bool SqlWords::take(char symbol) {
  if (!rest_.starts_with(symbol)) return false;
  rest_.remove_prefix(1);
  skip_blanks();
  return true;
}

std::string SqlWords::name() {
  if (rest_.starts_with('"')) return quoted('"');
  const auto end = std::ranges::find_if_not(rest_, is_of_word);
  std::string name(rest_.begin(), end);
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  rest_.remove_prefix(name.size());
  skip_blanks();
  return name;
}

std::string SqlWords::string() { return rest_.starts_with('\'') ? quoted('\'') : std::string(); }

std::string SqlWords::value() { return rest_.starts_with('\'') ? string() : name(); }

// A quote within is written twice.
std::string SqlWords::quoted(char quote) {
  std::string text;
  for (std::size_t at = 1;;) {
    const std::size_t end = rest_.find(quote, at);
    if (end == std::string_view::npos) {
      rest_ = {};
      return "";
    }
    text += rest_.substr(at, end - at);
    at = end + 2;
    if (rest_.substr(end + 1, 1) != std::string_view(&quote, 1)) {
      rest_.remove_prefix(end + 1);
      skip_blanks();
      return text;
    }
    text += quote;
  }
}

void SqlWords::skip_blanks() {
  for (;;) {
    rest_.remove_prefix(static_cast<std::size_t>(std::ranges::find_if_not(rest_, is_blank) - rest_.begin()));
    if (rest_.starts_with("--")) {
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    } else if (rest_.starts_with("/*")) {
      skip_comment();
    } else {
      return;
    }
  }
}

// One comment may hold others.
void SqlWords::skip_comment() {
  int depth = 0;
  do {
    const int change = rest_.starts_with("/*") ? 1 : rest_.starts_with("*/") ? -1 : 0;
    depth += change;
    rest_.remove_prefix(change == 0 ? 1 : 2);
  } while (depth > 0 && !rest_.empty());
}

}  // namespace bailey::stack
