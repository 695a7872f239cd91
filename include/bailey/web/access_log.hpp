#pragma once

#include <bailey/web/middleware.hpp>

#include <functional>
#include <string_view>

namespace bailey {

struct AccessLogOptions {
  enum class Format { text, json };
  Format format = Format::text;
  // Where finished lines go, several at once, each ended by a newline. When empty: standard output, without ever
  // waiting for who reads it; lines that a full pipe does not take are lost, and counted in the log.
  //
  // Called on a thread of its own, never twice at a time, so that it may wait: requests do not wait for it. When it is
  // more than a megabyte behind, lines are lost, and counted in the log. What it throws is logged. It is called a last
  // time when the app ends, which waits for it.
  std::function<void(std::string_view lines)> sink = {};
};

// One line a request, like uvicorn's with the time (UTC) before it:
//   2026-11-23T14:05:09Z 127.0.0.1 - "GET /cards?limit=5 HTTP/1.1" 200 412us
// or, as Format::json, an object:
//   {"time":"2026-11-23T14:05:09Z","remote":"127.0.0.1","method":"GET","target":"/cards?limit=5","route":"/cards",
//    "status":200,"duration_us":412,"bytes":117,"user_id":"…","request_id":"…"}
//
// The time is that of the answer's head, and the duration ends there. `route` is the template that matched, or null;
// `bytes` the size of the answer's body, null for a stream whose length is not known beforehand; `user_id` who makes
// the request, null for nobody and for who is no user.
// With the trace's id at its end where trace_context() is used. The address is Request::client_address: what a trusted
// proxy says, where proxy_headers() is used.
//
// What the HTTP server refuses by itself, because it is malformed, too large or too slow, never becomes a request: it
// is told in the log at the level debug.
//
// Lines are kept per loop and written together at most 100 ms later. No header is ever logged, and the values of query
// parameters that carry secrets (access_token, refresh_token, apikey, api_key, key, code, password, signature and the
// like), or that are JSON Web Tokens, are replaced by ***. What a client sent is escaped, so it cannot forge a line.
// Use it first.
[[nodiscard]] Middleware access_log(AccessLogOptions options = {});

}  // namespace bailey
