#pragma once

#include <bailey/http/handler.hpp>
#include <bailey/http/request.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::http {

// A request that came from no connection: for tests and for calling a Handler in the same process. Its parts are
// written as HTTP and parsed by the server's own codec, so a handler sees what it would see from the network; Host and
// Content-Length are added. It owns all that the Request looks into, and must outlive the answer.
class LocalRequest {
 public:
  struct Parts {
    std::string method = "GET";
    std::string target = "/";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string remote_address = "127.0.0.1";
  };
  // Throws Error "bad_request" (400) for what the server would refuse.
  explicit LocalRequest(Parts parts, std::unique_ptr<Attachment> attachment = nullptr);
  ~LocalRequest();

  // Valid as long as this.
  [[nodiscard]] Request& request() noexcept;
  // What Request::limit_handler was told; zero: nothing.
  [[nodiscard]] std::chrono::milliseconds handler_timeout() const noexcept;

 private:
  class Source;
  std::unique_ptr<Source> source_;
};

// Calls handler.handle(request) and waits for the answer. Both must live until it returns. Throws what the handler
// throws.
[[nodiscard]] Task<Response> ask(Handler& handler, Request& request);
// The same, and a handler for which Request::limit_handler has set a time is cancelled when that has passed.
[[nodiscard]] Task<Response> ask(Handler& handler, LocalRequest& request);

}  // namespace bailey::http
