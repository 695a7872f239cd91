#include "guard/bearer.hpp"

#include "bailey/http/headers.hpp"

namespace bailey::guard_detail {

namespace {
// b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
bool is_token(std::string_view text) noexcept {
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.empty()) return false;
  for (const char c : text) {
    const bool fits = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '.' || c == '_' || c == '~' || c == '+' || c == '/';
    if (!fits) return false;
  }
  return true;
}
}  // namespace

std::string_view bearer_token(std::string_view authorization) noexcept {
  constexpr std::string_view scheme = "bearer";
  if (authorization.size() <= scheme.size() + 1) return {};
  if (!http::equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return {};
  authorization.remove_prefix(scheme.size());
  if (authorization.front() != ' ') return {};
  while (authorization.starts_with(' ')) authorization.remove_prefix(1);
  return is_token(authorization) ? authorization : std::string_view{};
}

}  // namespace bailey::guard_detail
