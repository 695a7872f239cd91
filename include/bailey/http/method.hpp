#pragma once

#include <cstdint>
#include <string_view>

namespace bailey::http {

// Request methods (RFC 9110 section 9, RFC 5789). `other` is any other well-formed one: Request::method_text has it.
enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, trace, connect, other };

// "GET", …; "" for `other`.
[[nodiscard]] std::string_view to_string(Method method) noexcept;
// Methods are case-sensitive: "get" is `other`.
[[nodiscard]] Method parse_method(std::string_view text) noexcept;

}  // namespace bailey::http
