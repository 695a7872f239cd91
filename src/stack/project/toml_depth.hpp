#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace bailey::stack {

// A key with more parts than this (`a.b.c` has three) is none of any settings', and toml++, which calls itself once a
// part, also when a document ends, runs out of stack at some ten thousand. Values in values it bounds itself.
inline constexpr std::size_t most_key_parts = 32;

// The line, from 1, of the first key with more parts than that.
[[nodiscard]] std::optional<std::size_t> line_of_endless_key(std::string_view toml);

}  // namespace bailey::stack
