#pragma once

#include <bailey/http/local_request.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/web/app.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Asking an app in tests without a socket: the request is parsed and answered as the server would.
namespace bailey::web_testing {

struct Reply {
  int status;
  std::string body;
  http::Headers headers;

  // All lines of that name as one list (RFC 9110 5.3).
  [[nodiscard]] std::string header(std::string_view name) const {
    std::string list;
    headers.for_each([&](std::string_view key, std::string_view value) {
      if (http::equal_ignoring_case(key, name)) list.append(list.empty() ? "" : ", ").append(value);
    });
    return headers.contains(name) ? list : "(none)";
  }
};

using Headers = std::vector<std::pair<std::string, std::string>>;

inline Task<Reply> ask_app(http::Handler& handler, http::LocalRequest::Parts parts) {
  http::LocalRequest request(std::move(parts), handler.attach());
  Response response = co_await http::ask(handler, request);
  co_return Reply{response.status, std::move(response.body), std::move(response.headers)};
}

inline Reply ask(App& app, std::string method, std::string target, Headers headers = {}, std::string body = {}) {
  http::LocalRequest::Parts parts;
  parts.method = std::move(method);
  parts.target = std::move(target);
  parts.headers = std::move(headers);
  parts.body = std::move(body);
  return run_blocking(ask_app(app.handler(), std::move(parts)));
}

inline Reply get(App& app, std::string target, Headers headers = {}) {
  return ask(app, "GET", std::move(target), std::move(headers));
}

inline Reply post_json(App& app, std::string target, std::string body) {
  return ask(app, "POST", std::move(target), {{"Content-Type", "application/json"}}, std::move(body));
}

// The code of the Error that `f` throws, "" when it throws none.
template <class F>
std::string error_code_of(F&& f) {
  try {
    std::forward<F>(f)();
  } catch (const Error& error) {
    return error.code();
  }
  return {};
}

}  // namespace bailey::web_testing
