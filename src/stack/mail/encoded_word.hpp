#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Text beyond ASCII in header fields (RFC 2047).
namespace bailey::stack::mail {

// UTF-8 text as the value of a field: as it is where that is printable ASCII and short, else as encoded words, folded
// into lines. `used` is how much of the first line stands before it.
[[nodiscard]] std::string encoded_words(std::string_view text, std::size_t used);

// The text that a value of a stranger's stands for, in UTF-8. What is no encoded word stays.
[[nodiscard]] std::string from_encoded_words(std::string_view value);

}  // namespace bailey::stack::mail
