#pragma once

#include "web/compiled_route.hpp"

namespace bailey::web_detail {

// Makes what the route depends on, then calls its handler: as plain calls as long as nobody has to wait.
[[nodiscard]] http::Answer call_with_dependencies(const CompiledRoute& route, Request& request, Outlet outlet);

}  // namespace bailey::web_detail
