// Answers that are streamed: in chunks, of known length, without an end.
#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>

#include "http/memory_use.hpp"
#include "http/test_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

namespace bailey::http::test {
namespace {

using namespace std::chrono_literals;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

// Parameters, not captures: the lambda may be gone while the task runs.
Task<> write_parts(BodyWriter& out, std::string part, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) co_await out.write(part);
}

std::string without_chunks(std::string_view text) {
  std::string body;
  for (text = body_of(text); !text.starts_with("0\r\n");) {
    const std::size_t size = std::stoul(std::string(text), nullptr, 16);
    text.remove_prefix(text.find("\r\n") + 2);
    body += text.substr(0, size);
    text.remove_prefix(size + 2);
  }
  return body;
}

Task<std::string> code_of_reading(Request& request) {
  try {
    static_cast<void>(co_await request.body());
  } catch (const Error& error) {
    co_return error.code();
  }
  co_return "";
}

Answer stream_of(std::uint64_t announced, std::string part, std::size_t count) {
  return Response::stream(200, "application/octet-stream", announced,
                          [part, count](BodyWriter& out) { return write_parts(out, part, count); });
}

TEST(Server, keeps_a_part_that_is_a_text_of_its_own_until_it_is_written) {
  TestServer server([](Request&) -> Answer {
    return Response::stream(200, "text/plain", [](BodyWriter& writer) -> Task<> {
      const std::string name(100, 'n');
      Task<> later = writer.write(name + "!");
      co_await sleep_for(1ms);
      co_await std::move(later);
    });
  });
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(client.answer().contains(std::string(100, 'n') + "!"));
}

TEST(Server, streams_an_answer_in_chunks_and_goes_on) {
  TestServer server([](Request& request) -> Answer {
    if (request.path() != "/stream") return echo(request);
    return Response::stream(200, "text/event-stream", [](BodyWriter& writer) -> Task<> {
      co_await writer.write("hello ");
      co_await writer.write("");
      co_await sleep_for(1ms);
      const std::string large(1'000'000, 'w');
      co_await writer.write(large);
    });
  });
  RawClient client(server.port());
  client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n" + get);
  const std::string answer = client.answer();
  EXPECT_NE(answer.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_TRUE(body_of(answer).starts_with("6\r\nhello \r\nf4240\r\nwww"));
  EXPECT_TRUE(answer.ends_with("www\r\n0\r\n\r\n"));
  EXPECT_EQ(body_of(client.answer()), "GET / ");
}

TEST(Server, sends_the_parts_that_several_tasks_write_one_after_the_other) {
  for (const bool in_chunks : {true, false}) {
    TestServer server([in_chunks](Request&) -> Answer {
      const auto write = [](BodyWriter& out) -> Task<> {
        co_await when_all(write_parts(out, std::string(300'000, 'a'), 10),
                          write_parts(out, std::string(300'000, 'b'), 10));
      };
      if (in_chunks) return Response::stream(200, "text/plain", write);
      return Response::stream(200, "text/plain", 6'000'000, write);
    });
    RawClient client(server.port(), 64 * 1024);
    client.send(get);
    std::this_thread::sleep_for(50ms);  // until they have to wait
    const std::string answer = client.answer();
    const std::string body = in_chunks ? without_chunks(answer) : std::string(body_of(answer));
    ASSERT_EQ(body.size(), 6'000'000U);
    for (std::size_t at = 0; at < body.size(); at += 300'000)
      EXPECT_TRUE(body.substr(at, 300'000) == std::string(300'000, body[at])) << "a part is not whole";
    EXPECT_EQ(std::ranges::count(body, 'a'), 3'000'000);
  }
}

TEST(Server, lets_one_at_a_time_read_a_body) {
  TestServer server([](Request& request) -> Answer {
    return [](Request& of) -> Task<Response> {
      const auto [first, second] = co_await when_all(code_of_reading(of), code_of_reading(of));
      co_return Response::text(200, first + second);
    }(request);
  });
  RawClient client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
  ASSERT_TRUE(server.wait_until([&] { return server.stats().requests == 1; }));
  client.send("hello");
  EXPECT_EQ(body_of(client.answer()), "read_in_progress");
}

TEST(Server, says_in_the_log_that_a_stream_is_shorter_than_was_announced) {
  std::string logged;
  log::set_sink([&](log::Level, std::string_view line) { logged += line; });
  {
    TestServer server([](Request&) -> Answer { return stream_of(10, "half", 1); });
    RawClient client(server.port());
    client.send(get);
    EXPECT_EQ(body_of(client.everything()), "half");
  }
  log::set_sink({});
  EXPECT_NE(logged.find("shorter than was announced"), std::string::npos) << logged;
}

TEST(Server, lets_a_stream_read_the_body_it_answers) {
  TestServer server([](Request& request) -> Answer {
    return Response::stream(200, "text/plain", [&request](BodyWriter& out) -> Task<> {
      std::string part(1000, '\0');
      for (;;) {
        const std::size_t count = co_await request.read_some(part);
        if (count == 0) break;
        co_await out.write(std::string_view(part).substr(0, count));
      }
    });
  });
  RawClient client(server.port());
  for (const std::size_t size : {0UL, 5UL, 5000UL, 50'000UL}) {
    const std::string body(size, 'b');
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + body);
    EXPECT_EQ(without_chunks(client.answer()), body);
  }
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  std::string answer;
  char byte = 0;
  while (!answer.ends_with("\r\n\r\n") && ::recv(client.descriptor(), &byte, 1, 0) == 1) answer.push_back(byte);
  EXPECT_EQ(status_of(answer), 200) << "a 100 would come too late";
  EXPECT_TRUE(answer.contains("Connection: close\r\n"));
  client.send("hello");
  EXPECT_EQ(client.everything(), "5\r\nhello\r\n0\r\n\r\n");
}

TEST(Server, closes_behind_the_head_of_a_stream_for_http_1_0) {
  TestServer server(
      [](Request&) -> Answer { return Response::stream(200, "text/plain", [](BodyWriter&) -> Task<> { co_return; }); });
  RawClient client(server.port());
  client.send("HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(client.answer(true).contains("Connection: close\r\n"));
  EXPECT_TRUE(client.is_at_end());
}

TEST(Server, cuts_a_stream_that_fails_so_that_it_looks_incomplete) {
  log::set_sink([](log::Level, std::string_view) {});
  TestServer server([](Request&) -> Answer {
    return Response::stream(200, "text/plain", [](BodyWriter& writer) -> Task<> {
      co_await writer.write("part");
      throw std::runtime_error("broke");
    });
  });
  RawClient client(server.port());
  client.send(get);
  const std::string answer = client.everything();
  EXPECT_NE(answer.find("4\r\npart\r\n"), std::string::npos);
  EXPECT_FALSE(answer.ends_with("0\r\n\r\n"));
  server.stop();
  log::set_sink({});
}

TEST(Stream, of_known_length_is_framed_by_it_and_leaves_the_connection_open) {
  TestServer server([](Request&) { return stream_of(12, "four", 3); });
  RawClient client(server.port());
  for (int i = 0; i < 2; ++i) {
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string answer = client.answer();
    EXPECT_NE(answer.find("Content-Length: 12\r\n"), std::string::npos) << answer;
    EXPECT_EQ(answer.find("Transfer-Encoding"), std::string::npos) << answer;
    EXPECT_EQ(body_of(answer), "fourfourfour");
  }
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(client.answer(true).find("Content-Length: 12\r\n"), std::string::npos);
  client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(client.answer().find("Connection: keep-alive"), std::string::npos);
}

TEST(Stream, that_falls_short_of_its_length_is_cut_and_one_that_exceeds_it_stops_there) {
  TestServer server(
      [](Request& request) { return request.path() == "/short" ? stream_of(12, "four", 2) : stream_of(6, "four", 2); });
  RawClient small(server.port());
  small.send("GET /short HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(body_of(small.everything()), "fourfour");
  RawClient large(server.port());
  large.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(body_of(large.everything()), "four");
}

TEST(Stream, of_a_gigabyte_takes_no_memory_to_speak_of) {
  constexpr std::uint64_t part = 256 * 1024, parts = large_bytes / part;
  TestServer server([](Request&) { return stream_of(part * parts, std::string(part, 'x'), parts); });
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  std::string buffer(1024 * 1024, '\0');
  std::uint64_t received = 0;
  std::uint64_t looked_at = 0;
  const long before = resident_kilobytes();
  long most = before;
  for (;;) {
    const ssize_t count = ::recv(client.descriptor(), buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    received += static_cast<std::uint64_t>(count);
    if (received - looked_at < 16 * 1024 * 1024) continue;
    looked_at = received;
    most = std::max(most, resident_kilobytes());
  }
  EXPECT_GE(received, part * parts);
  EXPECT_LT(received, part * parts + 1000);
  if (memory_is_measured) {
    EXPECT_LT(most - before, 16 * 1024);
  }
}

Task<> tick_until_the_server_drains(BodyWriter& out, std::atomic<bool>& ended) {
  const Event draining = out.draining();
  for (;;) {
    co_await out.write("tick\n");
    const bool over = co_await draining.wait_for(1h);
    if (over) break;
  }
  co_await out.write("bye\n");
  ended = true;
}

TEST(Stream, without_an_end_hears_that_the_server_drains_and_says_goodbye) {
  std::atomic<bool> ended = false;
  TestServer server([&](Request&) -> Answer {
    return Response::stream(200, "text/event-stream",
                            [&](BodyWriter& out) { return tick_until_the_server_drains(out, ended); });
  });
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(client.read_until(140));
  server.request_stop();
  bool clean = false;
  const std::string answer = client.everything(&clean);
  EXPECT_TRUE(clean);
  EXPECT_TRUE(answer.ends_with("4\r\nbye\n\r\n0\r\n\r\n")) << answer;
  server.stop();
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace bailey::http::test
