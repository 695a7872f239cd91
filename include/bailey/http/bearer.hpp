#pragma once

#include <optional>
#include <string_view>

namespace bailey::http {

// What an Authorization header's value has behind the name of this scheme, in any case, and the blanks behind that
// (RFC 9110 11.4). nullopt: it is another scheme's, or none. The rest may be empty, and is not looked at.
[[nodiscard]] std::optional<std::string_view> credentials_of(std::string_view authorization,
                                                             std::string_view scheme) noexcept;

// The same of "Bearer" (RFC 6750 2.1): a token, if it is one.
[[nodiscard]] std::optional<std::string_view> bearer_credentials(std::string_view authorization) noexcept;

}  // namespace bailey::http
