#pragma once

#include <string>
#include <string_view>

// The content transfer encodings of MIME (RFC 2045 section 6).
namespace bailey::stack::mail {

// Text as lines of printable ASCII, 76 characters at most, that end in CRLF. A line break in any form becomes one.
[[nodiscard]] std::string quoted_printable(std::string_view text);

// What was encoded. Of strangers: what is no escape stands for itself, as other readers take it.
[[nodiscard]] std::string from_quoted_printable(std::string_view text);

// Base64 in lines of 76 characters, that end in CRLF.
[[nodiscard]] std::string base64_lines(std::string_view bytes);

// What was encoded. Of strangers: all that is not of the alphabet is passed over, and padding ends it.
[[nodiscard]] std::string from_base64(std::string_view text);

}  // namespace bailey::stack::mail
