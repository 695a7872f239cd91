// Guards of a program's own in front of a WebSocket: what comes with its first message, and how long it is let in.
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/test_client.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;

struct Greeting {
  std::string text;
};

Task<> echo(WebSocket socket) {
  while (auto message = co_await socket.receive()) co_await socket.send(*std::move(message));
}

// A guard of a program's own, whose password comes as the first message.
Guard by_first_message(std::chrono::milliseconds timeout = 5s) {
  return {.name = "password", .admit = [timeout](Request& request) -> Before {
            if (!request.is_web_socket()) throw HttpError(401);
            admit_by_first_message(request, timeout, [](Request& asking, std::string message) -> Task<> {
              co_await sleep_for(1ms);
              if (message == "nobody") co_return;
              if (message == "busy") throw HttpError(503, "Try later");
              if (message == "broken") throw std::runtime_error("a canary");
              if (message == "other") throw HttpError(403, "Not here");
              if (message != "sesame") throw HttpError(401, "Wrong password");
              asking.state().set_identity(std::nullopt);
            });
            return Pass{};
          }};
}

TEST(WebSocketGuard, that_waits_for_the_first_message_lets_nothing_begin_before_it) {
  std::atomic<int> made = 0, calls = 0;
  App app;
  app.use(by_first_message());
  app.provide([&](const Request& request) {
    ++made;
    EXPECT_TRUE(request.state().has_identity());
    return Greeting{"hello"};
  });
  app.ws("/{n}", [&](WebSocket socket, Greeting greeting, Path<"n", int>) -> Task<> {
    ++calls;
    socket.accept();  // it is already
    EXPECT_THROW(socket.accept({.protocol = ""}), Error);
    while (auto text = co_await socket.receive_text()) co_await socket.send(greeting.text + *text);
  });
  TestClient client(app);
  struct Case {
    std::string message;
    std::uint16_t code;
    std::string reason;
  };
  for (const Case& each : std::vector<Case>{{"wrong", 4401, "Wrong password"},
                                            {"", 4401, "Wrong password"},
                                            {"nobody", 4401, "Not authenticated"},
                                            {"other", 4403, "Not here"},
                                            {"busy", 1013, "Try later"},
                                            {"broken", 1011, "The server failed"}}) {
    auto socket = client.ws("/1");
    EXPECT_EQ(socket.reply().status, 101);
    socket.send(each.message);
    socket.send("and more");
    EXPECT_EQ(socket.wait_closed().code, each.code) << each.message;
    EXPECT_EQ(socket.wait_closed().reason, each.reason) << each.message;
  }
  {
    auto socket = client.ws("/1");
    socket.send_binary("sesame");
    EXPECT_EQ(socket.wait_closed().code, 4401);  // as any other message that is no token
    EXPECT_EQ(socket.wait_closed().reason, "A token comes as text");
    static_cast<void>(client.ws("/1"));  // goes without a word
  }
  EXPECT_EQ(made, 0);
  auto socket = client.ws("/1");
  socket.send("sesame");
  socket.send("!");
  EXPECT_EQ(socket.receive_text(), "hello!");
  EXPECT_EQ(calls, 1);
  auto invalid = client.ws("/x");
  invalid.send("sesame");
  EXPECT_EQ(invalid.wait_closed().code, 1008);
  EXPECT_TRUE(invalid.wait_closed().reason.starts_with("path.n: ")) << invalid.wait_closed().reason;
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(client.get("/1").status, 426);
}

TEST(WebSocketGuard, that_waits_for_the_first_message_does_not_wait_for_ever) {
  App app;
  app.use(by_first_message(20ms));
  app.ws("/", echo);
  TestClient client(app);
  EXPECT_EQ(client.ws("/").wait_closed().code, 4401);
}

TEST(WebSocketGuard, closes_at_the_expiry_of_what_was_shown) {
  App app;
  app.use(Guard{.name = "short", .admit = [](Request& request) -> Before {
                  request.state().set_identity(std::nullopt);
                  request.expire_at(system_clock().now());
                  return Pass{};
                }});
  app.ws("/", echo);
  app.ws("/deaf", [](WebSocket socket) -> Task<> {
    for (;;) {  // it notices where it sends
      co_await socket.send("tick");
      co_await sleep_for(5ms);
    }
  });
  TestClient client(app);
  for (const char* path : {"/", "/deaf"}) {
    auto socket = client.ws(path);
    EXPECT_EQ(socket.wait_closed().code, 4401) << path;
    EXPECT_EQ(socket.wait_closed().reason, "The token has expired") << path;
  }
}

}  // namespace
}  // namespace bailey
