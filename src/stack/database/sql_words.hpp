#pragma once

#include <string>
#include <string_view>

namespace bailey::stack {

// Reads a statement word by word, over blanks and comments; a view into the statement. What PostgreSQL lets be written
// with escapes (U&"…", E'…') is read as something else than it is, never as more: the reader of such a statement finds
// no word that it expects next. Pure.
class SqlWords {
 public:
  explicit SqlWords(std::string_view text);

  // Takes the word if it comes next, whatever its case.
  bool take(std::string_view word);
  // The same for a character that is of no word.
  bool take(char symbol);

  // The identifier that comes next, folded unless quoted; "" for none, and for one whose quote is not closed.
  std::string name();
  // The plain string that comes next; "" for none, and for one that is not closed.
  std::string string();
  // Either of them.
  std::string value();

  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

 private:
  std::string quoted(char quote);
  void skip_blanks();
  void skip_comment();

  std::string_view rest_;
};

}  // namespace bailey::stack
