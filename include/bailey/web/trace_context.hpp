#pragma once

#include <bailey/web/binder.hpp>
#include <bailey/web/middleware.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {

// Where a request stands in a trace that goes through several services (W3C Trace Context): the trace, and our part of
// it, which is the parent of what we ask others for. A value.
class TraceContext {
 public:
  // The next part of the trace that a client has sent. Nullopt when `traceparent` is none; a `tracestate` that is none
  // is left out.
  [[nodiscard]] static std::optional<TraceContext> continued(std::string_view traceparent,
                                                             std::string_view tracestate = {});
  // A trace that begins here. Throws std::system_error when there is no randomness.
  [[nodiscard]] static TraceContext begun(bool is_sampled = true);

  [[nodiscard]] std::string_view trace_id() const noexcept {
    return {trace_id_.data(), trace_id_.size()};
  }  // 32 hex digits
  [[nodiscard]] std::string_view span_id() const noexcept { return {span_id_.data(), span_id_.size()}; }  // 16: ours
  [[nodiscard]] std::string_view parent_id() const noexcept;  // 16: the client's; "" where the trace begins here
  [[nodiscard]] bool is_sampled() const noexcept { return (flags_ & 1U) != 0; }
  [[nodiscard]] const std::string& tracestate() const noexcept { return tracestate_; }

  // "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", for a request to another service.
  [[nodiscard]] std::string traceparent() const;
  // The same with tracestate, as http::ClientRequest::headers takes them.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> headers() const;

 private:
  TraceContext() = default;

  std::array<char, 32> trace_id_{};
  std::array<char, 16> parent_id_{};
  std::array<char, 16> span_id_{};
  bool has_parent_ = false;
  std::uint8_t flags_ = 0;
  std::string tracestate_;
};

struct TraceOptions {
  // Whether a client's trace is continued. False where clients are strangers whose traces are to mean nothing here.
  bool from_client = true;
  bool sampled = true;  // what is said of traces that begin here
};

// Gives each request its place in a trace: the one that its traceparent says or, without one or with one that is
// malformed, a new one. Use it before the guard.
//
// Handlers take it as a TraceContext, and middleware by `trace_of`. It is in the access log and in the log of what
// fails (trace_id). The client that handlers get as User or Supabase sends it along with all it sends over HTTP,
// together with the request's id (X-Request-Id).
//
//   app.use(trace_context());
//   app.get("/", [](TraceContext trace) { … trace.headers() … });
[[nodiscard]] Middleware trace_context(TraceOptions options = {});

// Null where trace_context() is not used. Valid until the request ends.
[[nodiscard]] const TraceContext* trace_of(const Request& request) noexcept;

template <>
struct Binder<TraceContext> {
  // Throws Error "no_trace_context" (500) where trace_context() is not used.
  static TraceContext bind(const Request& request);
};

}  // namespace bailey
