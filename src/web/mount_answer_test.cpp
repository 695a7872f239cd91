// Answers of a mounted app that take their time: conversations, streams, what is left for the background, and what the
// client is told when the time is over.
#include <bailey/web/app.hpp>

#include <bailey/base/log.hpp>
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/background.hpp>
#include <bailey/web/request_deadline.hpp>
#include <bailey/web/streamed_answer.hpp>
#include <bailey/web/test_client.hpp>
#include "web/served_app.hpp"
#include "web/test_journal.hpp"

#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <latch>
#include <string>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using web_testing::Journal;
using web_testing::Served;

struct Tenant {
  std::string name;
};

TEST(MountedWebSocket, talks_below_the_prefix_with_what_the_app_around_it_has_found) {
  App inner, outer;
  inner.ws("/rooms/{room}", [](WebSocket socket, Path<"room"> room, const Request& request) -> Task<> {
    while (auto text = co_await socket.receive_text())
      co_await socket.send(request.outer()->state().get<Tenant>()->name + *room + *text);
  });
  outer.use(Middleware{.name = "tenant", .before = [](Request& request) -> Before {
                         request.state().set(Tenant{"anna "});
                         return Pass{};
                       }});
  outer.mount("/in", inner);
  TestClient client(outer);
  auto socket = client.ws("/in/rooms/a");
  for (const char* text : {" 1", " 2"}) {
    socket.send(text);
    EXPECT_EQ(socket.receive_text(), std::string("anna a") + text);
  }
  EXPECT_EQ(client.ws("/in/none").reply().status, 404);
  EXPECT_EQ(client.get("/in/rooms/a").status, 426);
}

TEST(MountedWebSocket, is_not_begun_for_whom_the_guard_around_it_does_not_admit) {
  Journal journal;
  App inner, outer;
  inner.ws("/", [&](WebSocket) -> Task<> {
    journal.add("begun");
    co_return;
  });
  outer.use(Guard{.name = "closed", .admit = [](Request&) -> Before { return Response::text(401, "who"); }});
  outer.mount("/in", inner);
  TestClient client(outer);
  EXPECT_EQ(client.ws("/in").reply().status, 401);
  EXPECT_EQ(journal.text(), "");
}

// The request of the app around it is used again for the next, and with it the one that the conversation looks at.
TEST(MountedWebSocket, whose_answer_a_layer_has_put_away_has_ended_before_the_next_is_given) {
  for (const bool is_inside : {true, false}) {
    Journal journal;
    App inner, outer;
    const Middleware replaces{.name = "replaces", .after = [](Request&, Response& response) {
                                if (response.status == 101) throw HttpError(500);
                              }};
    (is_inside ? inner : outer).use(replaces);
    inner.ws("/talk", [&](WebSocket socket, const Request& request) -> Task<> {
      socket.accept();
      static_cast<void>(co_await socket.receive());
      co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
      co_await sleep_for(20ms);
      journal.add("ended " + std::string(request.route()));
    });
    outer.mount("/in", inner);
    TestClient client(outer);
    EXPECT_EQ(client.ws("/in/talk").reply().status, 500) << is_inside;
    EXPECT_EQ(journal.text(), "ended /talk") << is_inside;
  }
}

TEST(MountedApp, streams_its_answers_through_the_layers_around_it) {
  App inner, outer;
  inner.get("/{count:int}", [](Path<"count", int> count, Output<"text/csv"> out) -> Task<> {
    for (int i = 0; i < *count; ++i) {
      co_await out.write(std::to_string(i) + "\n");
      co_await sleep_for(1ms);
    }
  });
  outer.use(
      Middleware{.name = "mark", .after = [](Request&, Response& response) { response.headers.set("x-mark", "yes"); }});
  outer.mount("/in", inner);
  TestClient client(outer);
  const TestReply reply = client.get("/in/3");
  EXPECT_EQ(reply.body, "0\n1\n2\n");
  EXPECT_EQ(reply.header("content-type"), "text/csv");
  EXPECT_EQ(reply.header("x-mark"), "yes");
}

TEST(MountedApp, starts_what_it_leaves_for_the_background_when_the_request_has_ended) {
  Journal journal;
  App inner, outer;
  inner.get("/{how}", [&](Path<"how"> how, Background background) {
    background.add("later", [&journal, name = *how]() -> Task<> {
      journal.add("background of " + name);
      co_return;
    });
    if (*how == "failed") throw HttpError(409);
    return 1;
  });
  outer.use(Middleware{.name = "note",
                       .after = [&](Request&, Response& response) { journal.add(std::to_string(response.status)); }});
  outer.mount("/in", inner);
  {
    TestClient client(outer);
    EXPECT_EQ(client.get("/in/failed").status, 409);
    EXPECT_EQ(client.get("/in/ended").status, 200);
  }
  EXPECT_EQ(journal.text(), "409, 200, background of ended");
}

TEST(MountedApp, tells_in_its_own_way_that_the_time_is_over) {
  log::set_sink([](log::Level, std::string_view) {});
  std::latch release(1);
  BlockingPool pool({.threads = 1, .queue_limit = 1});
  std::string noted;
  App inner, outer;
  inner.get("/slow", []() -> Task<std::string> {
    co_await sleep_for(20s);
    co_return "too late";
  });
  inner.get("/deaf", [&]() -> Task<std::string> {
    co_await pool.run([&release] { release.wait(); });
    co_return "too late";
  });
  inner.on_status(
      504, [](const Request& request) { return Response::text(504, "over in there: " + std::string(request.path())); });
  outer.on_status(504, [](const Request&) { return Response::text(504, "over out here"); });
  outer.use(Middleware{.name = "note",
                       .after = [&](Request&, Response& response) { noted += std::to_string(response.status) + ";"; }});
  outer.use(request_deadline(100ms));
  outer.mount("/in", inner);
  {
    Served served(outer, 1);
    for (const std::string path : {"/slow", "/deaf"}) {
      const std::string answer = served.talk("GET /in" + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 504")) << answer;
      EXPECT_TRUE(answer.ends_with("over in there: " + path)) << answer;
    }
    release.count_down();
  }
  log::set_sink({});
  EXPECT_EQ(noted, "504;504;");
}

}  // namespace
}  // namespace bailey
