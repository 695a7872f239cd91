// What a client sees that is in the midst of something when the server stops: no request of its own is lost without a
// word. The time that a connection gets for another request passes only when the test says so, or the loop is idle for
// that long.
#include <bailey/base/log.hpp>
#include <bailey/http/server.hpp>
#include <bailey/runtime/sleep.hpp>

#include "http/test_server.hpp"
#include "http/waiting_handler.hpp"

#include <boost/asio/this_coro.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::http {
namespace {

using namespace test;
using namespace std::chrono_literals;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(ServerDraining, answers_the_next_request_of_who_was_just_answered_and_closes_then) {
  TestServer server(echo);
  RawClient client(server.port()), silent(server.port());
  client.send(get);
  ASSERT_EQ(status_of(client.answer()), 200);
  ASSERT_TRUE(server.wait_until([&] { return server.stats().connections_open == 2; }));
  server.stop_between([] {}, [&] { client.send(get); });
  const std::string answer = client.answer();
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_TRUE(answer.contains("Connection: close\r\n")) << answer;
  EXPECT_TRUE(client.is_at_end());
  EXPECT_TRUE(silent.is_at_end()) << "who brings none is closed without an answer";
  server.stop();
  EXPECT_EQ(server.stats().requests, 2U);
}

TEST(ServerDraining, answers_the_first_request_of_who_had_connected_before) {
  TestServer server(echo);
  std::vector<std::unique_ptr<RawClient>> clients;
  const auto connect = [&] {  // the system does, while the loop is busy with this
    for (int i = 0; i < 20; ++i) clients.push_back(std::make_unique<RawClient>(server.port()));
  };
  const auto ask = [&] {
    for (const auto& client : clients) client->send(get);
  };
  server.stop_between(connect, ask);
  server.stop();
  ASSERT_EQ(clients.size(), 20U);
  for (const auto& client : clients) {
    const std::string answer = client->answer();
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_TRUE(answer.contains("Connection: close\r\n")) << answer;
  }
}

// The kernel sends a reset when a connection is closed whose bytes are unread, and that may overtake the answer.
TEST(ServerDraining, lets_a_client_read_an_answer_behind_which_it_has_sent_more) {
  std::atomic<int> begun = 0;
  std::atomic<bool> go = false;
  TestServer server([&](Request&) -> Answer {
    return [](std::atomic<int>& started, std::atomic<bool>& may_end) -> Task<Response> {
      ++started;
      while (!may_end) co_await sleep_for(1ms);
      co_return Response::text(200, std::string(100'000, 'x'));
    }(begun, go);
  });
  RawClient client(server.port());
  client.send(get);
  ASSERT_TRUE(server.wait_until([&] { return begun == 1; }));
  client.send(get + get);
  server.request_stop();
  ASSERT_TRUE(server.wait_until([&] { return !RawClient(server.port()).is_connected(); }));
  go = true;
  client.finish_sending();
  bool clean = false;
  const std::string answer = client.everything(&clean);
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_EQ(body_of(answer).size(), 100'000U) << "and nothing behind it";
  EXPECT_TRUE(clean) << "reset";
  server.stop();
  EXPECT_EQ(begun, 1);
}

TEST(ServerDraining, is_over_in_a_moment_with_a_thousand_idle_clients) {
  TestServer server(echo);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 1000; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send(get);
    ASSERT_EQ(status_of(clients.back()->answer()), 200);
  }
  const auto began = std::chrono::steady_clock::now();
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
  for (const auto& client : clients) EXPECT_TRUE(client->is_at_end());
}

TEST(ServerDrain, lets_requests_in_flight_finish_and_closes_idle_connections) {
  std::atomic<int> begun = 0;
  std::atomic<bool> go = false;
  auto server = std::make_unique<TestServer>(
      [&](Request& request) -> Answer {
        if (request.path() != "/slow") return Response::text(200, "quick");
        return [](std::atomic<int>& started, std::atomic<bool>& may_end) -> Task<Response> {
          ++started;
          while (!may_end) co_await sleep_for(1ms);
          co_return Response::text(200, "done");
        }(begun, go);
      },
      ServerOptions{}, 2);
  const std::uint16_t port = server->port();
  RawClient idle(port), busy(port), silent(port);
  idle.send(get);
  EXPECT_EQ(status_of(idle.answer()), 200);
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(server->wait_until([&] { return begun == 1 && server->stats().connections_open == 3; }));
  server->request_stop();
  EXPECT_TRUE(idle.is_at_end());
  EXPECT_TRUE(silent.is_at_end());
  EXPECT_TRUE(server->wait_until([&] { return !RawClient(port).is_connected(); }));
  go = true;
  const std::string answer = busy.answer();
  EXPECT_EQ(body_of(answer), "done");
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(busy.is_at_end());
  server->stop();
  EXPECT_EQ(server->stats().connections_open, 0U);
}

TEST(ServerDrain, answers_the_requests_that_had_arrived_before_it_began) {
  constexpr std::size_t known_clients = 300;  // more than one look at the sockets tells of
  TestServer server(echo);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (std::size_t i = 0; i < known_clients; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->send(get);
    ASSERT_EQ(status_of(clients.back()->answer()), 200);
  }
  const auto send_all = [&] {  // while the loop is busy with this
    for (int i = 0; i < 5; ++i) clients.push_back(std::make_unique<RawClient>(server.port()));
    for (const auto& client : clients) client->send(get);
  };
  server.on_loop([&] {
    server.runtime().on_stop([&]() -> Task<> {
      send_all();
      co_return;
    });
  });
  server.request_stop();
  std::size_t answered = 0;
  server.stop();
  for (const auto& client : clients) {
    const std::string answer = client->answer();
    if (status_of(answer) == 200 && answer.contains("Connection: close\r\n")) ++answered;
  }
  EXPECT_EQ(answered, clients.size());
}

TEST(ServerDrain, cuts_what_does_not_end_in_time) {
  log::set_sink([](log::Level, std::string_view) {});
  Waiting waiting;
  {
    TestServer server(std::ref(waiting), {.shutdown_timeout = 20ms});
    RawClient client(server.port());
    client.send(get);
    ASSERT_TRUE(server.wait_until([&] { return waiting.begun == 1; }));
    server.stop();
    EXPECT_EQ(waiting.cancelled, 1);
    EXPECT_EQ(client.everything(), "");
    EXPECT_EQ(server.stats().connections_open, 0U);
  }
  log::set_sink({});
}

// Their waits may be due in the very turn in which they are cut.
TEST(ServerDrain, gives_handlers_that_it_cuts_the_time_to_notice) {
  Waiting waiting;
  Loop* loop = nullptr;
  std::atomic<int> deaf = 0;
  log::set_sink([&](log::Level, std::string_view line) {
    deaf += line.contains("takes no notice") ? 1 : 0;
    if (line.contains("cutting connections")) loop->post([&] { loop->post([&] { loop->advance_timers(300ms); }); });
  });
  {
    TestServer server(std::ref(waiting), {.shutdown_timeout = 20ms});
    loop = &server.runtime().loop(0);
    RawClient client(server.port());
    client.send(get);
    ASSERT_TRUE(server.wait_until([&] { return waiting.begun == 1; }));
    server.stop();
  }
  log::set_sink({});
  EXPECT_EQ(waiting.cancelled, 1);
  EXPECT_EQ(deaf, 0);
}

TEST(ServerDrain, finishes_a_request_whose_head_was_on_its_way) {
  TestServer server(echo);
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHos");
  ASSERT_TRUE(server.wait_until([&] { return server.stats().connections_open == 1; }));
  server.on_loop([] {});
  server.on_loop([] {});
  server.request_stop();
  ASSERT_TRUE(server.wait_until([&] { return !RawClient(server.port()).is_connected(); }));
  client.send("t: a\r\n\r\n");
  const std::string answer = client.answer();
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

}  // namespace
}  // namespace bailey::http
