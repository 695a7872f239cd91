// What a stranger wrote comes back to him in a message, but only so far.
#pragma once

#include <bailey/base/utf8.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace bailey::graphql {

inline constexpr std::size_t longest_shown = 200;       // bytes of a value in a message
inline constexpr std::size_t longest_name_shown = 100;  // of a name, which may be in as many as there are faults

// The text, cut with an ellipsis between two characters where it is longer.
[[nodiscard]] inline std::string shortened(std::string_view text, std::size_t max_length = longest_name_shown) {
  std::string shown(bailey::detail::utf8_prefix(text, max_length));
  return shown.size() < text.size() ? shown + "…" : shown;
}

}  // namespace bailey::graphql
