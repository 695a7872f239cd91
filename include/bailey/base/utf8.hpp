#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bailey::detail {

// The length of the well-formed UTF-8 sequence (Unicode table 3-7: no overlong forms, no surrogates) that begins at
// text[at]; 0 if there is none.
constexpr std::size_t utf8_sequence(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4 || !continues(1)) return 0;
  if (lead < 0xE0) return 2;
  if (!continues(2)) return 0;
  if (lead < 0xF0) {
    if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F)) return 0;
    return 3;
  }
  if (!continues(3) || (lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F)) return 0;
  return 4;
}

constexpr bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_sequence(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

inline constexpr std::string_view replacement_character = "\xEF\xBF\xBD";  // U+FFFD

// The text with each byte that belongs to no well-formed sequence replaced by U+FFFD.
inline std::string to_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_sequence(text, at);
    result.append(length == 0 ? replacement_character : text.substr(at, length));
    at += length == 0 ? 1 : length;
  }
  return result;
}

// The longest beginning of well-formed UTF-8 of at most so many bytes that ends between two characters.
constexpr std::string_view utf8_prefix(std::string_view text, std::size_t limit_bytes) {
  if (text.size() <= limit_bytes) return text;
  while (limit_bytes > 0 && (static_cast<unsigned char>(text[limit_bytes]) & 0xC0U) == 0x80U) --limit_bytes;
  return text.substr(0, limit_bytes);
}

// Code points of well-formed UTF-8.
constexpr std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

// Returns the code point at text[at] and moves `at` behind it. The text is well-formed UTF-8, and `at` not its end.
constexpr char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t point = lead & (0x3FU >> more);
  for (int i = 0; i < more && at < text.size(); ++i)
    point = (point << 6) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  return point;
}

}  // namespace bailey::detail
