#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/http/form_data.hpp>
#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>
#include <bailey/model/validation.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/web/state.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace bailey {

using http::Response;

namespace web_detail {
class Pipeline;
class MountEndpoint;
struct CompiledRoute;
}  // namespace web_detail

// What trusted proxies say of a request, which the connection cannot tell: see proxy_headers. Empty: nothing.
struct Forwarded {
  std::string client_address = {};  // "192.0.2.7", "2001:db8::7"
  std::string scheme = {};          // "http" or "https"
  std::string host = {};            // with the port, where there was one
  std::string root_path = {};       // "/api": what was taken off the path
};

// One request as middleware and handlers see it: the message, the route's parameters, and the request's state.
//
// It lives in its connection and is used again for the next request there, so what it gives out (views, references) is
// valid until the answer to this request is complete. On the connection's thread only.
class Request final : public http::Attachment {
 public:
  static constexpr std::size_t path_parameter_limit = 16;

  Request() = default;
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  [[nodiscard]] http::Method method() const { return http_->method(); }
  [[nodiscard]] std::string_view method_text() const { return http_->method_text(); }
  // Percent-decoded once, without the root path; routes, guards and exemptions are all matched against this one form.
  [[nodiscard]] std::string_view path() const noexcept { return path_; }
  // The same part of the path as it came, percent-encoded: for what decodes its paths by itself. Begins with a slash,
  // also where the client has encoded that one.
  [[nodiscard]] std::string_view raw_path() const;
  // As it came, without the question mark.
  [[nodiscard]] std::string_view query() const { return http_->query(); }
  // The first line of that name, case-insensitively.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const { return http_->header(name); }

  // Who asks, and what they have asked for, as they see it: of the connection and its message or, behind trusted
  // proxies, what these say (proxy_headers). The host is the client's word: see trusted_hosts.
  [[nodiscard]] std::string client_address() const;           // "192.0.2.7", "2001:db8::7"
  [[nodiscard]] std::string_view scheme() const noexcept;     // "http" or "https"
  [[nodiscard]] std::string_view host() const noexcept;       // with the port, where there was one
  [[nodiscard]] std::string_view root_path() const noexcept;  // "/api": AppOptions::root_path; empty: none
  // "https://example.com/api": what a path of the app's is put behind to make a URL of it. No slash at its end.
  [[nodiscard]] std::string base_url() const;
  // "https://example.com/api/cards?limit=5", of this request.
  [[nodiscard]] std::string url() const;
  // For middleware that knows the proxies in front.
  void set_forwarded(Forwarded forwarded) { forwarded_ = std::move(forwarded); }

  // The last value of a query parameter, decoded as a form is (+ is a space); nullopt when it does not occur.
  [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
  // The value of {name} in the matched route's template; nullopt when the template has no such name.
  [[nodiscard]] std::optional<std::string_view> path_value(std::string_view name) const noexcept;

  // The template of the matched route ("/cards/{id}"), empty when none matched.
  [[nodiscard]] std::string_view route() const noexcept;

  // In an app that is mounted in another (App::mount): the request as the outer app has it, with the state its guard
  // and middleware have left. Null where the app is served by itself. As valid as this request is.
  [[nodiscard]] const Request* outer() const noexcept { return outer_; }

  // Whether it is for the app's health check (AppOptions::health_path, ready_path), which guards let pass. A route of
  // the program's own at such a path is none.
  [[nodiscard]] bool is_health_check() const noexcept;

  // Whether it is for a route that is a WebSocket. It may be no handshake: that is looked at behind the guard.
  [[nodiscard]] bool is_web_socket() const noexcept;

  // Whether the answer may go on for long after the guard has let the request pass: a WebSocket, a streamed answer.
  [[nodiscard]] bool may_last() const noexcept;
  // For guards, where it may last: what has been shown for the request expires then. A WebSocket that is still open is
  // closed with 4401; a stream of events ends, so that its client comes back with what is valid.
  void expire_at(UnixSeconds expiry) noexcept { expiry_ = expiry; }
  // How long that is, a millisecond at least; nullopt: for ever. In a mounted app what the guard of the app around it
  // has said counts as well: the first of them.
  [[nodiscard]] std::optional<std::chrono::milliseconds> expires_in() const;

  // The body, once read: complete in handlers that take Json or Body, empty before and elsewhere.
  [[nodiscard]] std::string_view body() const noexcept { return body_; }

  // Who makes the request and what middleware left. Handlers get the const form.
  [[nodiscard]] State& state() noexcept { return state_; }
  [[nodiscard]] const State& state() const noexcept { return state_; }

  // 16 hexadecimal digits that name this request in the log and in X-Request-Id. Ours, not taken from the client.
  [[nodiscard]] std::string_view id() const;
  // When its head was complete.
  [[nodiscard]] std::chrono::steady_clock::time_point started_at() const noexcept { return started_at_; }

  // The message underneath: streaming bodies, the peer's address, all headers. Its path is the whole one.
  [[nodiscard]] http::Request& http() const noexcept { return *http_; }

  // Makes `body()` available when all of it has arrived; false when it must be awaited with `read_body`.
  // Throws Error 413 when it is longer than the limit.
  bool take_body_now(std::size_t limit_bytes);
  Task<> read_body(std::size_t limit_bytes);

  // Reads the body as a form, once: then `form` is what it has brought, which without a body and a Content-Type is
  // nothing. Throws what http::read_form throws.
  Task<> read_form(const http::Spool& spool, http::FormLimits limits);
  // Null where no form has been read.
  [[nodiscard]] http::FormData* form() noexcept { return form_ ? &*form_ : nullptr; }

  // What is wrong with the request's parameters, as far as they have been looked at: for what binds them.
  [[nodiscard]] ValidationErrors& validation_errors() noexcept { return validation_errors_; }

  // What the matched route takes at most: of a body, and of a form.
  [[nodiscard]] std::size_t body_limit_bytes() const noexcept;
  [[nodiscard]] const http::FormLimits& form_limits() const noexcept;

  void reset() noexcept override;

 private:
  friend class web_detail::Pipeline;
  friend class web_detail::MountEndpoint;
  void begin(http::Request& message, std::string_view root_path);
  void begin_below(const Request& outer, std::string_view prefix);
  [[nodiscard]] std::optional<UnixSeconds> earliest_expiry() const noexcept;
  [[nodiscard]] const std::string* activity() const noexcept;  // for Loop::set_activity

  http::Request* http_ = nullptr;
  const web_detail::CompiledRoute* route_ = nullptr;
  std::string_view path_;
  std::string_view root_path_;   // of the app
  std::size_t taken_bytes_ = 0;  // of the message's path, decoded: what stands before `path_`
  const Request* outer_ = nullptr;
  std::string mounted_below_;  // what `root_path_` looks into where there is an outer request
  std::optional<Forwarded> forwarded_;
  std::array<std::string_view, path_parameter_limit> path_values_;
  std::string_view body_;
  State state_;
  std::optional<http::FormData> form_;
  std::optional<UnixSeconds> expiry_;
  ValidationErrors validation_errors_;
  std::chrono::steady_clock::time_point started_at_;
  mutable std::array<char, 16> id_text_{};
  mutable std::string raw_path_text_;  // of one that is not in the message as it is
  // Of an outer request: the one of the app mounted in it, kept for the next; and while that answers, by what. The last
  // member, for what is in that one's state may look into this one's.
  std::unique_ptr<Request> inner_;
  const web_detail::Pipeline* answering_ = nullptr;
};

}  // namespace bailey
