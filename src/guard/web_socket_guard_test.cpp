// Who opens a WebSocket: the token's three ways in, and none other; how long it lasts.
#include <bailey/base/log.hpp>
#include <bailey/guard/signed_in.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/test_client.hpp>
#include "guard/authenticate_fixture.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using guard_testing::ada;
using guard_testing::bearer;
using guard_testing::claims;

constexpr std::string_view bob = "b0b5d6b9-6a52-4d5c-9f3e-1f2a3b4c5d6e";

std::string claims_of(std::string_view who, std::string_view more = {}) {
  std::string text = claims(1h, "authenticated", more);
  return text.replace(text.find(ada), ada.size(), who);
}

std::string first_message(std::string_view token) { return R"({"access_token":")" + std::string(token) + R"("})"; }

// Says to every message whose it is, after others had their turn.
// [whose]
Task<> say_whose(WebSocket socket, User user) {
  while (auto message = co_await socket.receive_text()) {
    co_await sleep_for(1ms);
    co_await socket.send(user.id().to_string() + " " + *message);
  }
}
// [/whose]

class WebSocketGuards : public guard_testing::AuthenticateTest {
 protected:
  AuthenticateOptions waiting(std::chrono::milliseconds timeout = 5s) {
    AuthenticateOptions made = options();
    made.first_message_timeout = timeout;
    return made;
  }
  [[nodiscard]] std::string token(std::string_view who = ada) const { return key.sign(claims_of(who)).value(); }
};

TEST_F(WebSocketGuards, take_a_token_from_the_header_a_sub_protocol_or_the_first_message) {
  App app;
  app.use(authenticate(supabase, waiting()));
  app.ws("/me", say_whose);
  TestClient client(app);
  const std::string expected = std::string(ada) + " hi";

  auto by_header = client.ws("/me", {.headers = bearer(token())});
  by_header.send("hi");
  EXPECT_EQ(by_header.receive_text(), expected);

  for (const auto& offered : std::vector<std::vector<std::string>>{{"bailey", "bearer." + token()},
                                                                   {"Bearer." + token(), "bailey", "other"}}) {
    auto by_protocol = client.ws("/me", {.protocols = offered});
    EXPECT_EQ(by_protocol.protocol(), "bailey");
    by_protocol.send("hi");
    EXPECT_EQ(by_protocol.receive_text(), expected);
  }

  auto by_message = client.ws("/me");
  by_message.send(first_message(token()));
  by_message.send("hi");
  EXPECT_EQ(by_message.receive_text(), expected);
}

TEST_F(WebSocketGuards, refuse_a_handshake_as_they_refuse_a_request) {
  std::atomic<int> calls = 0;
  App app;
  app.use(authenticate(supabase, options()));
  const auto count = [&](WebSocket socket) -> Task<> {
    ++calls;
    socket.accept();
    co_return;
  };
  app.ws("/me", count);
  app.ws("/public/hall", count);
  AuthenticateOptions editors = options();
  editors.roles = {"editor"};
  app.ws("/editors", count, {.guard = authenticate(supabase, editors)});
  app.get("/plain", [] { return 1; });
  struct Case {
    std::string target;
    web_testing::Headers headers;
    std::vector<std::string> protocols;
    int status;
  };
  const std::string good = token();
  const std::string forged = good.substr(0, good.size() - 8) + "AAAAAAAA";
  TestClient client(app);
  for (const Case& each : std::vector<Case>{
           {"/me", {}, {}, 401},
           {"/me?access_token=" + good, {}, {}, 401},
           {"/me?token=" + good + "&apikey=" + good, {}, {}, 401},
           {"/me", {{"Cookie", "access_token=" + good}}, {}, 401},
           {"/me", {}, {"bailey", good}, 401},
           {"/me", {}, {"bailey", "bearer."}, 401},
           {"/me", {}, {"bailey", "bearer.x"}, 401},
           {"/me", {}, {"bailey", "bearer." + forged}, 401},
           {"/me", {}, {"bailey", "bearer." + key.sign(claims(-1s)).value()}, 401},
           {"/me", {}, {"bearer." + good}, 400},
           {"/me", {}, {"bailey", "bearer." + good, "bearer.x"}, 400},
           {"/me", bearer(good), {"bailey", "bearer." + good}, 400},
           {"/me", bearer(forged), {"bailey"}, 401},
           {"/me", {{"Authorization", "Basic x"}}, {}, 401},
           {"/editors", bearer(good), {}, 403},
           {"/editors", {}, {"bailey", "bearer." + good}, 403},
       }) {
    const auto socket = client.ws(each.target, {.headers = each.headers, .protocols = each.protocols});
    EXPECT_EQ(socket.reply().status, each.status) << each.target << " " << socket.reply().body;
    EXPECT_FALSE(socket.reply().body.contains(good)) << each.target;
  }
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(client.get("/plain", {{"Sec-WebSocket-Protocol", "bailey, bearer." + good}}).status, 401)
      << "that is for WebSockets alone";
  EXPECT_EQ(client.ws("/public/hall").reply().status, 101);
}

TEST_F(WebSocketGuards, close_where_the_first_message_brings_no_token_that_is_good) {
  std::atomic<int> calls = 0;
  App app;
  app.use(authenticate(supabase, waiting()));
  const auto count = [&](WebSocket socket, User) -> Task<> {
    ++calls;
    static_cast<void>(co_await socket.receive());
  };
  app.ws("/me", count);
  AuthenticateOptions editors = waiting();
  editors.roles = {"editor"};
  app.ws("/editors", count, {.guard = authenticate(supabase, editors)});
  AuthenticateOptions asking = waiting();
  asking.mode = AuthenticateOptions::Mode::remote;
  app.ws("/asked", count, {.guard = authenticate(supabase, asking)});
  AuthenticateOptions cut_off = waiting();
  TokenVerifierOptions nowhere = guard_testing::verifier_at("http://127.0.0.1:9");
  nowhere.provider_timeout = 200ms;
  cut_off.verifier.emplace(nowhere);
  app.ws("/cut-off", count, {.guard = authenticate(supabase, cut_off)});
  AuthenticateOptions hasty = waiting(20ms);
  app.ws("/hasty", count, {.guard = authenticate(supabase, hasty)});

  struct Case {
    std::string path, message;
    std::uint16_t code;
  };
  const std::string good = token();
  TestClient client(app);
  for (const Case& each : std::vector<Case>{
           {"/me", "", 4401},
           {"/me", good, 4401},
           {"/me", R"({"token":")" + good + R"("})", 4401},
           {"/me", R"({"access_token":7})", 4401},
           {"/me", R"(["access_token"])", 4401},
           {"/me", first_message(""), 4401},
           {"/me", first_message("x"), 4401},
           {"/me", first_message(good + "\\n"), 4401},
           {"/me", first_message("a.b." + std::string(100'000, 'c')), 4401},
           {"/me", first_message(key.sign(claims(-1s)).value()), 4401},
           {"/editors", first_message(good), 4403},
           {"/asked", first_message(good), 4401},
           {"/cut-off", first_message(good), 1013},
       }) {
    auto socket = client.ws(each.path);
    socket.send(each.message);
    try {
      socket.send(first_message(good));  // there is no second try
    } catch (const http::WebSocketDisconnect&) {
    }  // closed already
    const WebSocketClosed closed = socket.wait_closed();
    EXPECT_EQ(closed.code, each.code) << each.path << " " << each.message;
    EXPECT_FALSE(closed.reason.contains(good));
  }
  EXPECT_EQ(client.ws("/hasty").wait_closed().code, 4401);
  EXPECT_EQ(calls, 0);
  provider.accept(good);
  auto socket = client.ws("/asked");
  socket.send(first_message(good));
  socket.send("hi");
  EXPECT_EQ(socket.wait_closed().code, 1000);
  EXPECT_EQ(calls, 1);
}

TEST_F(WebSocketGuards, do_not_wait_where_a_token_is_optional) {
  AuthenticateOptions perhaps = waiting();
  perhaps.optional = true;
  EXPECT_EQ(web_testing::error_code_of([&] { static_cast<void>(authenticate(supabase, perhaps)); }), "invalid_setting");
  AuthenticateOptions some = waiting();
  some.optional_for = {"/hall"};
  App app;
  app.use(authenticate(supabase, some));
  app.ws("/hall", [](WebSocket socket, std::optional<User> user) -> Task<> {
    co_await socket.send(user ? user->id().to_string() : "nobody");
  });
  TestClient client(app);
  EXPECT_EQ(client.ws("/hall").receive_text(), "nobody");
  EXPECT_EQ(client.ws("/hall", {.protocols = {"bailey", "bearer." + token()}}).receive_text(), ada);
  EXPECT_EQ(client.ws("/hall", {.protocols = {"bailey", "bearer.x"}}).reply().status, 401);
}

TEST_F(WebSocketGuards, close_when_the_token_expires_unless_told_otherwise) {
  App app;
  app.use(authenticate(supabase, waiting()));
  app.ws("/me", say_whose);
  AuthenticateOptions lasting = options();
  lasting.close_at_expiry = false;
  app.ws("/lasting", say_whose, {.guard = authenticate(supabase, lasting)});
  TestClient client(app);
  const std::string soon = key.sign(claims(3s)).value();
  auto by_header = client.ws("/me", {.headers = bearer(soon)});
  auto by_message = client.ws("/me");
  by_message.send(first_message(soon));
  auto lasts = client.ws("/lasting", {.headers = bearer(soon)});
  for (TestWebSocket* const each : {&by_header, &by_message}) {
    EXPECT_EQ(each->wait_closed().code, 4401);
    EXPECT_EQ(each->wait_closed().reason, "The token has expired");
  }
  lasts.send("still here");
  EXPECT_EQ(lasts.receive_text(), std::string(ada) + " still here");
}

TEST_F(WebSocketGuards, never_show_a_token_to_the_handler_or_the_log) {
  std::mutex mutex;
  std::string logged;
  log::set_level(log::Level::debug);
  log::set_sink([&](log::Level, std::string_view line) {
    const std::lock_guard lock(mutex);
    logged.append(line).append("\n");
  });
  const std::string good = token();
  const std::string bad = good.substr(0, good.size() - 8) + "AAAAAAAA";
  {
    App app;
    app.use(authenticate(supabase, waiting()));
    app.ws("/fails", [](WebSocket socket, User) -> Task<> {
      socket.accept();
      std::string offered;
      for (const std::string& each : socket.offered_protocols()) offered += each + ' ';
      co_await socket.send(offered + socket.protocol());
      throw std::runtime_error("it failed");
    });
    TestClient client(app);
    auto socket = client.ws("/fails", {.protocols = {"bailey", "bearer." + good}});
    EXPECT_EQ(socket.receive_text(), "bailey bailey");
    EXPECT_EQ(socket.wait_closed().code, 1011);
    static_cast<void>(client.ws("/fails", {.protocols = {"bailey", "bearer." + bad}}));
    auto by_message = client.ws("/fails");
    by_message.send(first_message(bad));
    EXPECT_EQ(by_message.wait_closed().code, 4401);
  }
  log::set_sink({});
  log::set_level(log::Level::info);
  EXPECT_TRUE(logged.contains("it failed")) << logged;
  EXPECT_TRUE(logged.contains("token refused")) << logged;
  const std::string signature = good.substr(good.rfind('.'), 40);
  EXPECT_FALSE(logged.contains(signature)) << logged;
}

TEST_F(WebSocketGuards, keep_two_users_apart_however_their_messages_interleave) {
  App app;
  app.use(authenticate(supabase, waiting()));
  app.ws("/me", say_whose);
  TestClient client(app);
  struct Talk {
    std::string_view who;
    TestWebSocket socket;
  };
  std::vector<Talk> talks;
  for (int i = 0; i < 60; ++i) {
    const std::string_view who = i % 2 == 0 ? ada : bob;
    const std::string shown = token(who);
    switch (i % 3) {
      case 0: talks.push_back({who, client.ws("/me", {.headers = bearer(shown)})}); break;
      case 1: talks.push_back({who, client.ws("/me", {.protocols = {"bailey", "bearer." + shown}})}); break;
      default: talks.push_back({who, client.ws("/me")}); talks.back().socket.send(first_message(shown));
    }
  }
  int wrong = 0;
  for (int round = 0; round < 10; ++round) {
    for (Talk& talk : talks) talk.socket.send(std::to_string(round));
    for (Talk& talk : talks)
      wrong += talk.socket.receive_text() == std::string(talk.who) + " " + std::to_string(round) ? 0 : 1;
  }
  EXPECT_EQ(wrong, 0);
}

TEST_F(WebSocketGuards, of_tests_make_a_client_somebody) {
  App app;
  app.use(authenticate(supabase, waiting()));
  app.ws("/me", say_whose);
  TestClient client(app);
  client.guard(signed_in(supabase, Uuid::parse(bob).value()));
  auto socket = client.ws("/me");
  socket.send("hi");
  EXPECT_EQ(socket.receive_text(), std::string(bob) + " hi");
}

}  // namespace
}  // namespace bailey
