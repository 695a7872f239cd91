#pragma once

#include "bailey/web/middleware.hpp"

namespace bailey {

// Adds X-Request-Id to every response, the name the log knows the request by. (A 500 carries it in any case.)
[[nodiscard]] Middleware request_id();

}  // namespace bailey
