#include <bailey/web/test_client.hpp>

#include <bailey/base/error.hpp>
#include <bailey/http/local_request.hpp>
#include <bailey/http/status.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/runtime.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>

#include <boost/json/serialize.hpp>
#include "web/app_parts.hpp"
#include "web/background_tasks.hpp"
#include "web/test_peer.hpp"

#include <algorithm>
#include <future>
#include <optional>
#include <thread>
#include <utility>

namespace bailey {
namespace {

// Keeps what a stream writes. It never drains: the test ends when the stream does.
class Collector final : public http::BodyWriter {
 public:
  explicit Collector(std::string& into) noexcept : into_(into) {}
  Task<> write(std::string_view part) override {
    into_ += part;
    co_return;
  }
  [[nodiscard]] Event draining() const override { return draining_; }

 private:
  std::string& into_;
  Event draining_;
};

TestReply reply_of(Response& response) {
  TestReply reply{.status = response.status, .headers = std::move(response.headers), .body = std::move(response.body)};
  const std::string_view type = response.content_type();
  if (!type.empty() && !reply.headers.contains("content-type")) reply.headers.set("content-type", type);
  return reply;
}

Task<TestReply> ask(http::Handler& handler, http::LocalRequest::Parts parts) {
  const bool is_head = parts.method == "HEAD";
  http::LocalRequest request(std::move(parts), handler.attach());
  Response response = co_await http::ask(handler, request);
  TestReply reply = reply_of(response);
  if (response.is_stream() && !is_head) {
    Collector collector(reply.body);
    co_await response.stream()(collector);
  }
  if (is_head || !http::may_have_body(reply.status)) reply.body.clear();
  co_return reply;
}

// Whether a redirection stays in the app: then the target of the next request.
std::optional<std::string> local_target(std::string_view location) {
  for (const std::string_view host : {"http://localhost", "https://localhost"}) {
    if (location.starts_with(host) && location.substr(host.size()).starts_with('/')) {
      location.remove_prefix(host.size());
      break;
    }
  }
  if (!location.starts_with('/') || location.starts_with("//")) return std::nullopt;
  return std::string(location.substr(0, location.find('#')));
}

}  // namespace

std::optional<std::string> TestReply::header(std::string_view name) const {
  std::optional<std::string> list;
  headers.for_each([&](std::string_view key, std::string_view value) {
    if (!http::equal_ignoring_case(key, name)) return;
    if (list)
      list->append(", ").append(value);
    else
      list.emplace(value);
  });
  return list;
}

json::value TestReply::json() const {
  auto value = parse_json(body);
  if (!value) throw Error("invalid_json", "The answer is no JSON: " + body);
  return std::move(*value);
}

void TestReply::fail(const ValidationErrors& errors) {
  throw Error("invalid_value", "The answer is not of that type: " + json::serialize(errors.to_json()));
}

struct TestClient::State {
  State(App& served, TestClientOptions given)
      : app(served), options(std::move(given)), runtime({.threads = 1, .handle_signals = false}) {}

  [[nodiscard]] http::Handler& handler() {
    if (!own) own = app.handler_for_test(overrides, guard);
    return *own;
  }

  // One request and its answer, on the client's loop.
  [[nodiscard]] TestReply exchange(http::LocalRequest::Parts parts) {
    std::promise<TestReply> promise;
    std::future<TestReply> answer = promise.get_future();
    http::Handler& asked = handler();
    runtime.loop(0).post([&promise, &asked, parts = std::move(parts), timeout = options.timeout]() mutable {
      Loop::current().spawn("test request", answer_into(promise, asked, std::move(parts), timeout));
    });
    return answer.get();
  }

  static Task<> answer_into(std::promise<TestReply>& promise, http::Handler& asked, http::LocalRequest::Parts parts,
                            std::chrono::milliseconds timeout) {
    std::exception_ptr failure;
    try {
      auto first = co_await when_any(ask(asked, std::move(parts)), sleep_for(timeout));
      if (first.index() != 0) throw Error("timeout", "The app has not answered in time");
      promise.set_value(std::move(std::get<0>(first)));
      co_return;
    } catch (...) {
      failure = std::current_exception();
    }
    promise.set_exception(failure);
  }

  // A handshake and its answer; what was accepted goes on, on the client's loop.
  [[nodiscard]] TestReply open(http::LocalRequest::Parts parts, std::shared_ptr<web_detail::TestPeer> peer) {
    std::promise<TestReply> promise;
    std::future<TestReply> answer = promise.get_future();
    http::Handler& asked = handler();
    runtime.loop(0).post([this, &promise, &asked, parts = std::move(parts), peer = std::move(peer)]() mutable {
      std::erase_if(peers, [](const auto& each) { return each->ended().is_set(); });
      peers.push_back(peer);
      Loop::current().spawn("test web socket",
                            converse(promise, asked, std::move(parts), std::move(peer), options.timeout));
    });
    return answer.get();
  }

  static Task<> converse(std::promise<TestReply>& promise, http::Handler& asked, http::LocalRequest::Parts parts,
                         std::shared_ptr<web_detail::TestPeer> peer, std::chrono::milliseconds timeout) {
    const struct Ending {
      web_detail::TestPeer& peer;
      ~Ending() { peer.end(); }
    } ending{*peer};
    http::LocalRequest request(std::move(parts), asked.attach());
    std::exception_ptr failure;
    std::optional<Response> response;
    try {
      auto first = co_await when_any(http::ask(asked, request.request()), sleep_for(timeout));
      if (first.index() != 0) throw Error("timeout", "The app has not answered in time");
      response.emplace(std::move(std::get<0>(first)));
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) co_return promise.set_exception(failure);
    const bool was_accepted = response->is_upgrade();
    promise.set_value(reply_of(*response));
    if (!was_accepted) co_return;
    Task<> takeover = response->takeover()(*peer);
    co_await std::move(takeover);
  }

  // They are told that the app goes, and have a second to go themselves.
  Task<> close_web_sockets() {
    draining.set();
    for (const auto& peer : std::exchange(peers, {}))
      static_cast<void>(co_await peer->ended().wait_for(std::chrono::seconds(1)));
  }

  // What is sent with every request.
  void add_headers(Headers& headers) const {
    for (const auto& [name, value] : options.headers) {
      const bool has_own =
          std::ranges::any_of(headers, [&](const auto& each) { return http::equal_ignoring_case(each.first, name); });
      if (!has_own) headers.emplace_back(name, value);
    }
  }
  void add_cookies(Headers& headers) const {
    std::string list;
    for (const auto& [name, value] : cookies) list += (list.empty() ? "" : "; ") + name + '=' + value;
    if (!list.empty()) headers.emplace_back("Cookie", list);
  }

  void keep_cookies(const TestReply& reply) {
    reply.headers.for_each([&](std::string_view name, std::string_view value) {
      if (!http::equal_ignoring_case(name, "set-cookie")) return;
      const std::string_view pair = value.substr(0, value.find(';'));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos) return;
      const bool is_deleted = value.find("Max-Age=0") != std::string_view::npos;
      if (is_deleted)
        cookies.erase(std::string(pair.substr(0, equals)));
      else
        cookies[std::string(pair.substr(0, equals))] = pair.substr(equals + 1);
    });
  }

  // What is open while the app is served is opened for each client by itself.
  void start() {
    lifespans = app.make_lifespans();
    std::promise<void> opened;
    runtime.on_stop([this] { return lifespans->close(); });
    runtime.on_stop([this] { return web_detail::end_background(runtime, options.timeout); });
    runtime.on_stop([this] { return close_web_sockets(); });
    runtime.loop(0).spawn("start", open(*lifespans, opened));
    thread = std::thread([this] { runtime.run(); });
    try {
      opened.get_future().get();
    } catch (...) {
      stop();
      throw;
    }
  }
  void stop() {
    runtime.request_stop();
    thread.join();
  }
  static Task<> open(web_detail::Lifespans& lifespans, std::promise<void>& opened) {
    std::exception_ptr failure;
    try {
      co_await lifespans.open();
      opened.set_value();
      co_return;
    } catch (...) {
      failure = std::current_exception();
    }
    opened.set_exception(failure);
  }

  App& app;
  TestClientOptions options;
  std::unique_ptr<web_detail::Lifespans> lifespans;
  std::vector<std::shared_ptr<const web_detail::Provider>> overrides;
  std::shared_ptr<const Guard> guard;
  std::unique_ptr<http::Handler> own;
  std::map<std::string, std::string> cookies;
  Event draining;
  std::vector<std::shared_ptr<web_detail::TestPeer>> peers;  // on the loop
  Runtime runtime;
  std::thread thread;
};

TestClient::TestClient(App& app, TestClientOptions options) : state_(std::make_unique<State>(app, std::move(options))) {
  static_cast<void>(app.handler());
  state_->start();
}

TestClient::~TestClient() { state_->stop(); }

TestClient& TestClient::override_with(std::shared_ptr<const web_detail::Provider> provider) {
  std::erase_if(state_->overrides, [&](const auto& each) { return each->key() == provider->key(); });
  state_->overrides.push_back(std::move(provider));
  state_->own.reset();
  return *this;
}

TestClient& TestClient::guard(Guard guard) {
  state_->guard = std::make_shared<const Guard>(std::move(guard));
  state_->own.reset();
  return *this;
}

TestReply TestClient::get(std::string_view target, Headers headers) {
  return send("GET", target, {}, std::move(headers));
}
TestReply TestClient::head(std::string_view target, Headers headers) {
  return send("HEAD", target, {}, std::move(headers));
}
TestReply TestClient::options(std::string_view target, Headers headers) {
  return send("OPTIONS", target, {}, std::move(headers));
}
TestReply TestClient::delete_(std::string_view target, Headers headers) {
  return send("DELETE", target, {}, std::move(headers));
}

TestReply TestClient::send_json(std::string_view method, std::string_view target, std::string body, Headers headers) {
  headers.emplace_back("Content-Type", "application/json");
  return send(method, target, std::move(body), std::move(headers));
}

TestWebSocket TestClient::ws(std::string_view target, TestWebSocketOptions options) {
  http::LocalRequest::Parts parts{.target = std::string(target), .headers = std::move(options.headers)};
  state_->add_headers(parts.headers);
  state_->add_cookies(parts.headers);
  std::string offered;
  for (const std::string& protocol : options.protocols) offered.append(offered.empty() ? "" : ", ").append(protocol);
  if (!offered.empty()) parts.headers.emplace_back("Sec-WebSocket-Protocol", offered);
  for (const auto& [name, value] :
       {std::pair("Connection", "Upgrade"), std::pair("Upgrade", "websocket"), std::pair("Sec-WebSocket-Version", "13"),
        std::pair("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")})
    parts.headers.emplace_back(name, value);
  auto peer = std::make_shared<web_detail::TestPeer>(state_->options.timeout, state_->draining);
  TestReply reply = state_->open(std::move(parts), peer);
  state_->keep_cookies(reply);
  if (reply.status != 101) peer.reset();
  return {std::move(reply), std::move(peer)};
}

TestReply TestClient::send(std::string_view method, std::string_view target, std::string body, Headers headers) {
  state_->add_headers(headers);
  http::LocalRequest::Parts parts{
      .method = std::string(method), .target = std::string(target), .body = std::move(body)};
  for (int redirects = 0;; ++redirects) {
    parts.headers = headers;
    state_->add_cookies(parts.headers);
    TestReply reply = state_->exchange(parts);
    state_->keep_cookies(reply);
    const bool is_redirect =
        reply.status == 301 || reply.status == 302 || reply.status == 303 || reply.status == 307 || reply.status == 308;
    const auto location = reply.header("location");
    if (!is_redirect || !location || !state_->options.follow_redirects || redirects == 10) return reply;
    auto next = local_target(*location);
    if (!next) return reply;
    parts.target = std::move(*next);
    if (reply.status < 307 && parts.method != "HEAD") {
      parts.method = "GET";
      parts.body.clear();
    }
  }
}

}  // namespace bailey
