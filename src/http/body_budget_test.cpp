// One bound on the memory of all request bodies together: the budget alone, and as clients of a server meet it.
#include "http/body_budget.hpp"

#include <bailey/runtime/sleep.hpp>

#include "http/test_server.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace bailey::http {
namespace {

using namespace test;
using namespace std::chrono_literals;

TEST(BodyBudget, is_given_back_when_a_share_goes_and_never_exceeded) {
  BodyBudget budget(100);
  {
    BodyBudget::Share one(budget), other(budget);
    EXPECT_TRUE(one.grow_to(60));
    EXPECT_TRUE(one.grow_to(50));
    EXPECT_EQ(budget.used_bytes(), 60);
    EXPECT_TRUE(budget.has_room_for(40));
    EXPECT_FALSE(budget.has_room_for(41));
    EXPECT_FALSE(other.grow_to(41));
    EXPECT_TRUE(other.grow_to(40));
    EXPECT_FALSE(one.grow_to(61));
    EXPECT_FALSE(one.grow_to(~std::size_t{0}));
    other.give_back();
    EXPECT_TRUE(one.grow_to(100));
  }
  EXPECT_EQ(budget.used_bytes(), 0);
}

TEST(BodyBudget, is_kept_by_threads_that_take_of_it_at_once) {
  constexpr std::size_t limit = 1000;
  BodyBudget budget(limit);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5000; ++round) {
        BodyBudget::Share share(budget);
        for (std::size_t bytes = 100; share.grow_to(bytes) && bytes < limit; bytes += 100) continue;
        EXPECT_LE(budget.used_bytes(), limit);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(budget.used_bytes(), 0);
}

constexpr std::size_t body_bytes = 100'000;

std::string head_of(std::size_t length) {
  return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

std::string chunk(std::size_t size) {
  std::string text(16, '\0');
  text.resize(static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%zx\r\n", size)));
  return text.append(size, 'x').append("\r\n");
}

// Answers with the length of the body.
Answer measure(Request& request) {
  return [](Request& later) -> Task<Response> {
    const std::string_view body = co_await later.body();
    co_return Response::text(200, std::to_string(body.size()));
  }(request);
}

ServerOptions room_for(std::size_t bytes) { return {.body_memory_limit_bytes = bytes}; }

void expect_overloaded(const std::string& answer) {
  EXPECT_EQ(status_of(answer), 503) << answer;
  EXPECT_NE(answer.find("\r\nRetry-After: 1\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("\r\nConnection: close\r\n"), std::string::npos) << answer;
}

TEST(BodyMemory, that_is_used_up_refuses_a_body_before_it_is_read_and_takes_it_once_there_is_room) {
  TestServer server(measure, room_for(150'000));
  RawClient first(server.port());
  first.send(head_of(body_bytes) + std::string(body_bytes - 1, 'x'));
  ASSERT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes >= body_bytes - 1; }));

  RawClient second(server.port());
  second.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n\r\n");
  expect_overloaded(second.everything());
  RawClient chunked(server.port());
  chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(body_bytes) + "0\r\n\r\n");
  expect_overloaded(chunked.everything());
  EXPECT_EQ(server.stats().bodies_refused, 2);

  RawClient small(server.port());  // needs no more than any connection has
  small.send(head_of(1000) + std::string(1000, 'x'));
  EXPECT_EQ(body_of(small.answer()), "1000");

  first.send("x");
  EXPECT_EQ(body_of(first.answer()), "100000");
  ASSERT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes == 0; }));
  RawClient third(server.port());
  third.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(body_bytes) + "0\r\n\r\n");
  EXPECT_EQ(body_of(third.answer()), "100000");
}

TEST(BodyMemory, that_a_body_alone_could_not_have_is_a_matter_of_its_size) {
  TestServer server(measure, room_for(50'000));
  RawClient known(server.port());
  known.send(head_of(body_bytes));
  EXPECT_EQ(status_of(known.everything()), 413);
  RawClient chunked(server.port());
  chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(body_bytes) + "0\r\n\r\n");
  EXPECT_EQ(status_of(chunked.everything()), 413);
}

TEST(BodyMemory, is_taken_by_what_has_come_and_not_by_what_is_announced) {
  TestServer server(measure, room_for(150'000));
  std::vector<std::unique_ptr<RawClient>> announcers;
  for (int i = 0; i < 20; ++i) {
    announcers.push_back(std::make_unique<RawClient>(server.port()));
    announcers.back()->send(head_of(body_bytes) + "x");
  }
  ASSERT_TRUE(server.wait_until([&] { return server.stats().requests == 20; }));
  EXPECT_LT(server.stats().body_memory_bytes, 20 * 1024 * 20);
}

TEST(BodyMemory, of_many_uploads_at_once_is_bounded_and_each_gets_an_answer) {
  constexpr std::size_t limit = 500'000;
  TestServer server(measure, room_for(limit), 2);
  std::atomic<int> taken = 0, refused = 0;
  std::atomic<std::uint64_t> most = 0;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 24; ++i) {
    clients.emplace_back([&, i] {
      RawClient client(server.port());
      if (i % 2 == 0) {
        client.send(head_of(body_bytes));
        for (int part = 0; part < 10; ++part) {
          if (!client.send(std::string(body_bytes / 10, 'x'))) break;
          most = std::max<std::uint64_t>(most, server.stats().body_memory_bytes);
          std::this_thread::sleep_for(1ms);
        }
      } else {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int part = 0; part < 10; ++part) {
          if (!client.send(chunk(body_bytes / 10))) break;
          std::this_thread::sleep_for(1ms);
        }
        client.send("0\r\n\r\n");
      }
      const std::string answer = client.answer();
      if (status_of(answer) == 200)
        ++taken;
      else if (status_of(answer) == 503)
        ++refused;
      else
        ADD_FAILURE() << answer;
    });
  }
  clients.clear();
  EXPECT_EQ(taken + refused, 24);
  EXPECT_GE(taken, 1);
  EXPECT_LE(most, limit);
  EXPECT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes == 0; }));
}

TEST(BodyMemory, comes_back_from_clients_that_leave_or_stall) {
  TestServer server(measure, {.body_memory_limit_bytes = 350'000, .linger_timeout = 100ms});
  RawClient leaves(server.port()), resets(server.port()), stalls(server.port());
  for (RawClient* const client : {&leaves, &resets, &stalls})
    client->send(head_of(body_bytes) + std::string(90'000, 'x'));
  ASSERT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes >= 270'000; }));
  leaves.close();
  resets.reset();
  ASSERT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes <= body_bytes; }));
  EXPECT_GE(server.stats().body_memory_bytes, 90'000);
  server.advance(21s);  // body_stall_timeout
  EXPECT_EQ(status_of(stalls.everything()), 408);
  EXPECT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes == 0; }));
}

TEST(BodyMemory, is_not_taken_by_a_body_that_is_read_in_parts) {
  TestServer server(
      [](Request& request) -> Answer {
        return [](Request& later) -> Task<Response> {
          std::string part(10'000, '\0');
          std::size_t total = 0;
          for (;;) {
            const std::size_t count = co_await later.read_some(part);
            if (count == 0) break;
            total += count;
          }
          co_return Response::text(200, std::to_string(total));
        }(request);
      },
      room_for(50'000));
  RawClient client(server.port());
  client.send(head_of(body_bytes) + std::string(body_bytes, 'x'));
  EXPECT_EQ(body_of(client.answer()), "100000");
}

}  // namespace
}  // namespace bailey::http
