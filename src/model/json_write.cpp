// Writing JSON text. Strings are on the hot path of every answer: runs that need no escape are found eight bytes at a
// time and copied whole.
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#include <bailey/base/utf8.hpp>
#include <bailey/model/json.hpp>

namespace bailey {
namespace {

// What a byte needs: 0 nothing, 'u' the long escape, '8' a look at the UTF-8 sequence, else the letter behind the
// backslash.
consteval std::array<char, 256> make_escapes() {
  std::array<char, 256> table{};
  for (std::size_t i = 0; i < 0x20; ++i) table[i] = 'u';
  for (std::size_t i = 0x80; i < 0x100; ++i) table[i] = '8';
  table['"'] = '"';
  table['\\'] = '\\';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  return table;
}
constexpr std::array<char, 256> escapes = make_escapes();

// Whether eight bytes are all printable ASCII without '"' and '\\': bit tricks, one test for each kind of misfit.
bool eight_are_plain(const char* bytes) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t high = ones * 0x80;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, 8);
  const auto has_zero = [](std::uint64_t x) { return (x - ones) & ~x; };
  const std::uint64_t control = (word - ones * 0x20) & ~word;
  return ((control | has_zero(word ^ ones * '"') | has_zero(word ^ ones * '\\') | word) & high) == 0;
}

std::size_t plain_run(std::string_view text, std::size_t at) {
  while (at + 8 <= text.size() && eight_are_plain(text.data() + at)) at += 8;
  while (at < text.size() && escapes[static_cast<unsigned char>(text[at])] == 0) ++at;
  return at;
}

void append_escape(std::string& out, char c, char letter) {
  if (letter != 'u') {
    out.push_back('\\');
    out.push_back(letter);
    return;
  }
  constexpr std::string_view hex = "0123456789abcdef";
  out.append("\\u00");
  out.push_back(hex[static_cast<unsigned char>(c) >> 4]);
  out.push_back(hex[static_cast<unsigned char>(c) & 15]);
}

void append_real(std::string& out, auto number) {
  if (!std::isfinite(number)) {
    out.append("null");
    return;
  }
  if (number == 0 && std::signbit(number)) {
    out.append("-0.0");  // "-0" would read back as an integer, and those have no such zero
    return;
  }
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_integer(std::string& out, auto number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = plain_run(text, at);
    out.append(text, at, end - at);
    at = end;
    if (at == text.size()) break;
    const char letter = escapes[static_cast<unsigned char>(text[at])];
    if (letter != '8') {
      append_escape(out, text[at++], letter);
    } else if (const std::size_t length = detail::utf8_sequence(text, at); length > 0) {
      out.append(text, at, length);
      at += length;
    } else {
      out.append(detail::replacement_character);
      ++at;
    }
  }
  out.push_back('"');
}

void append_json_number(std::string& out, double number) { append_real(out, number); }
void append_json_number(std::string& out, float number) { append_real(out, number); }

void append_json(std::string& out, const json::array& value) {
  out.push_back('[');
  bool first = true;
  for (const json::value& item : value) {
    if (!first) out.push_back(',');
    first = false;
    append_json(out, item);
  }
  out.push_back(']');
}

void append_json(std::string& out, const json::object& value) {
  out.push_back('{');
  bool first = true;
  for (const auto& [key, member] : value) {
    if (!first) out.push_back(',');
    first = false;
    append_json_string(out, key);
    out.push_back(':');
    append_json(out, member);
  }
  out.push_back('}');
}

void append_json(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: out.append("null"); break;
    case json::kind::bool_: out.append(value.get_bool() ? "true" : "false"); break;
    case json::kind::int64: append_integer(out, value.get_int64()); break;
    case json::kind::uint64: append_integer(out, value.get_uint64()); break;
    case json::kind::double_: append_json_number(out, value.get_double()); break;
    case json::kind::string: append_json_string(out, value.get_string()); break;
    case json::kind::array: append_json(out, value.get_array()); break;
    case json::kind::object: append_json(out, value.get_object()); break;
  }
}

std::string to_json_text(const json::value& value) {
  std::string text;
  append_json(text, value);
  return text;
}

}  // namespace bailey
