#pragma once

#include <bailey/http/handler.hpp>
#include <bailey/http/server.hpp>
#include <bailey/jwt/key_set.hpp>
#include <bailey/query/executor.hpp>
#include <bailey/runtime/runtime.hpp>

#include "stack/rest/rest_app.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bailey::test {

// Runs a handler on a loop of its own thread, on a free port of 127.0.0.1, until it is destroyed.
class TestServer {
 public:
  explicit TestServer(std::unique_ptr<http::Handler> handler);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  [[nodiscard]] std::string url() const;

 private:
  std::unique_ptr<http::Handler> handler_;
  Runtime runtime_;
  http::Server server_;
  std::thread thread_;
};

// A project of whose services only /rest/v1 is there, as the local stack serves it. It has no published keys.
class RestHandler final : public http::Handler {
 public:
  RestHandler(query::Executor executor, std::shared_ptr<const jwt::KeySet> keys);
  [[nodiscard]] http::Answer handle(http::Request& request) override { return project_.handler().handle(request); }
  [[nodiscard]] std::unique_ptr<http::Attachment> attach() override { return project_.handler().attach(); }

 private:
  stack::rest::RestApp rest_;
  App project_;
};

// What a scripted server was asked.
struct SeenRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  [[nodiscard]] std::string header(std::string_view name) const;  // "" when absent
};

// Answers as the script says and remembers what it was asked.
class ScriptedServer {
 public:
  using Script = std::function<http::Response(const SeenRequest&)>;
  explicit ScriptedServer(Script script);

  [[nodiscard]] std::string url() const { return server_.url(); }
  [[nodiscard]] std::vector<SeenRequest> seen() const;

 private:
  struct Log;
  std::shared_ptr<Log> log_;
  TestServer server_;
};

}  // namespace bailey::test
