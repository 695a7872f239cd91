// Streams of known length and streams without an end.
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/sleep.hpp>

#include "http/memory_use.hpp"
#include "http/test_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

namespace bailey::http::test {
namespace {

using namespace std::chrono_literals;

// Parameters, not captures: the lambda may be gone while the task runs.
Task<> write_parts(BodyWriter& out, std::string part, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) co_await out.write(part);
}

Answer stream_of(std::uint64_t announced, std::string part, std::size_t count) {
  return Response::stream(200, "application/octet-stream", announced,
                          [part, count](BodyWriter& out) { return write_parts(out, part, count); });
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
