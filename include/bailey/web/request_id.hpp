#pragma once

#include <bailey/web/middleware.hpp>

namespace bailey {

// Adds X-Request-Id to every response, the name the log knows the request by. (What errors of status 500 and above are
// answered with carries it in any case.)
[[nodiscard]] Middleware request_id();

}  // namespace bailey
