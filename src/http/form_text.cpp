#include "http/form_text.hpp"

#include <optional>

#include <bailey/base/ascii.hpp>
#include <bailey/base/utf8.hpp>

namespace bailey::http::detail {

char take_form_byte(std::string_view& text) noexcept {
  const char c = text.front();
  if (c == '%' && text.size() >= 3) {
    const int high = ascii::hex_value(text[1]);
    const int low = ascii::hex_value(text[2]);
    if (high >= 0 && low >= 0) {
      text.remove_prefix(3);
      return static_cast<char>(high * 16 + low);
    }
  }
  text.remove_prefix(1);
  return c == '+' ? ' ' : c;
}

void decode_form_text(std::string_view text, std::string& out) {
  while (!text.empty()) out.push_back(take_form_byte(text));
}

bool form_text_equals(std::string_view text, std::string_view name, Case letters) noexcept {
  for (const char wanted : name) {
    if (text.empty()) return false;
    const char c = take_form_byte(text);
    if (letters == Case::ignored ? ascii::lower(c) != ascii::lower(wanted) : c != wanted) return false;
  }
  return text.empty();
}

std::string form_value(std::string_view query, std::string_view name) {
  std::optional<std::string> found;
  for_each_pair(query, [&](std::string_view key, std::string_view value) {
    if (!found && form_text_equals(key, name, Case::sensitive)) decode_form_text(value, found.emplace());
  });
  return std::move(found).value_or("");
}

std::string latin1_to_utf8(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto point = static_cast<unsigned char>(c);
    if (point < 0x80) {
      text.push_back(c);
    } else {
      text.push_back(static_cast<char>(0xC0U | (point >> 6U)));
      text.push_back(static_cast<char>(0x80U | (point & 0x3FU)));
    }
  }
  return text;
}

std::string utf8_or_latin1(std::string bytes) {
  return bailey::detail::is_utf8(bytes) ? std::move(bytes) : latin1_to_utf8(bytes);
}

}  // namespace bailey::http::detail
