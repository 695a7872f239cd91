#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>

#include "stack/mail/template/syntax.hpp"

namespace bailey::stack::mail::templates {

struct Token {
  enum class Kind { end, word, field, variable, literal, dot, open, close, pipe, comma, assign, declare };
  Kind kind = Kind::end;
  std::string text{};          // of a word, a field (without its dot), a variable (without its dollar)
  boost::json::value value{};  // of a literal
  bool follows_blank = false;  // whether something stands between it and what is before
};

// The tokens of one action, between {{ and }}. Throws Problem.
class Lexer {
 public:
  Lexer(std::string_view text, std::size_t line) : text_(text), line_(line) {}

  [[nodiscard]] Token next();
  [[nodiscard]] std::size_t line() const noexcept { return line_; }

 private:
  [[nodiscard]] std::string take_name();
  [[nodiscard]] std::string take_quoted();
  [[nodiscard]] Token number();

  std::string_view text_;
  std::size_t line_;
};

}  // namespace bailey::stack::mail::templates
