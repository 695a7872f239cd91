#pragma once

#include <bailey/web/middleware.hpp>

#include <functional>
#include <string_view>

namespace bailey {

struct AccessLogOptions {
  enum class Format { text, json };
  Format format = Format::text;
  // Where finished lines go, several at once, each ended by a newline. When empty: standard output, without ever
  // waiting for who reads it; lines that a full pipe does not take are lost, and counted in the log. Called on the
  // loops' threads; must not throw, and should not wait.
  std::function<void(std::string_view lines)> sink = {};
};

// One line a request, like uvicorn's with the time (UTC) before it:
//   2026-11-23T14:05:09Z 127.0.0.1 - "GET /cards?limit=5 HTTP/1.1" 200 412us
// or, as Format::json, an object:
//   {"time":"2026-11-23T14:05:09Z","remote":"127.0.0.1","method":"GET","target":"/cards?limit=5","status":200,
//    "duration_us":412,"request_id":"…"}
// With the trace's id at its end where trace_context() is used. The address is Request::client_address: what a trusted
// proxy says, where proxy_headers() is used.
//
// What the HTTP server refuses by itself, because it is malformed, too large or too slow, never becomes a request: it
// is told in the log at the level debug.
//
// Lines are kept per loop and written together at most 100 ms later. No header is ever logged, and the values of query
// parameters that carry secrets (token, access_token, refresh_token, apikey, api_key, key, code, password) are
// replaced by ***. What a client sent is escaped, so it cannot forge a line. Use it first.
[[nodiscard]] Middleware access_log(AccessLogOptions options = {});

}  // namespace bailey
