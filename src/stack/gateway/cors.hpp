#pragma once

#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>

namespace bailey::stack::gateway {

// Cross-origin requests, without credentials: tokens travel in headers. Open to a page means open to all that may ask,
// as Supabase's gateway has it; which pages those are, Pages decides.
enum class Access { open, closed };

// Whether a browser asks for permission: OPTIONS with Origin and Access-Control-Request-Method.
[[nodiscard]] bool is_preflight(const http::Request& request);
// Permission for what is asked, for a page of the internet to reach this machine as well (Private Network Access); or
// none, by silence.
[[nodiscard]] http::Response answer_preflight(const http::Request& request, Access access);

// Whether the request may change something even if its page cannot read the answer, for which a browser asks nobody.
[[nodiscard]] bool may_change_state(const http::Request& request);

// Lets the page read the answer and the headers our clients look at.
void expose(http::Response& response, Access access);

}  // namespace bailey::stack::gateway
