// How names are put in order for people: by their characters, but numbers in them as numbers, so that a2 stands before
// a10.
#pragma once

#include <string_view>

namespace bailey::graphql {

[[nodiscard]] bool naturally_less(std::string_view a, std::string_view b);

}  // namespace bailey::graphql
