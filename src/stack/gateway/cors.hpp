#pragma once

#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>

namespace bailey::stack::gateway {

// Cross-origin requests, as Supabase's gateway has them: any origin, without credentials (tokens travel in headers).

// Whether a browser asks for permission: OPTIONS with Origin and Access-Control-Request-Method.
[[nodiscard]] bool is_preflight(const http::Request& request);
[[nodiscard]] http::Response answer_preflight(const http::Request& request);

// Lets the page read the answer and the headers our clients look at.
void expose(http::Response& response);

}  // namespace bailey::stack::gateway
