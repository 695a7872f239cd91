#pragma once

#include <string>
#include <string_view>

namespace bailey::stack::auth {

// A phone number as it is stored, compared and shown: without a `+` before it and blanks within.
[[nodiscard]] std::string normalise_phone(std::string_view phone);

// Whether a normalised one is a number of E.164: two to fifteen digits, the first no zero.
[[nodiscard]] bool is_phone(std::string_view phone);

// Normalised. Throws AuthError 400 `validation_failed` for what is none.
[[nodiscard]] std::string require_phone(std::string_view phone);

}  // namespace bailey::stack::auth
