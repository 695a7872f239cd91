#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

// Which bytes HTTP allows where (RFC 9110 5.6.2, RFC 3986), as one table of flags.
namespace bailey::http {

enum CharacterClass : std::uint8_t {
  token_character = 1,  // field names, methods
  path_character = 2,   // in a path: pchar, '/', and `[ ] |`, which browsers send unescaped
  query_character = 4,  // in a query: also '?', all else that is printable but '#', and bytes beyond ASCII, since
                        // browsers and curl send it unescaped (PostgREST's `select=data->>name`, `name=eq.José`)
  host_character = 8,   // in a Host field, but for the brackets of an IPv6 address
};

namespace detail {

constexpr std::array<std::uint8_t, 256> make_character_table() {
  std::array<std::uint8_t, 256> table{};
  const auto mark = [&table](std::string_view characters, unsigned classes) {
    for (char c : characters)
      table[static_cast<unsigned char>(c)] = static_cast<std::uint8_t>(table[static_cast<unsigned char>(c)] | classes);
  };
  mark("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
       token_character | path_character | query_character | host_character);
  mark("!#$%&'*+-.^_`|~", token_character);
  mark("-._~!$&'()*+,;=%", path_character | query_character | host_character);
  mark(":@/[]|", path_character | query_character);
  mark("?{}\\^`<>\"", query_character);
  for (unsigned byte = 0x80; byte < 0x100; ++byte) table[byte] = query_character;
  return table;
}

inline constexpr auto character_table = make_character_table();

}  // namespace detail

constexpr bool is(char c, CharacterClass wanted) noexcept {
  return (detail::character_table[static_cast<unsigned char>(c)] & wanted) != 0;
}

constexpr bool all_are(std::string_view text, CharacterClass wanted) noexcept {
  for (char c : text)
    if (!is(c, wanted)) return false;
  return true;
}

constexpr bool is_token(std::string_view text) noexcept { return !text.empty() && all_are(text, token_character); }

// Whether `value` has no control characters but tab. Hardly any has a tab, so the least byte tells, and compilers make
// vector code of looking for it.
inline bool is_field_value(std::string_view value) noexcept {
  constexpr unsigned char first_printable = 0x20;
  constexpr unsigned char del = 0x7f;
  unsigned char least = 0xff;
  for (char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    least = std::min(least, byte == del ? static_cast<unsigned char>(0) : byte);
  }
  if (least >= first_printable) return true;
  return std::ranges::none_of(value, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < first_printable && byte != '\t') || byte == del;
  });
}

}  // namespace bailey::http
