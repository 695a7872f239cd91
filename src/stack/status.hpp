#pragma once

#include <bailey/stack/stack.hpp>

#include "stack/project/keys.hpp"

namespace bailey::stack {

// How the stack of this configuration is reached. Only what is served is named.
[[nodiscard]] Status status_of(const Config& config, const ClientKeys& keys);

}  // namespace bailey::stack
