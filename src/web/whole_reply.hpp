#pragma once

#include <bailey/runtime/event.hpp>

#include "web/testing.hpp"

#include <string>
#include <vector>

// Asking an app in tests as testing.hpp does, for answers that may be streams: they are run to their end.
namespace bailey::web_testing {

class BodyCollector final : public http::BodyWriter {
 public:
  Task<> write(std::string_view part) override {
    parts.emplace_back(part);
    co_return;
  }
  [[nodiscard]] Event draining() const override { return {}; }
  [[nodiscard]] std::string whole() const {
    std::string body;
    for (const std::string& part : parts) body += part;
    return body;
  }

  std::vector<std::string> parts;
};

struct WholeReply : Reply {
  bool is_stream = false;
  std::vector<std::string> parts;  // of a stream, as they were written
};

inline Task<WholeReply> ask_whole(http::Handler& handler, http::LocalRequest::Parts parts) {
  http::LocalRequest request(std::move(parts), handler.attach());
  Response response = co_await http::ask(handler, request.request());
  WholeReply reply{{response.status, std::move(response.body), std::move(response.headers)}, response.is_stream(), {}};
  if (reply.headers.get("Content-Type") == std::nullopt && !response.content_type().empty())
    reply.headers.add("Content-Type", response.content_type());
  if (reply.is_stream && request.request().method() != http::Method::head) {
    BodyCollector collector;
    Task<> running = response.stream()(collector);
    co_await std::move(running);
    reply.body = collector.whole();
    reply.parts = std::move(collector.parts);
  }
  co_return reply;
}

inline WholeReply whole(App& app, std::string target, Headers headers = {}, std::string method = "GET") {
  http::LocalRequest::Parts parts;
  parts.method = std::move(method);
  parts.target = std::move(target);
  parts.headers = std::move(headers);
  return run_blocking(ask_whole(app.handler(), std::move(parts)));
}

}  // namespace bailey::web_testing
