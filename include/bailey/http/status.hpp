#pragma once

#include <string_view>

namespace bailey::http {

// The usual phrase of a status code ("Not Found"); "Unknown" for those without one.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

// Whether an answer of this status may have a body (RFC 9110 6.4.1): not 1xx, 204 and 304.
[[nodiscard]] constexpr bool may_have_body(int status) noexcept {
  return status >= 200 && status != 204 && status != 304;
}

}  // namespace bailey::http
