#include "guard/bearer.hpp"

#include <bailey/http/headers.hpp>
#include <bailey/http/web_socket.hpp>
#include <bailey/jwt/rejection.hpp>
#include <bailey/model/json.hpp>
#include "http/field_list.hpp"

namespace bailey::guard_detail {

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

OfferedTokens offered_tokens(const http::Request& request) {
  OfferedTokens tokens;
  request.for_each_header([&](std::string_view name, std::string_view value) {
    if (!http::equal_ignoring_case(name, "sec-websocket-protocol")) return;
    http::for_each_list_member(value, [&](std::string_view member) {
      if (!http::equal_ignoring_case(member.substr(0, http::bearer_protocol.size()), http::bearer_protocol)) return;
      ++tokens.count;
      tokens.last = member.substr(http::bearer_protocol.size());
    });
  });
  return tokens;
}

// A stranger's: nothing that is larger than a token is parsed.
std::optional<std::string> token_of_message(std::string_view message) {
  constexpr std::size_t around_it = 1024;
  if (message.size() > jwt::default_token_limit_bytes + around_it) return std::nullopt;
  const auto parsed = try_parse_json(message);
  if (!parsed || !parsed->is_object()) return std::nullopt;
  const json::value* const token = parsed->as_object().if_contains("access_token");
  if (token == nullptr || !token->is_string()) return std::nullopt;
  return std::string(token->as_string());
}

}  // namespace bailey::guard_detail
