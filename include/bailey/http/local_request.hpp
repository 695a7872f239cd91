#pragma once

#include <bailey/http/handler.hpp>
#include <bailey/http/request.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::http {

// A request that came from no connection: for tests and for calling a Handler in the same process. What it is given is
// written as HTTP and parsed by the server's own codec, so a handler sees just what it would see from the network; Host
// and Content-Length are added. Throws Error("bad_request", 400) for what the server would refuse.
class LocalRequest {
 public:
  struct Parts {
    std::string method = "GET";
    std::string target = "/";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string remote_address = "127.0.0.1";
  };
  explicit LocalRequest(Parts parts, std::unique_ptr<Attachment> attachment = nullptr);
  ~LocalRequest();

  [[nodiscard]] Request& request() noexcept;

 private:
  class Source;
  std::unique_ptr<Source> source_;
};

// Asks `handler` and waits for the answer.
[[nodiscard]] Task<Response> ask(Handler& handler, Request& request);

}  // namespace bailey::http
