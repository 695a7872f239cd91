#pragma once

#include <string>

namespace bailey {

// By what the requests of a handle are known in the logs of those that they reach: see Supabase::traced. Empty: not
// sent.
struct RequestTrace {
  std::string traceparent = {};  // W3C Trace Context
  std::string tracestate = {};
  std::string request_id = {};  // X-Request-Id
};

}  // namespace bailey
