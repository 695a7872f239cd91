#pragma once

#include "web/compiled_route.hpp"

#include <bailey/http/handler.hpp>
#include <bailey/web/error_format.hpp>

namespace bailey::web_detail {

// Answers the handshake of a route's WebSocket and begins its conversation, in which the dependencies are made and the
// handler runs. As long as nothing has been accepted what they throw is the answer. 426 to what is no handshake, in the
// app's format.
[[nodiscard]] Task<Response> open_web_socket(const CompiledRoute& route, Request& request, Outlet outlet,
                                             ErrorFormat format);

// What all layers have made of the answer. Where one has put another in its place, the conversation that was begun has
// been cancelled, and looks at the request until it has ended: this waits for that.
[[nodiscard]] http::Answer outlast_conversation(Request& request, http::Answer answer);

// For the request around that of a mounted app, which lives in it: it outlasts the same conversation, if there is one.
void share_conversation(Request& inner, Request& outer);

// Throws Error "invalid_route" for origins and sub-protocols that could never fit.
void require_usable(const RouteInfo& route, const WebSocketOptions& options);

}  // namespace bailey::web_detail
