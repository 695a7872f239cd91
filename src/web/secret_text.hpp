#pragma once

#include <string_view>

namespace bailey::web_detail {

// What is recognised as a secret in a request target, for logs to leave it out. Texts are as they were sent, with their
// escapes. Nothing here allocates.

// Whether a parameter of this name has a secret for its value: `access_token`, `accessToken`, `user[password]`.
[[nodiscard]] bool is_secret_name(std::string_view name) noexcept;

// Whether there is a secret within: a JSON Web Token at any place, or a parameter with a secret name, as of an address
// in an address (`https://app.example.com/done#access_token=…`).
[[nodiscard]] bool holds_secret(std::string_view text) noexcept;

}  // namespace bailey::web_detail
