#include "web/form_text.hpp"

namespace bailey::web_detail {

namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Takes one decoded byte off the front.
char take_byte(std::string_view& text) noexcept {
  const char c = text.front();
  if (c == '%' && text.size() >= 3) {
    const int high = hex_digit(text[1]);
    const int low = hex_digit(text[2]);
    if (high >= 0 && low >= 0) {
      text.remove_prefix(3);
      return static_cast<char>(high * 16 + low);
    }
  }
  text.remove_prefix(1);
  return c == '+' ? ' ' : c;
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

void decode_form_text(std::string_view text, std::string& out) {
  while (!text.empty()) out.push_back(take_byte(text));
}

bool form_text_equals(std::string_view text, std::string_view name, Case letters) noexcept {
  for (const char wanted : name) {
    if (text.empty()) return false;
    const char c = take_byte(text);
    if (letters == Case::ignored ? lower(c) != lower(wanted) : c != wanted) return false;
  }
  return text.empty();
}

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() - i < length) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xC0U) != 0x80) return false;
    }
    const unsigned second = byte(i + 1);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
        (lead == 0xF4 && second > 0x8F)) {
      return false;
    }
    i += length;
  }
  return true;
}

}  // namespace bailey::web_detail
