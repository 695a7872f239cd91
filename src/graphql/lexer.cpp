// One pass over the text, each byte looked at a bounded number of times. Which fault is found, and at which character,
// is what the reference implementation says of the same text, so that editors and tests may compare. A string without
// escapes, and a block string of one line, are views; any other is written once into room for its raw length, which its
// value never exceeds.
#include <graphql/lexer.hpp>

#include <bailey/base/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace bailey::graphql {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_name_start(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

constexpr bool is_high_surrogate(int code) { return code >= 0xd800 && code <= 0xdbff; }
constexpr bool is_low_surrogate(int code) { return code >= 0xdc00 && code <= 0xdfff; }
constexpr bool is_scalar_value(std::uint32_t code) { return code < 0xd800 || (code >= 0xe000 && code <= 0x10ffff); }

// No escape is shorter than what it stands for: \u0800 has six bytes, its character three.
void append_utf8(char*& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x1'0000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

}  // namespace

std::string describe(TokenKind kind) {
  constexpr std::array<std::string_view, 21> names = {
      "<EOF>", "!", "$", "&", "(",    ")",   "...",   ":",      "=",           "@",    "[",
      "]",     "{", "|", "}", "Name", "Int", "Float", "String", "BlockString", "fault"};
  const std::string name(names[static_cast<std::size_t>(kind)]);
  return kind == TokenKind::end || kind >= TokenKind::name ? name : '"' + name + '"';
}

std::string describe(const Token& token) {
  std::string out = describe(token.kind);
  if (token.kind < TokenKind::name) return out;
  return out.append(" \"").append(shortened(token.text)).append("\"");
}

char Lexer::look(std::size_t ahead) const noexcept { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

Token Lexer::fail(std::size_t at, std::string message) {
  fault_ = {.message = std::move(message), .at = static_cast<Offset>(at)};
  return faulty();
}

std::string Lexer::code_point_at(std::size_t at) const {
  if (at >= text_.size()) return "<EOF>";
  const char c = text_[at];
  if (c == '"') return R"('"')";
  if (c >= ' ' && c <= '~') return std::string("\"") + c + '"';
  std::array<char, 16> shown{};
  std::snprintf(shown.data(), shown.size(), "U+%04X", static_cast<unsigned>(detail::next_code_point(text_, at)));
  return shown.data();
}

// A character that the end would cut stays whole.
std::string Lexer::excerpt(std::size_t at, std::size_t utf16_units) const {
  std::size_t end = at;
  for (std::size_t units = 0; units < utf16_units && end < text_.size();) {
    const std::size_t length = detail::utf8_sequence(text_, end);
    units += length == 4 ? 2 : 1;
    end += length;
  }
  return std::string(text_.substr(at, end - at));
}

void Lexer::skip_ignored() noexcept {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  while (at_ < text_.size()) {
    switch (text_[at_]) {
      case ' ':
      case '\t':
      case '\n':
      case '\r':
      case ',': ++at_; break;
      case '#':
        while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
        break;
      case byte_order_mark[0]:
        if (text_.substr(at_, byte_order_mark.size()) != byte_order_mark) return;
        at_ += byte_order_mark.size();
        break;
      default: return;
    }
  }
}

Token Lexer::next() {
  skip_ignored();
  if (at_ == text_.size()) return {.kind = TokenKind::end, .at = static_cast<Offset>(at_)};
  const char c = text_[at_];
  if (is_name_start(c)) return name();
  if (is_digit(c) || c == '-') return number();
  switch (c) {
    case '!': return punctuator(TokenKind::bang, 1);
    case '$': return punctuator(TokenKind::dollar, 1);
    case '&': return punctuator(TokenKind::ampersand, 1);
    case '(': return punctuator(TokenKind::paren_left, 1);
    case ')': return punctuator(TokenKind::paren_right, 1);
    case ':': return punctuator(TokenKind::colon, 1);
    case '=': return punctuator(TokenKind::equals, 1);
    case '@': return punctuator(TokenKind::at, 1);
    case '[': return punctuator(TokenKind::bracket_left, 1);
    case ']': return punctuator(TokenKind::bracket_right, 1);
    case '{': return punctuator(TokenKind::brace_left, 1);
    case '|': return punctuator(TokenKind::pipe, 1);
    case '}': return punctuator(TokenKind::brace_right, 1);
    case '.':
      if (look(1) == '.' && look(2) == '.') return punctuator(TokenKind::spread, 3);
      return unexpected_character();
    case '"': return look(1) == '"' && look(2) == '"' ? block_string() : string();
    default: return unexpected_character();
  }
}

Token Lexer::unexpected_character() {
  if (text_[at_] == '\'')
    return fail(at_, R"(Unexpected single quote character ('), did you mean to use a double quote (")?)");
  return fail(at_, "Unexpected character: " + code_point_at(at_) + ".");
}

Token Lexer::punctuator(TokenKind kind, std::size_t length) noexcept {
  const Token token{.kind = kind, .at = static_cast<Offset>(at_)};
  at_ += length;
  return token;
}

Token Lexer::name() noexcept {
  const std::size_t start = at_;
  while (at_ < text_.size() && is_name_part(text_[at_])) ++at_;
  return {.kind = TokenKind::name, .at = static_cast<Offset>(start), .text = text_.substr(start, at_ - start)};
}

bool Lexer::digits() {
  if (!is_digit(look())) {
    fail(at_, "Invalid number, expected digit but got: " + code_point_at(at_) + ".");
    return false;
  }
  while (is_digit(look())) ++at_;
  return true;
}

Token Lexer::number() {
  const std::size_t start = at_;
  bool is_real = false;
  if (look() == '-') ++at_;
  if (look() == '0') {
    ++at_;
    if (is_digit(look())) return fail(at_, "Invalid number, unexpected digit after 0: " + code_point_at(at_) + ".");
  } else if (!digits()) {
    return faulty();
  }
  if (look() == '.') {
    is_real = true;
    ++at_;
    if (!digits()) return faulty();
  }
  if (look() == 'e' || look() == 'E') {
    is_real = true;
    ++at_;
    if (look() == '+' || look() == '-') ++at_;
    if (!digits()) return faulty();
  }
  if (look() == '.' || is_name_start(look()))
    return fail(at_, "Invalid number, expected digit but got: " + code_point_at(at_) + ".");
  return {.kind = is_real ? TokenKind::real : TokenKind::integer,
          .at = static_cast<Offset>(start),
          .text = text_.substr(start, at_ - start)};
}

Token Lexer::string() {
  const std::size_t start = at_++;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      return {.kind = TokenKind::string,
              .at = static_cast<Offset>(start),
              .text = text_.substr(start + 1, at_ - start - 2)};
    }
    if (c == '\\') return string_with_escapes(start);
    if (c == '\n' || c == '\r') break;
  }
  return fail(at_, "Unterminated string.");
}

// The end is sought first, so that the room is right. No escape has a quote in it but \".
Token Lexer::string_with_escapes(std::size_t start) {
  std::size_t end = at_;
  while (end < text_.size() && text_[end] != '"' && text_[end] != '\n' && text_[end] != '\r')
    end += text_[end] == '\\' && end + 1 < text_.size() && (text_[end + 1] == '"' || text_[end + 1] == '\\') ? 2U : 1U;
  char* const room = static_cast<char*>(arena_.allocate(std::max<std::size_t>(end - start, 1), 1));
  char* out = std::ranges::copy(text_.substr(start + 1, at_ - start - 1), room).out;
  while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n' && text_[at_] != '\r') {
    if (text_[at_] != '\\')
      *out++ = text_[at_++];
    else if (!escape(out))
      return faulty();
  }
  if (look() != '"') return fail(at_, "Unterminated string.");
  ++at_;
  return {.kind = TokenKind::string,
          .at = static_cast<Offset>(start),
          .text = {room, static_cast<std::size_t>(out - room)}};
}

bool Lexer::escape(char*& out) {
  const char escaped = look(1);
  if (escaped == 'u') return look(2) == '{' ? braced_escape(out) : fixed_escape(out);
  constexpr std::string_view escapes = R"("\/bfnrt)", meant = "\"\\/\b\f\n\r\t";
  const std::size_t known = escapes.find(escaped);
  if (known == escapes.npos) {
    fail(at_, "Invalid character escape sequence: \"" + excerpt(at_, 2) + "\".");
    return false;
  }
  *out++ = meant[known];
  at_ += 2;
  return true;
}

int Lexer::hex(std::size_t at) const noexcept {
  if (at >= text_.size()) return -1;
  const char c = text_[at];
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// \u and four digits, twice where it is a pair of surrogates.
bool Lexer::fixed_escape(char*& out) {
  const auto four = [&](std::size_t at) {
    int code = 0;
    for (std::size_t i = at; i < at + 4 && code >= 0; ++i) code = hex(i) < 0 ? -1 : code << 4 | hex(i);
    return code;
  };
  const int code = four(at_ + 2);
  if (code >= 0 && is_scalar_value(static_cast<std::uint32_t>(code))) {
    append_utf8(out, static_cast<std::uint32_t>(code));
    at_ += 6;
    return true;
  }
  if (is_high_surrogate(code) && look(6) == '\\' && look(7) == 'u') {
    if (const int low = four(at_ + 8); is_low_surrogate(low)) {
      append_utf8(
          out, 0x1'0000 + (static_cast<std::uint32_t>(code - 0xd800) << 10) + static_cast<std::uint32_t>(low - 0xdc00));
      at_ += 12;
      return true;
    }
  }
  fail(at_, "Invalid Unicode escape sequence: \"" + excerpt(at_, 6) + "\".");
  return false;
}

// \u{…} with at most eight digits.
bool Lexer::braced_escape(char*& out) {
  std::uint32_t code = 0;
  std::size_t size = 3;
  while (size < 12) {
    const std::size_t at = at_ + size++;
    if (at < text_.size() && text_[at] == '}') {
      if (size < 5 || !is_scalar_value(code)) break;
      append_utf8(out, code);
      at_ += size;
      return true;
    }
    const int digit = hex(at);
    code = code << 4 | static_cast<std::uint32_t>(digit);
    if (digit < 0 || code > 0x7fff'ffff) break;
  }
  fail(at_, "Invalid Unicode escape sequence: \"" + excerpt(at_, size) + "\".");
  return false;
}

Token Lexer::block_string() {
  const std::size_t start = at_;
  for (at_ += 3; at_ < text_.size();) {
    if (text_[at_] == '"' && look(1) == '"' && look(2) == '"') {
      const std::string_view raw = text_.substr(start + 3, at_ - start - 3);
      at_ += 3;
      return {.kind = TokenKind::block_string, .at = static_cast<Offset>(start), .text = block_value(raw)};
    }
    at_ += text_[at_] == '\\' && look(1) == '"' && look(2) == '"' && look(3) == '"' ? 4U : 1U;
  }
  return fail(at_, "Unterminated string.");
}

// BlockStringValue (2.9.4): the indentation that all lines but the first share goes, and blank lines around it. Two
// walks over the lines, the first to find out what goes.
std::string_view Lexer::block_value(std::string_view raw) {
  const auto for_each_line = [&](auto&& take) {
    std::size_t at = 0;
    for (std::size_t index = 0;; ++index) {
      std::size_t end = at;
      while (end < raw.size() && raw[end] != '\n' && raw[end] != '\r') ++end;
      take(index, raw.substr(at, end - at));
      if (end == raw.size()) return;
      at = end + (raw[end] == '\r' && end + 1 < raw.size() && raw[end + 1] == '\n' ? 2 : 1);
    }
  };
  constexpr std::size_t none = std::string_view::npos;
  std::size_t shared = none, first = none, last = 0, count = 0;
  for_each_line([&](std::size_t index, std::string_view line) {
    ++count;
    std::size_t indentation = 0;
    while (indentation < line.size() && (line[indentation] == ' ' || line[indentation] == '\t')) ++indentation;
    if (indentation == line.size()) return;
    if (first == none) first = index;
    last = index;
    if (index > 0) shared = std::min(shared, indentation);
  });
  if (first == none) return {};
  if (count == 1 && raw.find("\\\"\"\"") == none) return raw;
  char* const room = static_cast<char*>(arena_.allocate(raw.size(), 1));
  char* out = room;
  for_each_line([&](std::size_t index, std::string_view line) {
    if (index < first || index > last) return;
    if (index > first) *out++ = '\n';
    if (index > 0) line.remove_prefix(std::min(shared, line.size()));
    for (std::size_t at = 0; at < line.size(); ++at)
      if (line[at] != '\\' || line.substr(at + 1, 3) != "\"\"\"") *out++ = line[at];
  });
  return {room, static_cast<std::size_t>(out - room)};
}

}  // namespace bailey::graphql
