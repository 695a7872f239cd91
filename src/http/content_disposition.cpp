#include "http/content_disposition.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>

namespace bailey::http {

namespace {

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// The characters that RFC 8187 leaves as they are.
bool is_attribute_character(char c) noexcept {
  return ascii::is_letter(c) || ascii::is_digit(c) || std::string_view("!#$&+-.^_`|~").contains(c);
}

// What every client reads alike between quotes. A backslash is an escape to some and a directory to others, and some
// decode percent signs.
bool is_plain(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f &&
         !std::string_view("\"\\%").contains(c);
}

}  // namespace

std::string content_disposition(std::string_view kind, std::string_view file_name) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  file_name.remove_prefix(file_name.find_last_of("/\\") + 1);  // npos + 1 is 0
  std::string plain, encoded;
  bool is_exact = true;
  for (std::string name = detail::to_utf8(file_name); const char c : name) {
    if (is_control(c)) continue;
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;  // one underscore a character
    if (!continues) plain.push_back(is_plain(c) ? c : '_');
    is_exact = is_exact && is_plain(c);
    if (is_attribute_character(c)) {
      encoded.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded.append({'%', digits[byte >> 4U], digits[byte & 15U]});
  }
  std::string field(kind);
  if (plain.empty()) return field;
  field.append("; filename=\"").append(plain).append("\"");
  if (!is_exact) field.append("; filename*=UTF-8''").append(encoded);
  return field;
}

}  // namespace bailey::http
