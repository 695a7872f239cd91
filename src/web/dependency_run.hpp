#pragma once

#include "web/compiled_route.hpp"

namespace bailey::web_detail {

// Makes what the route depends on, then calls its handler: as plain calls as long as nobody has to wait.
[[nodiscard]] http::Answer call_with_dependencies(const CompiledRoute& route, Request& request, Outlet outlet);

// The same for a caller who awaits it and takes what it throws.
[[nodiscard]] Task<Response> invoke_with_dependencies(const CompiledRoute& route, Request& request);

}  // namespace bailey::web_detail
