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

std::string SqlWords::quoted(char quote) {
  const std::size_t end = std::min(rest_.find(quote, 1), rest_.size());
  std::string text(rest_.substr(1, end - 1));
  rest_.remove_prefix(std::min(end + 1, rest_.size()));
  skip_blanks();
  return text;
}

void SqlWords::skip_blanks() {
  for (;;) {
    rest_.remove_prefix(static_cast<std::size_t>(std::ranges::find_if_not(rest_, is_blank) - rest_.begin()));
    if (!rest_.starts_with("--") && !rest_.starts_with("/*")) return;
    const std::string_view end = rest_.starts_with("--") ? "\n" : "*/";
    const std::size_t at = rest_.find(end, 2);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + end.size());
  }
}

}  // namespace bailey::stack
