// What a WebSocket's route keeps, and until when: its dependencies, its answer, what it leaves for the background.
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/background.hpp>
#include <bailey/web/test_client.hpp>
#include "web/test_journal.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using web_testing::Journal;

struct Greeting {
  std::string text;
};

Task<> echo(WebSocket socket) {
  while (auto message = co_await socket.receive()) co_await socket.send(*std::move(message));
}

struct Session {
  std::string name;
};
struct Lease {
  std::string name;
};

TEST(WebSocketRoute, keeps_what_its_dependencies_have_opened_until_its_handler_has_ended) {
  Journal journal;
  App app;
  app.depends(depends([&](Header<"x-name", std::optional<std::string>>) { journal.add("app"); }));
  app.provide([&](Path<"room"> room, Yield<Session> yield) -> Task<> {
    journal.add("session opened");
    Session session{*room};
    co_await sleep_for(1ms);
    try {
      co_await yield(session);
      journal.add("session closed");
    } catch (const std::exception& error) {
      journal.add(std::string("session lost: ") + error.what());
      throw;
    }
  });
  app.provide([&](Path<"room"> room, Yield<Lease, Lifetime::request> yield) -> Task<> {
    journal.add("lease opened");
    co_await yield(Lease{*room});
    journal.add("lease closed");
  });
  app.ws("/rooms/{room}", [&](WebSocket socket, Session& session, Lease& lease) -> Task<> {
    journal.add("handler");
    auto message = co_await socket.receive();
    co_await sleep_for(1ms);
    co_await socket.send(session.name + lease.name);
    journal.add("handler done");
    if (message && message->data == "fail") throw HttpError(409, "no");
  });
  {
    TestClient client(app);
    auto socket = client.ws("/rooms/a");
    socket.send("x");
    EXPECT_EQ(socket.receive_text(), "aa");
    EXPECT_EQ(socket.wait_closed().code, 1000);
  }
  EXPECT_EQ(journal.text(), "app, session opened, lease opened, handler, handler done, session closed, lease closed");
  {
    TestClient client(app);
    auto socket = client.ws("/rooms/a");
    socket.send("fail");
    EXPECT_EQ(socket.wait_closed().reason, "no");
  }
  EXPECT_TRUE(journal.text().ends_with("handler done, session lost: no, lease closed")) << journal.text();
}

// A user of its own making: the first message names them.
TEST(WebSocketRoute, lets_a_dependency_talk_before_its_handler_does) {
  App app;
  app.provide([](WebSocket socket) -> Task<Greeting> {
    auto name = co_await socket.receive_text();
    if (!name) throw http::WebSocketDisconnect(name.error());
    co_return Greeting{*name};
  });
  app.ws("/", [](WebSocket socket, Greeting greeting) -> Task<> {
    socket.accept();  // it is already
    while (auto text = co_await socket.receive_text()) co_await socket.send(greeting.text + ": " + *text);
  });
  TestClient client(app);
  auto ada = client.ws("/");
  auto bob = client.ws("/");
  ada.send("ada");
  bob.send("bob");
  bob.send("hi");
  ada.send("hi");
  EXPECT_EQ(ada.receive_text(), "ada: hi");
  EXPECT_EQ(bob.receive_text(), "bob: hi");
}

TEST(WebSocketRoute, whose_answer_a_layer_has_put_away_has_ended_before_the_next_is_given) {
  Journal journal;
  App app;
  app.use(Middleware{.name = "replaces", .after = [](Request&, Response& response) {
                       if (response.status == 101) throw HttpError(500);
                     }});
  app.provide([&](Yield<Session> yield) -> Task<> {
    Session session{"a"};
    try {
      co_await yield(session);
    } catch (...) {
    }
    // Cancelled, it takes its time.
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    co_await sleep_for(20ms);
    journal.add("closed " + session.name);
  });
  app.ws("/", [&](WebSocket socket, Session& session, const Request& request) -> Task<> {
    socket.accept();
    static_cast<void>(co_await socket.receive());
    journal.add("ended " + session.name + std::string(request.route()));
    throw HttpError(409);
  });
  TestClient client(app);
  EXPECT_EQ(client.ws("/").reply().status, 500);
  EXPECT_EQ(journal.text(), "ended a/, closed a");
}

TEST(WebSocketRoute, starts_what_it_leaves_for_the_background_when_it_has_ended_well) {
  Journal journal;
  App app;
  app.ws("/{how}", [&](WebSocket socket, Path<"how"> how, Background background) -> Task<> {
    socket.accept();
    background.add("later", [&journal, name = *how]() -> Task<> {
      journal.add("background of " + name);
      co_return;
    });
    static_cast<void>(co_await socket.receive());
    journal.add(*how);
    if (*how == "failed") throw HttpError(409);
  });
  {
    TestClient client(app);
    for (const char* how : {"/failed", "/ended"}) {
      auto socket = client.ws(how);
      socket.send("x");
      static_cast<void>(socket.wait_closed());
    }
  }
  EXPECT_EQ(journal.text(), "failed, ended, background of ended");
}

TEST(WebSocketRoute, is_what_a_stalled_loop_says_it_runs) {
  Journal journal;
  App app;
  app.ws("/talk/{n}", [&](WebSocket socket, Path<"n">) -> Task<> {
    while (auto message = co_await socket.receive()) {
      const std::string* const running = Loop::current().activity();
      journal.add(running == nullptr ? "unknown" : *running);
      co_await socket.send("");
    }
  });
  TestClient client(app);
  auto socket = client.ws("/talk/1");
  for (int i = 0; i < 2; ++i) {
    socket.send("x");
    static_cast<void>(socket.receive());
  }
  EXPECT_EQ(journal.text(), "WS /talk/{n}, WS /talk/{n}");
}

TEST(WebSocketRoute, is_told_that_the_app_goes) {
  App app;
  app.ws("/", echo);
  app.ws("/asleep", [](WebSocket socket) -> Task<> {
    socket.accept();
    co_await sleep_for(1h);
  });
  std::optional<TestClient> client(std::in_place, app);
  auto socket = client->ws("/");
  socket.send("x");
  EXPECT_EQ(socket.receive_text(), "x");
  auto asleep = client->ws("/asleep");
  client.reset();
  EXPECT_EQ(socket.wait_closed().code, 1012);
  EXPECT_EQ(asleep.wait_closed().code, 1012);
  EXPECT_THROW(socket.send("y"), http::WebSocketDisconnect);
}

}  // namespace
}  // namespace bailey
