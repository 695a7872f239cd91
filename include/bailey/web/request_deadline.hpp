#pragma once

#include <bailey/web/middleware.hpp>

#include <chrono>

namespace bailey {

// How long a handler may take, for an app, a router or a route, instead of AppOptions::server.handler_timeout (30 s);
// the innermost counts, and may be longer than those around it.
//
//   app.use(request_deadline(10s));
//   app.get("/reports/{id}", report, {.middleware = {request_deadline(2min)}});
//
// A handler that has not answered by then, at most 0.3 s later, is cancelled, and with it what it awaits: the statement
// that runs for it in PostgreSQL, the request to another server. The client gets 504 {"detail":"The request took too
// long"}. So it does a second later when what the handler awaits takes no notice of that; then the connection is closed
// and the log says so.
//
// The time begins when the handler waits for the first time, and anew when it has waited for more of the body, which
// has limits of its own. An answer that is streamed and a WebSocket have no deadline once their head is sent. A handler
// that keeps its loop busy without waiting cannot be cancelled: see AppOptions::stall_after. Throws Error
// "invalid_deadline" for no time at all.
[[nodiscard]] Middleware request_deadline(std::chrono::milliseconds after);

}  // namespace bailey
