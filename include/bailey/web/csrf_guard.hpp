#pragma once

#include <bailey/web/middleware.hpp>

#include <string>
#include <vector>

namespace bailey {

struct CsrfOptions {
  std::vector<std::string> trusted_origins = {};  // "https://app.example.com": other sites' pages that may
};

// Refuses, with 403, what a page of another site has a browser send here: for an app that knows its users by cookies,
// which the browser adds whoever asks. An API that takes bearer tokens needs none of it. GET, HEAD and OPTIONS pass, as
// they change nothing, unless they open a WebSocket.
//
// It goes by what browsers say of themselves and pages cannot change: Sec-Fetch-Site and, where that is missing,
// Origin, whose host must be Request::host. Without either it is no browser, and passes. Throws Error "invalid_origin"
// for an origin that no browser sends.
[[nodiscard]] Middleware csrf_guard(CsrfOptions options = {});

}  // namespace bailey
