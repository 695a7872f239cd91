#include <bailey/http/cookies.hpp>

namespace bailey::http {
namespace {

// The byte that stands as three octal digits at the front; -1 for what is none.
int octal_byte(std::string_view text) noexcept {
  if (text.size() < 3 || text[0] > '3') return -1;
  int byte = 0;
  for (const char c : text.substr(0, 3)) {
    if (c < '0' || c > '7') return -1;
    byte = byte * 8 + (c - '0');
  }
  return byte;
}

}  // namespace

std::string unquote_cookie(std::string_view value) {
  if (value.size() < 2 || !value.starts_with('"') || !value.ends_with('"')) return std::string(value);
  value = value.substr(1, value.size() - 2);
  std::string text;
  while (!value.empty()) {
    if (value.front() == '\\' && value.size() > 1) {
      value.remove_prefix(1);
      if (const int byte = octal_byte(value); byte >= 0) {
        text.push_back(static_cast<char>(byte));
        value.remove_prefix(3);
        continue;
      }
    }
    text.push_back(value.front());
    value.remove_prefix(1);
  }
  return text;
}

std::optional<std::string> cookie(const Request& request, std::string_view name) {
  std::optional<std::string_view> last;
  for_each_cookie(request, [&](std::string_view known, std::string_view value) {
    if (known == name) last = value;
  });
  return last ? std::optional(unquote_cookie(*last)) : std::nullopt;
}

}  // namespace bailey::http
