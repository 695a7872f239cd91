#include "tests/supabase/test_server.hpp"

#include <bailey/model/json_text.hpp>

#include <algorithm>

namespace bailey::test {

namespace {

http::ServerOptions any_port() {
  http::ServerOptions options;
  options.address = "127.0.0.1";
  options.port = 0;
  options.request_line_limit_bytes = std::size_t{64} * 1024;
  options.header_limit_bytes = std::size_t{64} * 1024;
  return options;
}

}  // namespace

TestServer::TestServer(std::unique_ptr<http::Handler> handler)
    : handler_(std::move(handler)),
      runtime_({.threads = 1, .handle_signals = false}),
      server_(runtime_, *handler_, any_port()) {
  server_.start();
  thread_ = std::thread([this] { runtime_.run(); });
}

TestServer::~TestServer() {
  runtime_.request_stop();
  thread_.join();
}

std::string TestServer::url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }

RestHandler::RestHandler(query::Executor executor, std::shared_ptr<const jwt::KeySet> keys)
    : rest_(std::move(executor), std::move(keys)) {
  project_.mount("/rest/v1", rest_.app());
  project_.get("/auth/v1/.well-known/jwks.json", [] { return JsonText(R"({"keys":[]})"); });
  static_cast<void>(project_.handler());
}

std::string SeenRequest::header(std::string_view name) const {
  for (const auto& [seen_name, value] : headers) {
    if (std::ranges::equal(seen_name, name, [](char a, char b) { return (a | 0x20) == (b | 0x20); })) return value;
  }
  return {};
}

struct ScriptedServer::Log {
  Script script;
  std::mutex mutex;
  std::vector<SeenRequest> requests;
};

namespace {

class ScriptedHandler final : public http::Handler {
 public:
  using Answerer = std::function<http::Response(SeenRequest)>;
  explicit ScriptedHandler(Answerer answer) : answer_(std::move(answer)) {}
  [[nodiscard]] http::Answer handle(http::Request& request) override { return serve(request); }

 private:
  Task<http::Response> serve(http::Request& request) {
    SeenRequest seen;
    seen.method = request.method_text();
    seen.target = request.target();
    request.for_each_header(
        [&](std::string_view name, std::string_view value) { seen.headers.emplace_back(name, value); });
    const std::string_view body = co_await request.body();
    seen.body = body;
    co_return answer_(std::move(seen));
  }

  Answerer answer_;
};

}  // namespace

ScriptedServer::ScriptedServer(Script script)
    : log_(std::make_shared<Log>()), server_(std::make_unique<ScriptedHandler>([log = log_](SeenRequest seen) {
        const std::lock_guard lock(log->mutex);
        log->requests.push_back(seen);
        return log->script(seen);
      })) {
  const std::lock_guard lock(log_->mutex);
  log_->script = std::move(script);
}

std::vector<SeenRequest> ScriptedServer::seen() const {
  const std::lock_guard lock(log_->mutex);
  return log_->requests;
}

}  // namespace bailey::test
