#pragma once

#include <bailey/http/request.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::guard_detail {

// Whether it is a b64token (RFC 6750 2.1).
[[nodiscard]] bool is_token(std::string_view credentials) noexcept;

// What a WebSocket's handshake offers as sub-protocols that are tokens (http::bearer_protocol).
struct OfferedTokens {
  std::size_t count = 0;
  std::string_view last = {};  // valid as long as the request
};
[[nodiscard]] OfferedTokens offered_tokens(const http::Request& request);

// The token of a WebSocket's first message, {"access_token": "…"}. nullopt when it is none.
[[nodiscard]] std::optional<std::string> token_of_message(std::string_view message);

}  // namespace bailey::guard_detail
