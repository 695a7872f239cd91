#pragma once

#include <bailey/base/make_shared_as.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/dependency.hpp>
#include <bailey/web/guard.hpp>
#include <bailey/web/test_web_socket.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {

struct TestClientOptions {
  // Of each request, unless it has its own.
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool follow_redirects = true;               // to the app itself, ten times at most
  std::chrono::milliseconds timeout{10'000};  // of each request: then it throws Error "timeout"
};

// Asks an app without a socket: requests are parsed, and answered by the whole pipeline, as the server would; what
// waits really waits, on an event loop of the client's own. From plain code, of one thread at a time.
//
//   TestClient client(app);
//   client.provide([](const Request&) { return Clock{noon}; });       // instead of the app's own
//   EXPECT_EQ(client.get("/cards").status, 200);
//
// Cookies that an answer sets are sent with the next request. The app outlives the client.
class TestClient {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  // Starts the app as App::handler does, opens its lifespans, and throws what these throw.
  explicit TestClient(App& app, TestClientOptions options = {});
  // Ends what requests have left running, as a server that stops does, and closes the lifespans.
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  // What this client's requests get of a type, in place of what the app and its routers provide: functions, values and
  // std::ref as Router::provide takes them. Other clients and the server are not touched.
  template <web_detail::PlainCallable F>
  TestClient& provide(F function) {
    return override_with(web_detail::provider_of(std::move(function)));
  }
  template <class T>
    requires(!web_detail::PlainCallable<T> && web_detail::Providable<T>)
  TestClient& provide(T value) {
    return override_with(make_shared_as<const web_detail::Provider, web_detail::SharedProvider<T>>(std::move(value)));
  }
  template <class T>
  TestClient& provide(std::reference_wrapper<T> object) {
    return override_with(make_shared_as<const web_detail::Provider, web_detail::ReferenceProvider<T>>(object.get()));
  }
  // Who this client's requests are made by: asked wherever a guard of the app's would be. Routes that are open to all
  // stay open. See guard's signed_in().
  TestClient& guard(Guard guard);

  [[nodiscard]] TestReply get(std::string_view target, Headers headers = {});
  [[nodiscard]] TestReply head(std::string_view target, Headers headers = {});
  [[nodiscard]] TestReply options(std::string_view target, Headers headers = {});
  [[nodiscard]] TestReply delete_(std::string_view target, Headers headers = {});
  // With a body that is sent as JSON.
  template <class T>
  [[nodiscard]] TestReply post(std::string_view target, const T& body, Headers headers = {}) {
    return send_json("POST", target, json_of(body), std::move(headers));
  }
  template <class T>
  [[nodiscard]] TestReply put(std::string_view target, const T& body, Headers headers = {}) {
    return send_json("PUT", target, json_of(body), std::move(headers));
  }
  template <class T>
  [[nodiscard]] TestReply patch(std::string_view target, const T& body, Headers headers = {}) {
    return send_json("PATCH", target, json_of(body), std::move(headers));
  }
  // Opens a WebSocket: a denial is in its `reply`.
  //   auto ada = client.ws("/rooms/kitchen", {.protocols = {"chat.v1"}});
  //   ada.send("hello");
  //   EXPECT_EQ(ada.receive_text(), "hello");
  [[nodiscard]] TestWebSocket ws(std::string_view target, TestWebSocketOptions options = {});
  // Any request, with the body as it is.
  [[nodiscard]] TestReply send(std::string_view method, std::string_view target, std::string body = {},
                               Headers headers = {});

 private:
  template <class T>
  [[nodiscard]] static std::string json_of(const T& body) {
    std::string text;
    encode(body, text);
    return text;
  }
  [[nodiscard]] TestReply send_json(std::string_view method, std::string_view target, std::string body,
                                    Headers headers);
  TestClient& override_with(std::shared_ptr<const web_detail::Provider> provider);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bailey
