#pragma once

#include <bailey/http/client.hpp>
#include <bailey/supabase/request_trace.hpp>

namespace bailey::client_detail {

inline void add_trace(http::ClientRequest& request, const RequestTrace& trace) {
  if (!trace.traceparent.empty()) request.headers.emplace_back("traceparent", trace.traceparent);
  if (!trace.tracestate.empty()) request.headers.emplace_back("tracestate", trace.tracestate);
  if (!trace.request_id.empty()) request.headers.emplace_back("X-Request-Id", trace.request_id);
}

}  // namespace bailey::client_detail
