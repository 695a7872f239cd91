// Each timeout is crossed by telling the loop's timer wheel that time has passed.
#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/http/server.hpp>
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>

#include "http/test_server.hpp"
#include "http/waiting_handler.hpp"

#include <boost/asio/this_coro.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <latch>

namespace bailey::http {
namespace {

using namespace test;
using namespace std::chrono_literals;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(ServerTimeout, answers_408_when_a_head_does_not_come_to_its_end) {
  TestServer server(echo);
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\n");
  server.on_loop([] {});
  server.on_loop([] {});
  server.advance(5s);
  client.send("X-Slow: 1\r\n");  // a byte now and then does not help
  server.on_loop([] {});
  server.advance(6s);
  const std::string answer = client.everything();
  EXPECT_EQ(status_of(answer), 408);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

TEST(ServerTimeout, closes_silently_when_nothing_comes_at_all) {
  TestServer server(echo);
  RawClient client(server.port());
  ASSERT_TRUE(server.wait_until([&] { return server.stats().connections_open == 1; }));
  server.advance(600ms);  // parked
  server.on_loop([] {});
  server.advance(10s);
  EXPECT_TRUE(client.is_at_end());
}

TEST(ServerTimeout, closes_an_idle_connection_silently_but_serves_it_until_then) {
  TestServer server(echo);
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    client.send(get);
    EXPECT_EQ(status_of(client.answer()), 200);
    server.on_loop([] {});
    server.advance(700ms);  // gives its workspace back
    server.on_loop([] {});
    server.advance(10s);
    server.on_loop([] {});
  }
  server.advance(5s);
  EXPECT_TRUE(client.is_at_end());
}

TEST(ServerTimeout, answers_408_when_a_body_stalls) {
  TestServer server(echo);
  for (const char* request : {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc",
                              "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"}) {
    RawClient client(server.port());
    client.send(request);
    ASSERT_TRUE(server.wait_until([&] { return server.stats().requests > 0; }));
    server.on_loop([] {});
    server.advance(19s);
    client.send("d");
    server.on_loop([] {});
    server.on_loop([] {});
    server.advance(19s);
    server.on_loop([] {});
    server.advance(2s);
    EXPECT_EQ(status_of(client.everything()), 408);
  }
}

TEST(ServerTimeout, answers_408_when_a_body_trickles_but_takes_a_slow_one) {
  TestServer server(echo);
  RawClient trickling(server.port()), slow(server.port());
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n";
  trickling.send(head);
  slow.send(head);
  ASSERT_TRUE(server.wait_until([&] { return server.stats().requests == 2; }));
  const std::string part(5000, 'b');
  for (int i = 0; i < 4; ++i) {
    server.on_loop([] {});
    server.advance(15s);
    trickling.send("b");
    slow.send(part);
    server.on_loop([] {});
    server.on_loop([] {});
  }
  EXPECT_EQ(status_of(trickling.answer()), 408);
  EXPECT_EQ(status_of(slow.answer()), 200);
}

// Whoever has sent nearly all at once has not paid for dawdling over the rest.
TEST(ServerTimeout, does_not_let_a_body_trickle_since_most_of_it_came_fast) {
  TestServer server(echo);
  RawClient client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + std::string(999'000, 'b'));
  ASSERT_TRUE(server.wait_until([&] { return server.stats().body_memory_bytes >= 999'000; }));
  int seconds = 0;
  for (; seconds < 300 && server.stats().body_memory_bytes > 0; seconds += 15) {
    server.advance(15s);
    client.send("b");
    for (int i = 0; i < 10; ++i) server.on_loop([] {});
  }
  EXPECT_LE(seconds, 45);
  EXPECT_EQ(status_of(client.everything()), 408);
}

// It sends all the time, and takes nothing.
TEST(ServerTimeout, closes_when_the_client_does_not_read_what_answers_it_while_it_sends) {
  log::set_sink([](log::Level, std::string_view) {});
  TestServer server(
      [](Request& request) -> Answer {
        return Response::stream(200, "text/plain", [&request](BodyWriter& writer) -> Task<> {
          const auto read = [](Request& from) -> Task<> {
            std::string part(100, '\0');
            while (co_await from.read_some(part) != 0) continue;
          };
          const auto write = [](BodyWriter& to) -> Task<> {
            const std::string part(1'000'000, 'z');
            for (;;) co_await to.write(part);
          };
          co_await when_all(read(request), write(writer));
        });
      },
      {.body_bytes_per_second = 0, .write_timeout = 5s});
  RawClient client(server.port(), 64 * 1024);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  ASSERT_TRUE(server.wait_until([&] { return server.stats().requests == 1; }));
  int seconds = 0;
  for (; seconds < 60 && server.stats().connections_open == 1; ++seconds) {
    server.advance(1s);
    client.send("z");
    for (int i = 0; i < 10; ++i) server.on_loop([] {});
  }
  EXPECT_LE(seconds, 12);
  server.stop();
  log::set_sink({});
}

// The other way round: what is read while it sends stalls, and the answer goes on.
TEST(ServerTimeout, lets_a_stream_write_on_when_the_body_it_reads_meanwhile_stalls) {
  std::promise<std::string> code;
  TestServer server(
      [&](Request& request) -> Answer {
        return Response::stream(200, "text/plain", [&](BodyWriter& writer) -> Task<> {
          const auto read = [](Request& from, std::promise<std::string>& failure) -> Task<> {
            std::string part(100, '\0');
            try {
              while (co_await from.read_some(part) != 0) continue;
            } catch (const Error& error) {
              failure.set_value(error.code());
            }
          };
          const auto write = [](BodyWriter& to) -> Task<> {
            const std::string part(10'000'000, 'z');
            co_await to.write(part);
          };
          co_await when_all(read(request, code), write(writer));
        });
      },
      {.body_stall_timeout = 5s});
  RawClient client(server.port(), 64 * 1024);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
  ASSERT_TRUE(server.wait_until([&] { return server.stats().requests == 1; }));
  for (int i = 0; i < 10; ++i) server.on_loop([] {});
  server.advance(6s);
  EXPECT_EQ(code.get_future().get(), "request_timeout");
  const std::string answer = client.everything();
  EXPECT_EQ(std::ranges::count(answer, 'z'), 10'000'000);
  EXPECT_TRUE(answer.ends_with("\r\n0\r\n\r\n"));
}

TEST(ServerTimeout, closes_when_the_client_does_not_read_its_answer) {
  const std::string large(30'000'000, 'z');
  std::atomic<int> asked = 0;
  TestServer server([&](Request&) -> Answer {
    ++asked;
    return Response::text(200, large);
  });
  RawClient client(server.port());
  client.send(get);
  ASSERT_TRUE(server.wait_until([&] { return asked == 1; }));
  for (int i = 0; i < 100 && server.stats().connections_open == 1; ++i) server.advance(31s);
  EXPECT_EQ(server.stats().connections_open, 0U);
}

// A client that has asked for more than fits into all buffers, and takes some of it now and then: more than its own
// buffer holds, so that it must have made room in the server's, but too little for the system to call that writable.
class SlowReader {
 public:
  explicit SlowReader(ServerOptions options = {})
      : server_(answer_at_length, options), client_(server_.port(), 8 * 1024) {
    client_.send(get);
    server_.wait_until([&] { return server_.stats().requests == 1; });
    for (int i = 0; i < 10; ++i) server_.on_loop([] {});  // the send buffer is full now
  }
  // Three kilobytes a second, and between two looks of the server it has always read.
  bool reads_on() { return client_.read_until(++parts_ * 64 * 1024) && still_there_after_20s(); }
  bool still_there_after_20s() {
    server_.advance(20s);
    server_.on_loop([] {});
    return server_.stats().connections_open == 1;
  }

 private:
  static Answer answer_at_length(Request&) { return Response::text(200, std::string(30'000'000, 'z')); }

  TestServer server_;
  RawClient client_;
  std::size_t parts_ = 0;
};

TEST(ServerTimeout, does_not_close_on_a_client_that_reads_its_answer_slowly_but_steadily) {
  SlowReader reader;
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(reader.reads_on()) << i;
  int more = 0;  // it reads no more
  while (reader.still_there_after_20s() && more < 10) ++more;
  EXPECT_LT(more, 10);
}

TEST(ServerTimeout, closes_when_the_client_reads_its_answer_more_slowly_than_is_allowed) {
  SlowReader slow({.write_bytes_per_second = 10'000});
  int times = 0;
  while (slow.reads_on() && times < 12) ++times;
  EXPECT_LT(times, 12);
  EXPECT_GE(times, 1) << "a while is free";
  SlowReader fast_enough({.write_bytes_per_second = 2'000});
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(fast_enough.reads_on()) << i;
  SlowReader unbounded({.write_bytes_per_second = 0});
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(unbounded.reads_on()) << i;
}

TEST(ServerTimeout, cancels_a_handler_at_its_deadline_and_answers_504) {
  Waiting waiting;
  TestServer server(std::ref(waiting));
  RawClient client(server.port());
  client.send(get);
  ASSERT_TRUE(server.wait_until([&] { return waiting.begun == 1; }));
  server.advance(29s);
  EXPECT_EQ(waiting.cancelled, 0);
  server.advance(1200ms);
  EXPECT_EQ(status_of(client.answer()), 504);
  EXPECT_EQ(waiting.cancelled, 1);
  client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n");  // the connection goes on
  EXPECT_EQ(body_of(client.answer()), "now");
  client.send(get);  // and its next handler can be cancelled as well
  ASSERT_TRUE(server.wait_until([&] { return waiting.begun == 2; }));
  server.advance(30500ms);
  EXPECT_EQ(status_of(client.answer()), 504);
  EXPECT_EQ(waiting.cancelled, 2);
  EXPECT_EQ(server.stats().handlers_cancelled, 2U);
}

// A handler that takes no notice that it is cancelled, nor does what it awaits; and then it wants the body.
struct Deaf {
  std::latch begun{1}, release{1};
  std::atomic<int> refused = 0;
  BlockingPool pool{{.threads = 1, .queue_limit = 1}};

  Answer operator()(Request& request) { return serve(request); }
  Task<Response> serve(Request& request) {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    co_await pool.run([this] {
      begun.count_down();
      release.wait();
    });
    try {
      const std::string_view body = co_await request.body();
      EXPECT_EQ(body, "");
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "peer_gone");
      ++refused;
    }
    co_return Response::text(200, "too late");
  }
};

TEST(ServerTimeout, answers_504_for_a_handler_that_cannot_be_cancelled_and_lets_it_end_by_itself) {
  log::set_sink([](log::Level, std::string_view) {});
  for (const std::string method : {"GET", "HEAD", "POST"}) {
    Deaf deaf;
    TestServer server(std::ref(deaf));
    RawClient client(server.port());
    client.send(method + " / HTTP/1.1\r\nHost: a\r\n" + (method == "POST" ? "Content-Length: 10\r\n" : "") + "\r\n");
    deaf.begun.wait();
    server.advance(31s);
    server.on_loop([] {});
    server.advance(1500ms);
    bool clean = false;
    const std::string answer = client.everything(&clean);
    EXPECT_EQ(status_of(answer), 504) << method;
    EXPECT_TRUE(answer.contains("Connection: close\r\n")) << answer;
    EXPECT_EQ(body_of(answer).empty(), method == "HEAD") << "as the answer to any other: " << answer;
    EXPECT_TRUE(clean);
    EXPECT_EQ(server.stats().connections_open, 1U) << "the handler's frame is there still";
    deaf.release.count_down();
    EXPECT_TRUE(server.wait_until([&] { return server.stats().connections_open == 0; }));
    EXPECT_EQ(deaf.refused, method == "POST" ? 1 : 0);
  }
  log::set_sink({});
}

TEST(ServerTimeout, cancels_a_handler_when_the_client_resets) {
  Waiting waiting;
  TestServer server(std::ref(waiting));
  RawClient client(server.port());
  client.send(get);
  ASSERT_TRUE(server.wait_until([&] { return waiting.begun == 1; }));
  client.reset();
  server.advance(300ms);
  EXPECT_TRUE(server.wait_until([&] { return waiting.cancelled == 1; }));
  EXPECT_TRUE(server.wait_until([&] { return server.stats().connections_open == 0; }));
}

TEST(ServerTimeout, cancels_a_handler_a_while_after_the_client_has_closed) {
  Waiting waiting;
  TestServer server(std::ref(waiting));
  RawClient client(server.port());
  client.send(get);
  ASSERT_TRUE(server.wait_until([&] { return waiting.begun == 1; }));
  client.close();
  server.advance(300ms);
  server.advance(200ms);
  EXPECT_EQ(waiting.cancelled, 0);
  server.advance(1s);
  EXPECT_TRUE(server.wait_until([&] { return waiting.cancelled == 1; }));
  EXPECT_TRUE(server.wait_until([&] { return server.stats().connections_open == 0; }));
}

TEST(ServerTimeout, cancels_a_stream_when_the_client_resets_but_not_at_the_handler_s_deadline) {
  std::atomic<int> begun = 0, cancelled = 0;
  TestServer server([&](Request&) -> Answer {
    return Response::stream(200, "text/event-stream", [&](BodyWriter& writer) -> Task<> {
      co_await writer.write("first");
      ++begun;
      try {
        co_await sleep_for(1h);
      } catch (const boost::system::system_error&) {
        ++cancelled;
        throw;
      }
    });
  });
  RawClient client(server.port());
  client.send(get);
  ASSERT_TRUE(server.wait_until([&] { return begun == 1; }));
  server.advance(10min);
  EXPECT_EQ(cancelled, 0);
  client.reset();
  server.advance(300ms);
  EXPECT_TRUE(server.wait_until([&] { return cancelled == 1; }));
}

TEST(ServerTimeout, does_not_count_waiting_for_the_body_against_the_handler) {
  TestServer server(echo, {.body_bytes_per_second = 0});
  RawClient client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
  for (char c : std::string("hello")) {
    ASSERT_TRUE(server.wait_until([&] { return server.stats().requests == 1; }));
    server.on_loop([] {});
    server.advance(15s);
    client.send({&c, 1});
    server.on_loop([] {});
    server.on_loop([] {});
  }
  EXPECT_EQ(body_of(client.answer()), "POST / hello");
}

// Shutting down.

}  // namespace
}  // namespace bailey::http
