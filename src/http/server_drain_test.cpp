// What a client sees that is in the midst of something when the server stops: no request of its own is lost without a
// word. The time that a connection gets for another request passes only when the test says so, or the loop is idle for
// that long.
#include <bailey/base/log.hpp>
#include <bailey/http/server.hpp>
#include <bailey/runtime/sleep.hpp>

#include "http/test_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
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

}  // namespace
}  // namespace bailey::http
