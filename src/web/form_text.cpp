#include "web/form_text.hpp"

#include "bailey/base/ascii.hpp"

namespace bailey::web_detail {

namespace {

// Takes one decoded byte off the front.
char take_byte(std::string_view& text) noexcept {
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

}  // namespace

void decode_form_text(std::string_view text, std::string& out) {
  while (!text.empty()) out.push_back(take_byte(text));
}

bool form_text_equals(std::string_view text, std::string_view name, Case letters) noexcept {
  for (const char wanted : name) {
    if (text.empty()) return false;
    const char c = take_byte(text);
    if (letters == Case::ignored ? ascii::lower(c) != ascii::lower(wanted) : c != wanted) return false;
  }
  return text.empty();
}

}  // namespace bailey::web_detail
