// The tokens of a document (specification, section 2.1), one at a time. A token is a view into the text; only a string
// whose value is not as it is written takes memory, from the arena that it is given.
#pragma once

#include <graphql/document.hpp>
#include <graphql/shortened.hpp>

#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>

namespace bailey::graphql {

enum class TokenKind : std::uint8_t {
  end,
  bang,
  dollar,
  ampersand,
  paren_left,
  paren_right,
  spread,
  colon,
  equals,
  at,
  bracket_left,
  bracket_right,
  brace_left,
  pipe,
  brace_right,
  name,
  integer,
  real,
  string,
  block_string,
  fault,  // the lexer's fault() says which
};

struct Token {
  TokenKind kind = TokenKind::end;
  Offset at = 0;
  std::string_view text{};  // of a name or a number as written; of a string its value; else empty
};

// As messages name it: Name "title", "}" or <EOF>.
[[nodiscard]] std::string describe(const Token& token);
[[nodiscard]] std::string describe(TokenKind kind);

// What is wrong with the text, and where.
struct Fault {
  std::string message;
  Offset at = 0;
};

class Lexer {
 public:
  // The text is valid UTF-8 and shorter than 4 GiB. It and the arena outlive the lexer and its tokens.
  Lexer(std::string_view text, std::pmr::memory_resource& arena) noexcept : text_(text), arena_(arena) {}

  // The next one; after the last an end, again and again. After a fault it is not called again.
  [[nodiscard]] Token next();
  [[nodiscard]] const Fault& fault() const noexcept { return fault_; }

 private:
  void skip_ignored() noexcept;
  Token punctuator(TokenKind kind, std::size_t length) noexcept;
  Token name() noexcept;
  Token number();
  bool digits();
  Token string();
  Token string_with_escapes(std::size_t start);
  bool escape(char*& out);
  bool fixed_escape(char*& out);
  bool braced_escape(char*& out);
  Token block_string();
  std::string_view block_value(std::string_view raw);
  Token unexpected_character();
  Token fail(std::size_t at, std::string message);
  [[nodiscard]] Token faulty() const noexcept { return {.kind = TokenKind::fault, .at = fault_.at}; }
  [[nodiscard]] char look(std::size_t ahead = 0) const noexcept;
  [[nodiscard]] int hex(std::size_t at) const noexcept;
  [[nodiscard]] std::string code_point_at(std::size_t at) const;
  [[nodiscard]] std::string excerpt(std::size_t at, std::size_t utf16_units) const;

  std::string_view text_;
  std::pmr::memory_resource& arena_;
  std::size_t at_ = 0;
  Fault fault_;
};

}  // namespace bailey::graphql
