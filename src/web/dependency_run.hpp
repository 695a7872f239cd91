#pragma once

#include "web/compiled_route.hpp"
#include "web/openings.hpp"

#include <memory>

namespace bailey::web_detail {

// Makes what the route depends on, then calls its handler: as plain calls as long as nobody has to wait.
[[nodiscard]] http::Answer call_with_dependencies(const CompiledRoute& route, Request& request, Outlet outlet);

// The same for a caller who awaits it and takes what it throws.
[[nodiscard]] Task<Response> invoke_with_dependencies(const CompiledRoute& route, Request& request);

// Keeps what is open for the request until that ends. Closed one by one, the last one first.
void hold_in_request(Request& request, std::shared_ptr<HeldInRequest> held);

}  // namespace bailey::web_detail
