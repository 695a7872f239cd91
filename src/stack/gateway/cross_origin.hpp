#pragma once

#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>
#include <bailey/web/cors.hpp>
#include <bailey/web/middleware.hpp>

#include <memory>
#include <string>
#include <vector>

#include "stack/gateway/pages.hpp"

namespace bailey::stack::gateway {

// What stands between web pages and the stack, outermost first; which pages may, Pages decides. `pages` outlives it.
//
// - A request under a foreign name is kept out: a page may have made that name lead here.
// - CORS, without credentials, as tokens travel in headers: a page that may ask is told so, also when it is one of the
//   internet and asks for this machine (Private Network Access).
// - What may change something although its page cannot read the answer, for which a browser asks nobody, is kept out.
[[nodiscard]] std::vector<Middleware> page_middleware(const std::shared_ptr<const Pages>& pages);

// Whether the request may change something even if its page cannot read the answer, for which a browser asks nobody.
[[nodiscard]] bool may_change_state(const http::Request& request);

// Lets any page read an answer that tells nothing: of a request whose origin may not have been read.
void open_to_all_pages(http::Response& response);

}  // namespace bailey::stack::gateway
