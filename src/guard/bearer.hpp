#pragma once

#include <string_view>

namespace bailey::guard_detail {

// What an Authorization header's value has behind "Bearer", in any case, and spaces. Empty when there is nothing, or
// another scheme. It may be no token at all: see `is_token`.
[[nodiscard]] std::string_view bearer_credentials(std::string_view authorization) noexcept;

// Whether it is a b64token (RFC 6750 2.1).
[[nodiscard]] bool is_token(std::string_view credentials) noexcept;

}  // namespace bailey::guard_detail
