// Routes that are WebSockets: all that a route has, around a conversation.
#include <bailey/base/log.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/background.hpp>
#include <bailey/web/proxy_headers.hpp>
#include <bailey/web/test_client.hpp>
#include "web/test_journal.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using web_testing::error_code_of;
using web_testing::Journal;

struct Greeting {
  std::string text;
};
struct Said {
  std::string room, text;
  int volume = 0;
};

Task<> echo(WebSocket socket) {
  while (auto message = co_await socket.receive()) co_await socket.send(*std::move(message));
}

class CapturedLog {
 public:
  CapturedLog() {
    log::set_sink([this](log::Level, std::string_view line) { journal_.add(std::string(line)); });
  }
  ~CapturedLog() { log::set_sink({}); }
  [[nodiscard]] std::string text() const { return journal_.text(); }

 private:
  Journal journal_;
};

TEST(WebSocketRoute, stands_beside_a_get_of_its_path_whichever_comes_first) {
  for (const bool is_first : {true, false}) {
    App app;
    if (is_first) app.ws("/x", echo);
    app.get("/x", [] { return Greeting{"a page"}; });
    app.post("/x", [] { return Greeting{"posted"}; });
    if (!is_first) app.ws("/x", echo);
    TestClient client(app);
    EXPECT_EQ(client.get("/x").as<Greeting>().text, "a page");
    EXPECT_EQ(client.head("/x").status, 200);
    EXPECT_EQ(client.send("POST", "/x").status, 200);
    auto socket = client.ws("/x");
    socket.send("hello");
    EXPECT_EQ(socket.receive_text(), "hello");
  }
}

TEST(WebSocketRoute, gives_its_handler_what_any_handler_takes) {
  App app;
  app.provide(Greeting{"hello"});
  app.ws("/rooms/{room}",
         [](WebSocket socket, Path<"room"> room, Query<"volume", int, Number{.default_value = 3}> volume,
            Header<"x-name", std::optional<std::string>> name, Cookie<"seat", std::optional<int>> seat,
            const Greeting& greeting, const Request& request) -> Task<> {
           for (;;) {
             auto said = co_await socket.receive_json<Greeting>();
             if (!said) co_return;
             co_await sleep_for(1ms);  // all of it is there still
             co_await socket.send_json(Said{
                 *room + "/" + std::string(request.route()),
                 greeting.text + " " + name->value_or("nobody") + std::to_string(seat->value_or(0)) + " " + said->text,
                 *volume});
           }
         });
  TestClient client(app);
  auto ada = client.ws("/rooms/kitchen?volume=7", {.headers = {{"X-Name", "ada"}, {"Cookie", "seat=4"}}});
  auto bob = client.ws("/rooms/attic");
  for (const char* text : {"one", "two"}) {
    ada.send_json(Greeting{text});
    bob.send_json(Greeting{text});
    const Said to_ada = ada.receive_json<Said>();
    EXPECT_EQ(to_ada.room, "kitchen//rooms/{room}");
    EXPECT_EQ(to_ada.text, "hello ada4 " + std::string(text));
    EXPECT_EQ(to_ada.volume, 7);
    const Said to_bob = bob.receive_json<Said>();
    EXPECT_EQ(to_bob.room, "attic//rooms/{room}");
    EXPECT_EQ(to_bob.text, "hello nobody0 " + std::string(text));
    EXPECT_EQ(to_bob.volume, 3);
  }
  ada.close(3001, "enough");
  EXPECT_EQ(ada.wait_closed().code, 3001);
  bob.send("{}");
  EXPECT_EQ(bob.wait_closed().code, 1008);
  EXPECT_EQ(bob.wait_closed().reason, "text: Field required");
}

TEST(WebSocketRoute, answers_as_any_route_does_as_long_as_nothing_was_accepted) {
  std::atomic<int> calls = 0;
  App app;
  app.on_error<std::domain_error>([](const std::domain_error&, const Request&) { return Response::text(418, "tea"); });
  app.ws("/{n}", [&](WebSocket socket, Path<"n", int> n, Query<"q", std::optional<int>>) -> Task<> {
    ++calls;
    if (*n == 1) throw HttpError(404, "No such room", {{"X-Room", "1"}});
    if (*n == 2) throw std::domain_error("secret");
    if (*n == 3) throw std::runtime_error("secret");
    if (*n == 5) socket.close(4000, "Not you");
    if (*n == 4 || *n == 5) co_return;
    if (*n == 6) co_await sleep_for(1ms);
    if (*n == 6) throw HttpError(409);
    socket.accept();
  });
  struct Case {
    std::string target;
    int status;
    std::string says;
  };
  TestClient client(app);
  const CapturedLog log;
  for (const Case& each : std::vector<Case>{{"/1", 404, "No such room"},
                                            {"/2", 418, "tea"},
                                            {"/3", 500, "Internal Server Error"},
                                            {"/4", 403, "refused"},
                                            {"/5", 403, "Not you"},
                                            {"/6", 409, "Conflict"},
                                            {"/7", 101, ""},
                                            {"/x?q=y", 422, R"(["query","q"])"},
                                            {"/x?q=y", 422, R"(["path","n"])"},
                                            {"/1/2", 404, "Not Found"}}) {
    auto socket = client.ws(each.target);
    EXPECT_EQ(socket.reply().status, each.status) << each.target;
    EXPECT_TRUE(socket.reply().body.contains(each.says)) << each.target << socket.reply().body;
    if (each.status != 101) {
      EXPECT_EQ(error_code_of([&] { socket.send("x"); }), "web_socket_refused");
    }
  }
  EXPECT_EQ(calls, 7) << "not where something was wrong with what it takes";
  EXPECT_EQ(client.ws("/1").reply().header("x-room"), "1");
  EXPECT_FALSE(client.ws("/3").reply().body.contains("secret"));
}

TEST(WebSocketRoute, asks_for_a_handshake_before_anything_is_made_for_it) {
  std::atomic<int> made = 0;
  App app;
  app.provide([&] {
    ++made;
    return Greeting{"hello"};
  });
  app.ws("/", [](WebSocket socket, Greeting) -> Task<> { return echo(std::move(socket)); },
         {.web_socket = {.origins = {"https://app.example.com"}}});
  TestClient client(app);
  for (const char* method : {"GET", "HEAD"}) {
    EXPECT_EQ(client.send(method, "/").status, 426) << method;
  }
  EXPECT_EQ(client.send("POST", "/", "x").status, 405);
  EXPECT_EQ(client.ws("/", {.headers = {{"Origin", "https://evil.example"}}}).reply().status, 403);
  EXPECT_EQ(
      client.get("/", {{"Connection", "Upgrade"}, {"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}}).status,
      400);
  EXPECT_EQ(made, 0);
  EXPECT_EQ(client.ws("/", {.headers = {{"Origin", "https://app.example.com"}}}).reply().status, 101);
  EXPECT_EQ(made, 1);
}

TEST(WebSocketRoute, says_goodbye_as_its_handler_ends_and_logs_what_nobody_expected) {
  App app;
  app.ws("/ends/{how}", [](WebSocket socket, Path<"how"> how) -> Task<> {
    co_await socket.send("hello");
    if (*how == "throws") throw HttpError(409, "That seat is taken");
    if (*how == "fails") throw std::runtime_error("a canary");
    if (*how == "closes") socket.close(4003, "enough");
  });
  TestClient client(app);
  const CapturedLog log;
  struct Case {
    std::string how;
    std::uint16_t code;
    std::string reason;
  };
  for (const Case& each : std::vector<Case>{{"returns", 1000, ""},
                                            {"throws", 1008, "That seat is taken"},
                                            {"fails", 1011, "The server failed"},
                                            {"closes", 4003, "enough"}}) {
    auto socket = client.ws("/ends/" + each.how);
    EXPECT_EQ(socket.receive_text(), "hello");
    EXPECT_THROW(static_cast<void>(socket.receive()), http::WebSocketDisconnect);
    EXPECT_EQ(socket.wait_closed().code, each.code) << each.how;
    EXPECT_EQ(socket.wait_closed().reason, each.reason) << each.how;
  }
  EXPECT_TRUE(log.text().contains("route=/ends/{how}")) << log.text();
  EXPECT_TRUE(log.text().contains("request=")) << log.text();
  EXPECT_TRUE(log.text().contains("a canary")) << log.text();
}

TEST(WebSocketRoute, stands_behind_the_guards_the_middleware_and_the_prefixes_of_its_routers) {
  Journal journal;
  const auto named = [&](std::string name) {
    return Middleware{.name = name,
                      .before = [&journal, name](Request& request) -> Before {
                        journal.add(name);
                        if (request.header("x-stop") == name) return Response::text(429, "later");
                        return Pass{};
                      },
                      .after = [name](Request&, Response& response) { response.headers.add("x-after", name); }};
  };
  const auto keyed = [&](std::string key) {
    return Guard{.name = key, .admit = [&journal, key](Request& request) -> Before {
                   journal.add("guard " + key);
                   if (request.header("x-key") != key) throw HttpError(401);
                   request.state().set_identity(std::nullopt);
                   return Pass{};
                 }};
  };
  App app;
  app.use(named("app"));
  app.use(keyed("k"));
  Router router({.prefix = "/tenants/{tenant}",
                 .dependencies = {depends([&](Path<"tenant", int>) { journal.add("router"); })},
                 .middleware = {named("router-layer")}});
  router.ws("/talk",
            [](WebSocket socket, Path<"tenant", int>) -> Task<> {
              socket.accept();
              co_return;
            },
            {.dependencies = {depends([&] { journal.add("route"); })}, .middleware = {named("route-layer")}});
  router.ws("/own", echo, {.guard = keyed("other")});
  app.include(std::move(router), "/api");
  TestClient client(app);
  const auto status = [&](std::string_view target, TestClient::Headers headers) {
    return client.ws(target, {.headers = std::move(headers)}).reply().status;
  };
  EXPECT_EQ(status("/api/tenants/1/talk", {}), 401);
  const auto open = client.ws("/api/tenants/1/talk", {.headers = {{"x-key", "k"}}});
  EXPECT_EQ(open.reply().status, 101);
  EXPECT_EQ(open.reply().header("x-after"), "route-layer, router-layer, app");
  EXPECT_EQ(status("/api/tenants/x/talk", {{"x-key", "k"}}), 422);
  EXPECT_EQ(status("/api/tenants/1/talk", {{"x-key", "k"}, {"x-stop", "route-layer"}}), 429);
  EXPECT_EQ(status("/api/tenants/1/own", {{"x-key", "k"}}), 401);
  EXPECT_TRUE(journal.text().starts_with("app, guard k, app, guard k, router-layer, route-layer, router, route, app"))
      << journal.text();
}

TEST(WebSocketRoute, is_a_route_that_is_listed_and_in_no_document) {
  App app;
  app.ws("/talk/{n}", [](WebSocket, Path<"n">) -> Task<> { co_return; }, {.name = "talk"});
  app.get("/cards", [] { return 1; });
  const auto routes = app.routes();
  const auto talk = std::ranges::find(routes, "/talk/{n}", &RouteInfo::path);
  ASSERT_NE(talk, routes.end());
  EXPECT_TRUE(talk->is_web_socket);
  EXPECT_EQ(talk->method_text(), "WS");
  EXPECT_EQ(talk->name, "talk");
  EXPECT_EQ(talk->parameters.size(), 1U);
  EXPECT_TRUE(app.openapi().contains("/cards"));
  EXPECT_FALSE(app.openapi().contains("/talk"));
}

TEST(WebSocketRoute, that_cannot_work_is_an_error_at_start_that_names_it) {
  struct Case {
    std::string code, says;
    std::function<void(App&)> build;
  };
  const auto takes_socket = [](WebSocket socket) { return Greeting{socket.remote_address()}; };
  const auto takes_body = [](Json<int> body) { return Greeting{std::to_string(*body)}; };
  const auto greets = [](WebSocket, Greeting) -> Task<> { co_return; };
  for (const Case& each : std::vector<Case>{
           {"invalid_route", "GET /x: a dependency of it takes the WebSocket",
            [&](App& app) {
              app.provide(takes_socket);
              app.get("/x", [](Greeting greeting) { return greeting.text; });
            }},
           {"invalid_route", "WS /x: a dependency of it reads a body",
            [&](App& app) {
              app.provide(takes_body);
              app.ws("/x", greets);
            }},
           {"invalid_route", "Greeting, which nothing provides", [&](App& app) { app.ws("/x", greets); }},
           {"invalid_route", "WS /x: \"app.example.com\" of its origins is none",
            [&](App& app) { app.ws("/x", echo, {.web_socket = {.origins = {"app.example.com"}}}); }},
           {"invalid_route", "WS /x: \"https://app.example.com/\" of its origins is none",
            [&](App& app) { app.ws("/x", echo, {.web_socket = {.origins = {"https://app.example.com/"}}}); }},
           {"invalid_route", "WS /x: \"bearer.x\" of its sub-protocols",
            [&](App& app) { app.ws("/x", echo, {.web_socket = {.protocols = {"bearer.x"}}}); }},
           {"invalid_route", "WS /x: \"a b\" of its sub-protocols",
            [&](App& app) { app.ws("/x", echo, {.web_socket = {.protocols = {"a b"}}}); }},
           {"route_conflict", "WS /x: ",
            [&](App& app) {
              app.get("/x", [] { return 1; });
              app.ws("/x", echo);
              app.ws("/x", echo);
            }},
           {"invalid_route", "takes Path<\"y\">",
            [&](App& app) { app.ws(runtime_path("/x"), [](WebSocket, Path<"y">) -> Task<> { co_return; }); }}}) {
    App app;
    each.build(app);
    std::string code, message;
    try {
      static_cast<void>(app.handler());
    } catch (const Error& error) {
      code = error.code();
      message = error.message();
    }
    EXPECT_EQ(code, each.code) << each.says;
    EXPECT_TRUE(message.contains(each.says)) << message;
  }
}

TEST(WebSocketRoute, chooses_sub_protocol_and_headers_where_it_accepts) {
  App app;
  app.ws("/",
         [](WebSocket socket) -> Task<> {
           http::Headers headers;
           headers.add("Set-Cookie", "seat=4; Path=/");
           socket.accept({.headers = std::move(headers)});
           co_await socket.send(socket.protocol());
         },
         {.web_socket = {.protocols = {"chat.v2", "chat.v1"}}});
  app.get("/seat", [](Cookie<"seat", int> seat) { return *seat; });
  // [test]
  TestClient client(app);
  auto socket = client.ws("/", {.protocols = {"chat.v1", "chat.v2"}});
  EXPECT_EQ(socket.protocol(), "chat.v2");
  EXPECT_EQ(socket.receive_text(), "chat.v2");
  EXPECT_EQ(socket.wait_closed().code, 1000);
  EXPECT_EQ(client.ws("/nowhere").reply().status, 404);
  // [/test]
  EXPECT_EQ(client.get("/seat").body, "4");
  EXPECT_EQ(client.ws("/").protocol(), "");
}

TEST(WebSocketRoute, carries_messages_of_any_size_and_kind) {
  App app;
  app.ws("/", echo, {.web_socket = {.message_limit_bytes = 100'000}});
  TestClient client(app);
  auto socket = client.ws("/");
  for (const std::size_t size : {0U, 1U, 125U, 126U, 65'535U, 65'536U, 100'000U}) {
    socket.send(std::string(size, 't'));
    EXPECT_EQ(socket.receive_text(), std::string(size, 't'));
    socket.send_binary(std::string(size, '\0'));
    const WebSocketMessage message = socket.receive();
    EXPECT_FALSE(message.is_text);
    EXPECT_EQ(message.data, std::string(size, '\0'));
  }
  socket.send(std::string(100'001, 't'));
  EXPECT_EQ(socket.wait_closed().code, 1009);
}

// Its request must not be given to the connection's next as long as its handler looks at it.

TEST(WebSocketRoute, is_asked_for_as_a_trusted_proxy_says_and_knows_who_asks) {
  App app;
  app.use(proxy_headers({.trusted = {"127.0.0.1"}, .host = true}));
  app.ws("/", [](WebSocket socket) -> Task<> { co_await socket.send(socket.remote_address()); });
  TestClient client(app);
  struct Case {
    const char* origin;
    const char* scheme;
    int status;
  };
  for (const Case& each : std::vector<Case>{{"https://app.example.com", "https", 101},
                                            {"https://app.example.com:443", "https", 101},
                                            {"http://app.example.com", "https", 403},  // anybody's, on the way
                                            {"http://app.example.com", "http", 101},
                                            {"https://app.example.com", "http", 101},
                                            {"http://upstream:9000", "http", 403},
                                            {"https://evil.example", "https", 403}}) {
    auto socket = client.ws("/", {.headers = {{"Host", "upstream:9000"},
                                              {"X-Forwarded-Host", "app.example.com"},
                                              {"X-Forwarded-Proto", each.scheme},
                                              {"X-Forwarded-For", "192.0.2.7"},
                                              {"Origin", each.origin}}});
    EXPECT_EQ(socket.reply().status, each.status) << each.origin << " " << each.scheme;
    if (socket.reply().status == 101) {
      EXPECT_EQ(socket.receive_text(), "192.0.2.7");
    }
  }
}

}  // namespace
}  // namespace bailey
