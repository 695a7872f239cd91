#include "stack/mail/template/lexer.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace bailey::stack::mail::templates {
namespace {

bool begins_name(char c) { return ascii::is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool is_of_name(char c) { return begins_name(c) || ascii::is_digit(c); }

}  // namespace

Token Lexer::next() {
  Token token;
  while (!text_.empty() && std::string_view(" \t\r\n").contains(text_.front())) {
    if (text_.front() == '\n') ++line_;
    text_.remove_prefix(1);
    token.follows_blank = true;
  }
  if (text_.empty()) return token;
  const char c = text_.front();
  const auto simple = [&](Token::Kind kind, std::size_t size) {
    token.kind = kind;
    text_.remove_prefix(size);
    return token;
  };
  if (text_.starts_with(":=")) return simple(Token::Kind::declare, 2);
  switch (c) {
    case '(': return simple(Token::Kind::open, 1);
    case ')': return simple(Token::Kind::close, 1);
    case '|': return simple(Token::Kind::pipe, 1);
    case ',': return simple(Token::Kind::comma, 1);
    case '=': return simple(Token::Kind::assign, 1);
    default: break;
  }
  if (c == '"' || c == '`') {
    token.kind = Token::Kind::literal;
    token.value = boost::json::string(take_quoted());
    return token;
  }
  if (c == '.' && (text_.size() == 1 || !is_of_name(text_[1]))) return simple(Token::Kind::dot, 1);
  if (c == '.' && begins_name(text_[1])) {
    text_.remove_prefix(1);
    token.kind = Token::Kind::field;
    token.text = take_name();
    return token;
  }
  if (c == '$') {
    text_.remove_prefix(1);
    token.kind = Token::Kind::variable;
    token.text = take_name();
    return token;
  }
  if (begins_name(c)) {
    token.text = take_name();
    token.kind = Token::Kind::word;
    if (token.text != "true" && token.text != "false" && token.text != "nil") return token;
    token.kind = Token::Kind::literal;
    if (token.text != "nil") token.value = token.text == "true";
    return token;
  }
  if (ascii::is_digit(c) || c == '-' || c == '+' || c == '.') {
    Token read = number();
    read.follows_blank = token.follows_blank;
    return read;
  }
  throw Problem(line_, std::string("the character ") + (c > ' ' && c < 0x7f ? std::string("\"") + c + "\" " : "") +
                           "cannot stand between {{ and }}");
}

std::string Lexer::take_name() {
  std::size_t end = 0;
  while (end < text_.size() && is_of_name(text_[end])) ++end;
  std::string name(text_.substr(0, end));
  text_.remove_prefix(end);
  return name;
}

std::string Lexer::take_quoted() {
  const char quote = text_.front();
  text_.remove_prefix(1);
  std::string out;
  while (!text_.empty() && text_.front() != quote) {
    char c = text_.front();
    text_.remove_prefix(1);
    if (c == '\n') {
      if (quote == '"')
        throw Problem(line_, "a text in quotes goes over the end of the line: close it, or use backquotes");
      ++line_;
    }
    if (c == '\\' && quote == '"') {
      if (text_.empty()) break;
      constexpr std::string_view escapes = "abfnrtv\\'\"";
      constexpr std::string_view meant = "\a\b\f\n\r\t\v\\'\"";
      const std::size_t which = escapes.find(text_.front());
      if (which == std::string_view::npos)
        throw Problem(line_, "this escape is not known here: write the character itself");
      c = meant[which];
      text_.remove_prefix(1);
    }
    out += c;
  }
  if (text_.empty()) throw Problem(line_, "a text is not closed");
  text_.remove_prefix(1);
  return out;
}

Token Lexer::number() {
  std::size_t end = 1;
  while (end < text_.size() && (is_of_name(text_[end]) || text_[end] == '.')) ++end;
  std::string_view digits = text_.substr(0, end);
  text_.remove_prefix(end);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  Token token;
  token.kind = Token::Kind::literal;
  const char* const last = digits.data() + digits.size();
  std::int64_t whole = 0;
  if (const auto read = std::from_chars(digits.data(), last, whole); read.ec == std::errc() && read.ptr == last) {
    token.value = whole;
    return token;
  }
  double fraction = 0;
  const auto read = std::from_chars(digits.data(), last, fraction);
  if (read.ec != std::errc() || read.ptr != last || !std::isfinite(fraction)) {
    throw Problem(line_, "a number cannot be read: write it in decimal digits");
  }
  token.value = fraction;
  return token;
}

}  // namespace bailey::stack::mail::templates
