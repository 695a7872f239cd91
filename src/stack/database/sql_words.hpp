#pragma once

#include <string>
#include <string_view>

namespace bailey::stack {

// Reads a statement word by word, over blanks and comments; a view into the statement. What PostgreSQL lets be written
// with escapes (a doubled quote, U&"…", E'…') is read as something else than it is, never as more: the reader of such a
// statement finds no word that it expects next. Pure.
class SqlWords {
 public:
  explicit SqlWords(std::string_view text);

  // Takes the word if it comes next, whatever its case.
  bool take(std::string_view word);
  // The same for a character that is of no word.
  bool take(char symbol);

  // The identifier that comes next, folded unless quoted; "" for none.
  std::string name();
  // The plain string that comes next; "" for none.
  std::string string();
  // Either of them.
  std::string value();

  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

 private:
  std::string quoted(char quote);
  void skip_blanks();

  std::string_view rest_;
};

}  // namespace bailey::stack
