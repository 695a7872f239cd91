#pragma once

#include <bailey/http/response.hpp>

#include <optional>
#include <string_view>

namespace bailey::stack::gateway {

inline constexpr std::string_view auth_prefix = "/auth/v1";
inline constexpr std::string_view rest_prefix = "/rest/v1";

// What follows the prefix, if the path is below it: "/cards" of "/rest/v1/cards".
[[nodiscard]] std::optional<std::string_view> below(std::string_view path, std::string_view prefix);

// What the HTTP server itself refuses (a line too long, a header too large, a body too slow) in the form of the service
// that was asked for, which is all its clients can read: PostgREST's, GoTrue's, or the gateway's own. `target` may be
// cut, or be none. Open to any page, as its origin may not have been read: it tells nothing.
[[nodiscard]] http::Response refusal(int status, std::string_view detail, std::string_view target);

}  // namespace bailey::stack::gateway
