#pragma once

#include <string>
#include <string_view>

namespace bailey::stack::auth {

// Lower case of ASCII letters: how addresses are kept and compared.
[[nodiscard]] std::string normalise_email(std::string_view email);

// The plain form GoTrue takes (the HTML standard's): local@label.label…, ASCII, at most 255 characters.
[[nodiscard]] bool is_email(std::string_view text);

// The address in its normal form. Throws AuthError 400 when it is none.
[[nodiscard]] std::string require_email(std::string_view email);

}  // namespace bailey::stack::auth
