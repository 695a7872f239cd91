#pragma once

#include <string_view>

namespace bailey::detail {

// Whether a name is nearly another one: the same but for case, or with one or two letters (one in a name of up to 8)
// added, left out, replaced, or swapped with their neighbour.
[[nodiscard]] bool is_typing_error(std::string_view name, std::string_view meant);

}  // namespace bailey::detail
