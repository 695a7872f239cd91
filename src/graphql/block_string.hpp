// A text between three quotes (specification, 2.9.4): how descriptions are written.
#pragma once

#include <string>
#include <string_view>

namespace bailey::graphql {

// Whether the text read back from a block string is the text: not where it has control characters, a carriage return,
// blank lines around it, or an indentation that all of its lines share.
[[nodiscard]] bool fits_block_string(std::string_view text);

// With its quotes. On one line where it is short and nothing in it needs more.
[[nodiscard]] std::string print_block_string(std::string_view text);

}  // namespace bailey::graphql
