#pragma once

#include <string_view>

namespace bailey::guard_detail {

// The token of an Authorization header's value (RFC 6750 2.1): "Bearer", in any case, spaces, and a b64token.
// Empty when the value is anything else.
[[nodiscard]] std::string_view bearer_token(std::string_view authorization) noexcept;

}  // namespace bailey::guard_detail
