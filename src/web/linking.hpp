#pragma once

#include "web/compiled_route.hpp"

#include <memory>
#include <span>

namespace bailey::web_detail {

// Finds what makes the dependencies of a route, of its options and of its handler, and of these in turn: the route's
// steps. Providers are looked up in `first`, then in the route's own, the innermost router's first. Throws Error
// "invalid_route" for one that nobody provides, one that needs itself, and one that is taken to be changed where all
// requests share it. What the steps read is added to the route's description.
void link(CompiledRoute& route, std::span<const Dependency> dependencies,
          std::span<const std::shared_ptr<const Provider>> first);

}  // namespace bailey::web_detail
