#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/http/server.hpp>
#include <bailey/runtime/sleep.hpp>

#include "http/test_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <stdexcept>

namespace bailey::http {
namespace {

using namespace test;
using namespace std::chrono_literals;

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(Server, answers_with_date_server_type_and_length) {
  TestServer server(echo);
  RawClient client(server.port());
  client.send(get);
  const std::string answer = client.answer();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\nServer: bailey\r\nDate: ")) << answer;
  EXPECT_NE(answer.find(" GMT\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 6\r\n\r\n"),
            std::string::npos);
  EXPECT_EQ(body_of(answer), "GET / ");
}

TEST(Server, keeps_the_connection_for_the_next_request) {
  TestServer server(echo);
  RawClient client(server.port());
  for (const char* path : {"/a", "/b", "/c"}) {
    client.send(std::string("GET ") + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(body_of(client.answer()), std::string("GET ") + path + " ");
  }
  EXPECT_EQ(server.stats().connections_accepted, 1U);
  EXPECT_EQ(server.stats().requests, 3U);
}

TEST(Server, answers_a_request_split_anywhere_once) {
  TestServer server(echo);
  const std::string request =
      "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;e\r\nhe\r\n3\r\nllo\r\n0\r\nT: 1\r\n\r\n";
  RawClient client(server.port());
  for (std::size_t split = 1; split < request.size(); ++split) {
    ASSERT_TRUE(client.send(request.substr(0, split)));
    server.on_loop([] {});
    ASSERT_TRUE(client.send(request.substr(split)));
    ASSERT_EQ(body_of(client.answer()), "POST /x hello") << split;
  }
}

TEST(Server, answers_a_request_sent_byte_by_byte) {
  TestServer server(echo);
  RawClient client(server.port());
  const std::string request = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  for (char c : request) {
    ASSERT_TRUE(client.send({&c, 1}));
    server.on_loop([] {});
  }
  EXPECT_EQ(body_of(client.answer()), "POST /x hello");
  EXPECT_EQ(server.stats().requests, 1U);
}

TEST(Server, answers_pipelined_requests_in_order_even_behind_a_slow_one) {
  TestServer server([](Request& request) -> Answer {
    if (request.path() != "/slow") return echo(request);
    return [](Request& slow) -> Task<Response> {
      co_await sleep_for(5ms);
      co_return Response::text(200, slow.path());
    }(request);
  });
  RawClient client(server.port());
  std::string all;
  for (int i = 0; i < 10; ++i)
    all += "GET /" + (i == 4 ? std::string("slow") : std::to_string(i)) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  client.send(all);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(body_of(client.answer()), i == 4 ? "/slow" : "GET /" + std::to_string(i) + " ") << i;
}

TEST(Server, gathers_the_answers_to_pipelined_requests_into_one_write) {
  TestServer server(echo);
  RawClient client(server.port());
  client.send(get + get + get);
  std::string bytes(4096, '\0');
  const ssize_t count = ::recv(client.descriptor(), bytes.data(), bytes.size(), 0);
  ASSERT_GT(count, 0);
  bytes.resize(static_cast<std::size_t>(count));
  std::size_t answers = 0;
  for (std::size_t at = 0; (at = bytes.find("HTTP/1.1 200", at)) != std::string::npos; ++at) ++answers;
  EXPECT_EQ(answers, 3U);
}

TEST(Server, reads_bodies_small_large_and_chunked) {
  TestServer server(echo);
  for (std::size_t size : {0UL, 1UL, 100UL, 7000UL, 8192UL, 20'000UL, 300'000UL, 1'000'000UL}) {
    SCOPED_TRACE(size);
    const std::string body(size, 'b');
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + body + get);
    EXPECT_EQ(body_of(client.answer()), "POST / " + body);
    EXPECT_EQ(body_of(client.answer()), "GET / ");
    std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < size; at += 5) {
      const std::string part = body.substr(at, 5);
      chunked += std::to_string(part.size()) + "\r\n" + part + "\r\n";
      if (at > 50'000) break;
    }
    client.send(chunked + "0\r\n\r\n" + get);
    EXPECT_EQ(body_of(client.answer()).size(), 7 + std::min<std::size_t>(size, size > 50'000 ? 50'010 : size));
    EXPECT_EQ(body_of(client.answer()), "GET / ");
  }
}

TEST(Server, lets_a_handler_stream_the_body) {
  TestServer server([](Request& request) -> Answer {
    return [](Request& upload) -> Task<Response> {
      std::string part(1000, '\0'), hash;
      std::size_t total = 0;
      for (;;) {
        const std::size_t count = co_await upload.read_some(part);
        if (count == 0) break;
        total += count;
      }
      co_return Response::text(200, std::to_string(total));
    }(request);
  });
  RawClient client(server.port());
  client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" + std::string(3'000'000, 'x') + get);
  EXPECT_EQ(body_of(client.answer()), "3000000");
  EXPECT_EQ(body_of(client.answer()), "0");
  client.send("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x') +
              "\r\n1\r\nx\r\n0\r\n\r\n");
  EXPECT_EQ(body_of(client.answer()), "2001");
}

TEST(Server, sends_100_continue_only_when_the_handler_asks_for_the_body) {
  TestServer server([](Request& request) -> Answer {
    if (request.path() == "/no") return Response::text(403, "no");
    return echo(request);
  });
  RawClient asked(server.port());
  asked.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(asked.answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  asked.send("hi");
  EXPECT_EQ(body_of(asked.answer()), "POST / hi");
  asked.send(get);
  EXPECT_EQ(status_of(asked.answer()), 200);

  RawClient not_asked(server.port());
  not_asked.send("POST /no HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  const std::string answer = not_asked.answer();
  EXPECT_EQ(status_of(answer), 403);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  not_asked.finish_sending();
  EXPECT_TRUE(not_asked.is_at_end());
}

TEST(Server, answers_head_as_get_without_the_body) {
  TestServer server([](Request& request) -> Answer {
    if (request.path() == "/stream")
      return Response::stream(200, "text/plain", [](BodyWriter& writer) -> Task<> { co_await writer.write("never"); });
    return Response::text(200, "hello");
  });
  RawClient client(server.port());
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nHEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n" + get);
  EXPECT_NE(client.answer(true).find("Content-Length: 5\r\n\r\n"), std::string::npos);
  EXPECT_NE(client.answer(true).find("Transfer-Encoding: chunked\r\n\r\n"), std::string::npos);
  EXPECT_EQ(body_of(client.answer()), "hello");
}

TEST(Server, does_not_tell_head_that_get_has_no_body_when_the_handler_left_it_out) {
  TestServer server([](Request& request) -> Answer {
    return request.method() == Method::head ? Response::empty(200) : Response::text(200, "hello");
  });
  RawClient client(server.port());
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get);
  EXPECT_FALSE(client.answer(true).contains("Content-Length"));
  EXPECT_EQ(body_of(client.answer()), "hello");
}

TEST(Server, speaks_http_1_0) {
  TestServer server([](Request& request) -> Answer {
    if (request.path() != "/stream") return echo(request);
    return Response::stream(200, "text/plain", [](BodyWriter& writer) -> Task<> {
      co_await writer.write("a");
      co_await writer.write("b");
    });
  });
  RawClient plain(server.port());
  plain.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_NE(plain.answer().find("Connection: close"), std::string::npos);
  EXPECT_TRUE(plain.is_at_end());
  RawClient kept(server.port());
  kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(kept.answer().find("Connection: keep-alive"), std::string::npos);
  kept.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const std::string streamed = kept.everything();
  EXPECT_EQ(streamed.find("chunked"), std::string::npos);
  EXPECT_EQ(body_of(streamed), "ab");
}

TEST(Server, sends_a_large_answer_whole_to_a_slow_reader) {
  std::string large;
  for (int i = 0; large.size() < 5'000'000; ++i) large.append(std::to_string(i)).append(" ");  // a part misplaced shows
  TestServer server([&](Request&) -> Answer { return Response::text(200, large); });
  RawClient client(server.port());
  client.send(get + get);
  EXPECT_TRUE(body_of(client.answer()) == large);
  EXPECT_TRUE(body_of(client.answer()) == large);
}

TEST(Server, turns_what_a_handler_throws_into_an_answer) {
  std::string logged;
  log::set_sink([&](log::Level, std::string_view line) { logged += line; });
  {
    TestServer server([](Request& request) -> Answer {
      if (request.path() == "/teapot") throw Error("teapot", "I am a teapot", 418);
      if (request.path() == "/later")
        return []() -> Task<Response> {
          co_await sleep_for(1ms);
          throw Error("gone", "It is \"gone\"", 410);
        }();
      throw std::runtime_error("internal text");
    });
    RawClient client(server.port());
    client.send("GET /teapot HTTP/1.1\r\nHost: a\r\n\r\n");
    std::string answer = client.answer();
    EXPECT_EQ(status_of(answer), 418);
    EXPECT_EQ(body_of(answer), R"({"detail":"I am a teapot"})");
    client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    answer = client.answer();
    EXPECT_EQ(status_of(answer), 410);
    EXPECT_EQ(body_of(answer), R"({"detail":"It is \"gone\""})");
    client.send(get);
    answer = client.answer();
    EXPECT_EQ(status_of(answer), 500);
    EXPECT_EQ(body_of(answer), R"({"detail":"Internal Server Error"})");
  }
  log::set_sink({});
  EXPECT_NE(logged.find("internal text"), std::string::npos);
}

TEST(Server, tells_a_client_of_an_error_what_it_lets_be_shown) {
  std::string logged;
  log::set_sink([&](log::Level, std::string_view line) { logged += line; });
  {
    TestServer server([](Request& request) -> Answer {
      if (request.path() == "/odd") throw Error("odd", "a status that is none of an error", 204);
      if (request.path() == "/hidden") throw Error("upstream", "its own words", 502, {502, false}, "details of it");
      throw Error("bug", "internal text", 500);
    });
    RawClient client(server.port());
    client.send("GET /odd HTTP/1.1\r\nHost: a\r\n\r\n" + get);
    for (int i = 0; i < 2; ++i) {
      const std::string answer = client.answer();
      EXPECT_EQ(status_of(answer), 500);
      EXPECT_EQ(body_of(answer), R"({"detail":"Internal Server Error"})");
    }
    client.send("GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string hidden = client.answer();
    EXPECT_EQ(status_of(hidden), 502);
    EXPECT_EQ(body_of(hidden), R"({"detail":"Bad Gateway"})");
  }
  log::set_sink({});
  for (const char* said : {"none of an error", "internal text", "its own words", "details of it"})
    EXPECT_NE(logged.find(said), std::string::npos) << said;
}

TEST(Server, reads_an_unread_body_away_and_serves_the_next_request) {
  TestServer server([](Request& request) -> Answer { return Response::text(200, request.path()); });
  RawClient client(server.port());
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'x'));
  client.send("POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  client.send("GET /c HTTP/1.1\r\nHost: a\r\n\r\n");
  for (const char* path : {"/a", "/b", "/c"}) EXPECT_EQ(body_of(client.answer()), path);
}

TEST(Server, answers_a_client_that_has_closed_its_sending_side) {
  TestServer server([](Request&) -> Answer {
    return []() -> Task<Response> {
      co_await sleep_for(20ms);
      co_return Response::text(200, "still here");
    }();
  });
  RawClient client(server.port());
  client.send(get);
  client.finish_sending();
  EXPECT_EQ(body_of(client.answer()), "still here");
  EXPECT_TRUE(client.is_at_end());
}

TEST(Server, closes_after_an_answer_when_either_side_says_so) {
  TestServer server([](Request& request) -> Answer {
    Response response = Response::text(200, "x");
    if (request.path() == "/close") response.close_connection();
    return response;
  });
  for (const char* request :
       {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /close HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    RawClient client(server.port());
    client.send(request);
    EXPECT_NE(client.answer().find("Connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(client.is_at_end());
  }
}

TEST(Server, serves_on_all_loops_and_tells_the_client_s_address) {
  TestServer server(
      [](Request& request) -> Answer {
        return Response::text(200, request.remote_address() + " " + to_hex(request.id()));
      },
      {}, 3);
  std::string first;
  for (int i = 0; i < 30; ++i) {
    RawClient client(server.port());
    client.send(get);
    const std::string answer = client.answer();
    EXPECT_TRUE(body_of(answer).starts_with("127.0.0.1 "));
    EXPECT_NE(std::string(body_of(answer)), first);
    first = body_of(answer);
  }
}

TEST(Server, tells_the_address_of_a_client_that_has_come_by_ipv4_to_an_ipv6_listener_as_ipv4) {
  const auto tell = [](Request& request) -> Answer { return Response::text(200, request.remote_address()); };
  std::unique_ptr<TestServer> server;
  try {
    server = std::make_unique<TestServer>(tell, ServerOptions{.address = "::"});
  } catch (const std::exception&) {
    GTEST_SKIP() << "there is no IPv6 here";
  }
  RawClient client(server->port());
  client.send(get);
  EXPECT_EQ(body_of(client.answer()), "127.0.0.1");
}

TEST(Server, tells_the_address_of_a_client_that_has_reset) {
  std::latch asked(1), gone(1);
  std::string address;
  {
    TestServer server([&](Request& request) -> Answer {
      asked.count_down();
      gone.wait();
      address = request.remote_address();
      return Response::empty(204);
    });
    RawClient client(server.port());
    client.send(get);
    asked.wait();
    client.reset();
    gone.count_down();
  }
  EXPECT_EQ(address, "127.0.0.1");
}

TEST(Server, says_when_its_address_is_in_use) {
  TestServer server(echo);
  for (unsigned threads : {1U, 2U}) {
    Runtime runtime({.threads = threads, .handle_signals = false});
    FunctionHandler handler(echo);
    Server second(runtime, handler, {.port = server.port()});
    try {
      second.start();
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "address_in_use");
    }
  }
  Runtime runtime({.threads = 1, .handle_signals = false});
  FunctionHandler handler(echo);
  Server nowhere(runtime, handler, {.address = "not an address"});
  EXPECT_THROW(nowhere.start(), Error);
}

}  // namespace
}  // namespace bailey::http
