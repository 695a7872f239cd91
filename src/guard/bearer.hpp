#pragma once

#include <bailey/http/request.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::guard_detail {

// What an Authorization header's value has behind "Bearer", in any case, and spaces. Empty when there is nothing, or
// another scheme. It may be no token at all: see `is_token`.
[[nodiscard]] std::string_view bearer_credentials(std::string_view authorization) noexcept;

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
