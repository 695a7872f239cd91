#include "guard/bearer.hpp"

#include <bailey/http/headers.hpp>

namespace bailey::guard_detail {

std::string_view bearer_credentials(std::string_view authorization) noexcept {
  constexpr std::string_view scheme = "bearer";
  if (authorization.size() <= scheme.size() + 1) return {};
  if (!http::equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return {};
  authorization.remove_prefix(scheme.size());
  if (authorization.front() != ' ') return {};
  while (authorization.starts_with(' ')) authorization.remove_prefix(1);
  return authorization;
}

// b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
// A token has a thousand characters, so this is written without branches, in bytes, for compilers to make vector code
// of.
bool is_token(std::string_view text) noexcept {
  while (text.ends_with('=')) text.remove_suffix(1);
  bool bad = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = static_cast<unsigned char>((byte | 0x20U) - 'a') < 26;
    const bool from_dash = static_cast<unsigned char>(byte - '-') <= '9' - '-';  // "-", ".", "/", then the digits
    bad |= !(letter | from_dash | (byte == '_') | (byte == '~') | (byte == '+'));
  }
  return !bad && !text.empty();
}

}  // namespace bailey::guard_detail
