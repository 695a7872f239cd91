// What the server refuses, as a client on the wire sees it: status, {"detail": …}, Connection: close, an orderly end
// that lets the client read the answer, and no handler called for anything behind it.
#include <bailey/http/server.hpp>
#include <bailey/runtime/sleep.hpp>

#include "http/test_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <vector>

#include <malloc.h>
#include <sys/ioctl.h>
#include <sys/resource.h>

namespace bailey::http {
namespace {

using namespace test;
using namespace std::chrono_literals;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

struct Case {
  const char* name;
  std::string request;
  int status;
};

const std::vector<Case>& cases() {
  static const std::string head = "POST /x HTTP/1.1\r\nHost: a\r\n";
  static const std::vector<Case> all{
      {"malformed", "GET /\r\n\r\n", 400},
      {"hello of TLS", "\x16\x03\x01\x02", 400},
      {"length and coding", head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"unknown coding", head + "Transfer-Encoding: xchunked\r\n\r\n", 501},
      {"chunked, identity", head + "Transfer-Encoding: chunked, identity\r\n\r\n", 501},
      {"two lengths", head + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n", 400},
      {"bad chunk", head + "Transfer-Encoding: chunked\r\n\r\n2\r\nhiXX0\r\n\r\n", 400},
      {"chunk size that wraps", head + "Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\nhi\r\n0\r\n\r\n", 400},
      {"LF for CRLF", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"folded", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"expectation", head + "Expect: tea\r\nContent-Length: 1\r\n\r\nx", 417},
      {"version", "GET / HTTP/1.9\r\nHost: a\r\n\r\n", 505},
      {"CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"long target", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"large header", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(33'000, 'a') + "\r\n\r\n", 431},
      {"body over its limit", head + "Content-Length: 2000000\r\n\r\n" + std::string(2'000'000, 'x'), 413},
      {"chunks over the limit",
       head + "Transfer-Encoding: chunked\r\n\r\n1e8480\r\n" + std::string(2'000'000, 'x') + "\r\n0\r\n\r\n", 413},
  };
  return all;
}

void expect_refusal(const std::string& answer, int status) {
  EXPECT_EQ(status_of(answer), status);
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("Content-Type: application/json\r\n"), std::string::npos);
  EXPECT_TRUE(body_of(answer).starts_with(R"({"detail":")")) << answer;
}

class Refusing {
 public:
  explicit Refusing(ServerOptions options = {})
      : server(
            [this](Request& request) {
              if (request.path() == "/smuggled") ++smuggled_calls;
              return echo(request);
            },
            std::move(options)) {}
  std::atomic<int> smuggled_calls = 0;
  TestServer server;
};

TEST(ServerLimits, refuses_each_case_readably_and_serves_nothing_behind_it) {
  Refusing refusing;
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    RawClient client(refusing.server.port());
    client.send(c.request + smuggled);
    client.finish_sending();
    bool clean = false;
    const std::string answer = client.everything(&clean);
    expect_refusal(answer, c.status);
    EXPECT_TRUE(clean) << "reset";
    EXPECT_EQ(answer.find("HTTP/1.1 ", 9), std::string::npos) << "a second answer";
  }
  EXPECT_EQ(refusing.smuggled_calls, 0);
}

TEST(ServerLimits, lets_the_handler_form_the_refusal_by_the_target_as_far_as_it_came) {
  Refusing refusing;
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    RawClient client(refusing.server.port());
    client.send(c.request);
    client.finish_sending();
    const std::size_t begin = c.request.find(' ') + 1;
    const std::string target = c.request.substr(begin, std::min(c.request.find_first_of(" \r", begin) - begin, 10UZ));
    const std::string answer = client.everything();
    EXPECT_EQ(status_of(answer), c.status);
    EXPECT_EQ(answer.find("\r\nX-Target: " + target + "\r\n") != std::string::npos, begin != 0) << answer;
  }
}

TEST(ServerLimits, refuses_each_case_behind_a_valid_pipelined_request) {
  Refusing refusing;
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    RawClient client(refusing.server.port());
    client.send("POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab" + c.request + smuggled);
    client.finish_sending();
    EXPECT_EQ(body_of(client.answer()), "POST /first ab");
    expect_refusal(client.answer(), c.status);
    EXPECT_TRUE(client.is_at_end());
  }
  EXPECT_EQ(refusing.smuggled_calls, 0);
}

TEST(ServerLimits, refuses_each_short_case_however_it_is_split) {
  Refusing refusing;
  for (const Case& c : cases()) {
    if (c.request.size() > 1000) continue;
    SCOPED_TRACE(c.name);
    for (std::size_t split = 1; split < c.request.size(); ++split) {
      RawClient client(refusing.server.port());
      client.send(c.request.substr(0, split));
      refusing.server.on_loop([] {});
      client.send(c.request.substr(split) + smuggled);
      client.finish_sending();
      const std::string answer = client.everything();
      ASSERT_EQ(status_of(answer), c.status) << "split at " << split;
      ASSERT_EQ(answer.find("HTTP/1.1 ", 9), std::string::npos) << "split at " << split;
    }
  }
  EXPECT_EQ(refusing.smuggled_calls, 0);
}

TEST(ServerLimits, lets_a_client_that_keeps_sending_read_413) {
  Refusing refusing;
  RawClient client(refusing.server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n");
  const std::string part(1'000'000, 'x');
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(client.send(part)) << i;
  expect_refusal(client.answer(), 413);
}

TEST(ServerLimits, takes_the_limits_of_its_options) {
  Refusing refusing(
      {.request_line_limit_bytes = 100, .header_limit_bytes = 200, .header_count_limit = 3, .body_limit_bytes = 10});
  const Case small[]{
      {"line", "GET /" + std::string(100, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"block", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(200, 'a') + "\r\n\r\n", 431},
      {"count", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\nX: 3\r\n\r\n", 431},
      {"body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n12345678901", 413},
      {"chunked body", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n",
       413},
  };
  for (const Case& c : small) {
    SCOPED_TRACE(c.name);
    RawClient client(refusing.server.port());
    client.send(c.request);
    EXPECT_EQ(status_of(client.answer()), c.status);
  }
}

TEST(ServerLimits, holds_the_handler_s_own_limit_for_what_had_come_before_it_asked) {
  std::atomic<int> asked_early = 0;
  TestServer server([&asked_early](Request& request) -> Answer {
    if (!request.body_now()) ++asked_early;
    return [](Request& asked) -> Task<Response> {
      co_return Response::text(200, std::string(co_await asked.body(4)));
    }(request);
  });
  RawClient client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  ASSERT_TRUE(server.wait_until([&] { return asked_early == 1; }));
  client.send("0\r\n\r\n");
  expect_refusal(client.answer(), 413);
}

TEST(ServerLimits, closes_when_too_much_of_a_body_is_left_unread) {
  TestServer server([](Request&) -> Answer { return Response::text(200, "did not look"); },
                    {.drain_limit_bytes = 1000});
  for (const char* framing : {"Content-Length: 1000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nf4240\r\n"}) {
    RawClient client(server.port());
    client.send(std::string("POST / HTTP/1.1\r\nHost: a\r\n") + framing + std::string(1'000'000, 'x'));
    client.finish_sending();
    bool clean = false;
    const std::string answer = client.everything(&clean);
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_TRUE(clean);
  }
}

TEST(ServerLimits, sends_the_answers_to_a_long_pipeline_before_its_end) {
  constexpr int requests = 200;
  std::atomic<int> client_socket = -1, asked = 0, arrived = 0;
  const std::string page(600, 'p');
  TestServer server([&](Request&) -> Answer {
    int bytes = 0;
    if (++asked == requests && ::ioctl(client_socket, FIONREAD, &bytes) == 0) arrived = bytes;
    return Response::text(200, page);
  });
  RawClient client(server.port());
  client_socket = client.descriptor();
  std::string pipeline;
  for (int i = 0; i < requests; ++i) pipeline += get;
  ASSERT_LT(pipeline.size(), 8192U) << "it must arrive in one read";
  client.send(pipeline);
  ASSERT_TRUE(server.wait_until([&] { return asked == requests; }));
  for (int i = 0; i < requests; ++i) ASSERT_EQ(body_of(client.answer()), page) << i;
  EXPECT_GT(arrived, 0) << "all were held until the last request had been answered";
}

TEST(ServerLimits, keeps_no_large_buffers_of_clients_that_have_gone) {
  constexpr std::size_t clients = 50, size = 900'000;
  std::atomic<std::size_t> begun = 0;
  TestServer server([&](Request& request) -> Answer {
    return [](Request& upload, std::atomic<std::size_t>& count) -> Task<Response> {
      if ((co_await upload.body()).size() == size) ++count;
      co_await sleep_for(1h);
      co_return Response::empty(204);
    }(request, begun);
  });
  const auto used = [] {
    const struct mallinfo2 memory = ::mallinfo2();
    return memory.uordblks + memory.hblkhd;
  };
  const std::size_t before = used();
  std::vector<std::unique_ptr<RawClient>> senders;
  const std::string body(size, 'x');
  for (std::size_t i = 0; i < clients; ++i) {
    senders.push_back(std::make_unique<RawClient>(server.port()));
    senders.back()->send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
  }
  ASSERT_TRUE(server.wait_until([&] { return server.stats().requests == clients; }));
  for (const auto& sender : senders) sender->send(body);
  ASSERT_TRUE(server.wait_until([&] { return begun == clients; }));
  for (const auto& sender : senders) sender->reset();
  server.advance(300ms);
  ASSERT_TRUE(server.wait_until([&] { return server.stats().connections_open == 0; }));
  EXPECT_LT(used(), before + clients * size / 4);
}

TEST(ServerLimits, refuses_connections_over_its_limit_with_503) {
  TestServer server(echo, {.connection_limit = 2});
  RawClient first(server.port()), second(server.port());
  first.send(get);
  second.send(get);
  EXPECT_EQ(status_of(first.answer()), 200);
  EXPECT_EQ(status_of(second.answer()), 200);
  RawClient third(server.port());
  third.send(get);
  const std::string answer = third.answer();
  expect_refusal(answer, 503);
  EXPECT_NE(answer.find("Retry-After: 1\r\n"), std::string::npos);
  EXPECT_EQ(server.stats().connections_refused, 1U);
  first.close();
  third.close();
  ASSERT_TRUE(server.wait_until([&] { return server.stats().connections_open == 1; }));
  RawClient fourth(server.port());
  fourth.send(get);
  EXPECT_EQ(status_of(fourth.answer()), 200);
}

TEST(ServerLimits, goes_on_accepting_after_it_has_run_out_of_descriptors) {
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
  GTEST_SKIP() << "the sanitizer itself needs descriptors to look at objects";
#endif
#endif
  TestServer server(echo);
  RawClient before(server.port());
  before.send(get);
  EXPECT_EQ(status_of(before.answer()), 200);
  {
    std::vector<std::unique_ptr<RawClient>> clients;
    rlimit usual{};
    ::getrlimit(RLIMIT_NOFILE, &usual);
    for (int i = 0; i < 8; ++i) clients.push_back(std::make_unique<RawClient>(server.port()));
    ASSERT_TRUE(server.wait_until([&] { return server.stats().connections_accepted == 9; }));
    const int probe = ::dup(0);
    const rlimit few{static_cast<rlim_t>(probe), usual.rlim_max};
    ::close(probe);
    std::vector<int> made;  // sockets made before the limit falls, connected after it
    for (int i = 0; i < 3; ++i) made.push_back(::socket(AF_INET, SOCK_STREAM, 0));
    ::setrlimit(RLIMIT_NOFILE, &few);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int socket : made) ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    before.send(get);
    EXPECT_EQ(status_of(before.answer()), 200);
    EXPECT_TRUE(server.wait_until([&] { return server.stats().connections_refused >= 3; }));
    ::setrlimit(RLIMIT_NOFILE, &usual);
    for (int socket : made) ::close(socket);
  }
  RawClient after(server.port());
  after.send(get);
  EXPECT_EQ(status_of(after.answer()), 200);
}

}  // namespace
}  // namespace bailey::http
