// Answers that the client reads as they arrive.
#include <bailey/http/response_stream.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>

#include "http/client_streaming.hpp"
#include "http/client_test_server.hpp"
#include "http/memory_use.hpp"
#include "http/test_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <thread>

namespace bailey::http {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST(ResponseStream, gives_the_head_at_once_and_the_body_as_it_comes) {
  Event go;
  TestServer server([&](Request&) -> Answer {
    return Response::stream(200, "text/plain", [&](BodyWriter& out) {
      return [](BodyWriter& to, Event next) -> Task<> {
        co_await next.wait();
        co_await to.write("one");
      }(out, go);
    });
  });
  run_blocking([&]() -> Task<> {
    auto stream = co_await Client().stream(request_to(url_of(server)));
    EXPECT_EQ(code_of(stream), "answered");
    if (!stream) co_return;
    EXPECT_EQ(stream->status(), 200);
    EXPECT_EQ(stream->header("Content-Type"), "text/plain");
    go.set();
    auto part = co_await stream->read();
    EXPECT_EQ(part, "one");
    for (int i = 0; i < 2; ++i) {
      auto end = co_await stream->read();
      EXPECT_EQ(end, "");
    }
  });
}

TEST(ResponseStream, lets_both_sides_talk_in_turn) {
  TestServer server([](Request& request) -> Answer {
    return Response::stream(200, "text/plain", [&request](BodyWriter& out) {
      return [](Request& in, BodyWriter& to) -> Task<> {
        std::string bytes(100, '\0');
        for (;;) {
          const std::size_t count = co_await in.read_some(bytes);
          if (count == 0) break;
          co_await to.write("<" + bytes.substr(0, count) + ">");
        }
      }(request, out);
    });
  });
  std::string heard;
  run_blocking([&]() -> Task<> {
    Event heard_more;
    int said = 0;
    BodySource talk([&]() -> Task<std::string> {
      if (said > 0) co_await heard_more.wait();
      heard_more.reset();
      co_return said++ < 3 ? std::to_string(said) : "";
    });
    auto listen = [&](ResponseStream& stream) -> Task<> {
      for (;;) {
        auto part = co_await stream.read();
        EXPECT_EQ(code_of(part), "answered");
        if (!part || part->empty()) break;
        heard += *part;
        heard_more.set();
      }
    };
    auto done = co_await Client().stream(request_to(url_of(server), "POST"), std::move(talk), listen);
    EXPECT_EQ(code_of(done), "answered");
  });
  EXPECT_EQ(heard, "<1><2><3>");
}

// A stream without end, and how much of it was taken.
struct Fountain {
  Answer operator()(Request&) {
    return Response::stream(200, "application/octet-stream", [this](BodyWriter& out) { return run(*this, out); });
  }
  static Task<> run(Fountain& self, BodyWriter& out) {
    const std::string part(64 * 1024, 'x');
    try {
      for (;;) {
        co_await out.write(part);
        self.written += part.size();
      }
    } catch (...) {
      self.ended = true;
      throw;
    }
  }
  std::atomic<std::uint64_t> written = 0;
  std::atomic<bool> ended = false;
};

Task<bool> holds(auto condition) {
  for (int i = 0; i < 5000 && !condition(); ++i) co_await sleep_for(1ms);
  co_return condition();
}

TEST(ResponseStream, slows_the_server_down_when_nobody_reads) {
  Fountain fountain;
  TestServer server([&](Request& request) { return fountain(request); });
  run_blocking([&]() -> Task<> {
    auto stream = co_await Client().stream(request_to(url_of(server)));
    EXPECT_EQ(code_of(stream), "answered");
    std::uint64_t last = 0;
    do {
      last = fountain.written;
      co_await sleep_for(100ms);
    } while (last != fountain.written || last == 0);
    EXPECT_LT(last, 16U * 1024 * 1024);
    std::uint64_t read = 0;
    while (read < 2 * last) {
      auto part = co_await stream->read();
      EXPECT_EQ(code_of(part), "answered");
      if (!part) break;
      read += part->size();
    }
  });
}

TEST(ResponseStream, that_is_dropped_closes_the_connection) {
  Fountain fountain;
  TestServer server([&](Request& request) { return fountain(request); });
  const Client client;
  run_blocking([&]() -> Task<> {
    {
      auto stream = co_await client.stream(request_to(url_of(server)));
      EXPECT_EQ(code_of(stream), "answered");
      auto part = co_await stream->read();
      EXPECT_EQ(code_of(part), "answered");
    }
    const bool ended = co_await holds([&] { return fountain.ended.load(); });
    EXPECT_TRUE(ended);
  });
}

TEST(ResponseStream, may_be_dropped_on_another_thread) {
  Fountain fountain;
  TestServer server([&](Request& request) { return fountain(request); });
  run_blocking([&]() -> Task<> {
    auto stream = co_await Client().stream(request_to(url_of(server)));
    EXPECT_EQ(code_of(stream), "answered");
    if (!stream) co_return;
    std::jthread([moved = *std::move(stream)] {}).join();
    const bool ended = co_await holds([&] { return fountain.ended.load(); });
    EXPECT_TRUE(ended);
  });
}

TEST(ResponseStream, is_not_read_on_another_loop_that_was_made_where_its_own_has_been) {
  Fountain fountain;
  TestServer server([&](Request& request) { return fountain(request); });
  std::optional<ResponseStream> stream;
  std::string code = "none";
  std::optional<Loop> loop;
  loop.emplace().spawn("open", [](const TestServer& from, std::optional<ResponseStream>& opened) -> Task<> {
    if (auto answered = co_await Client().stream(request_to(url_of(from)))) opened.emplace(*std::move(answered));
    Loop::current().stop();
  }(server, stream));
  loop->run();
  ASSERT_TRUE(stream);
  loop.emplace().post([&] {  // the same address again
    try {
      static_cast<void>(stream->read());
    } catch (const Error& error) {
      code = error.code();
    }
    loop->stop();
  });
  loop->run();
  EXPECT_EQ(code, "wrong_loop");
}

TEST(ResponseStream, may_outlive_its_loop_and_is_read_on_no_other) {
  Fountain fountain;
  TestServer server([&](Request& request) { return fountain(request); });
  auto stream = run_blocking(Client().stream(request_to(url_of(server))));
  ASSERT_TRUE(stream) << stream.error().what();
  EXPECT_EQ(stream->status(), 200);
  EXPECT_TRUE(server.wait_until([&] { return fountain.ended.load(); }));
  EXPECT_EQ(thrown_by([&] { return stream->read(); }), "wrong_loop");
}

TEST(ResponseStream, ends_a_read_under_way_when_it_is_dropped_or_cancelled) {
  TestServer server([](Request&) -> Answer {
    return Response::stream(200, "text/plain", [](BodyWriter& out) {
      return [](BodyWriter& to) -> Task<> {
        co_await sleep_for(300ms);
        co_await to.write("late");
      }(out);
    });
  });
  run_blocking([&]() -> Task<> {
    const Client client;
    auto stream = co_await client.stream(request_to(url_of(server)));
    EXPECT_EQ(code_of(stream), "answered");
    auto first = co_await when_any(stream->read(), sleep_for(10ms));
    EXPECT_EQ(first.index(), 1);
    auto later = co_await stream->read();
    EXPECT_EQ(later, "late");

    auto dropped = co_await client.stream(request_to(url_of(server)));
    auto read = dropped->read();
    auto drop = [](Expected<ResponseStream>& of) -> Task<> {
      co_await sleep_for(10ms);
      of = std::unexpected(Error("gone", "gone"));
    }(dropped);
    try {
      static_cast<void>(co_await when_all(std::move(read), std::move(drop)));
      ADD_FAILURE() << "read on";
    } catch (const boost::system::system_error& error) {
      EXPECT_EQ(error.code(), boost::asio::error::operation_aborted);
    }
  });
}

TEST(ResponseStream, that_is_whole_ends_the_exchange_however_it_was_framed) {
  for (const std::string_view path : {"/length", "/chunked", "/nothing"}) {
    TestServer server([](Request& request) -> Answer {
      Response response = request.path() == "/nothing" ? Response::empty(204) : Response::text(200, "whole");
      if (request.path() == "/chunked")
        response = Response::stream(200, "text/plain", [](BodyWriter& out) { return out.write("whole"); });
      return response;
    });
    run_blocking([&]() -> Task<> {
      bool began = false;
      auto answer =
          co_await Client().send(request_to(url_of(server, path), "POST"), BodySource([&]() -> Task<std::string> {
                                   if (std::exchange(began, true)) co_await sleep_for(1h);
                                   co_return "begun";
                                 }));
      EXPECT_EQ(code_of(answer), "answered") << path;
      if (answer) {
        EXPECT_EQ(answer->body, path == "/nothing" ? "" : "whole");
      }
    });
  }
}

TEST(ResponseStream, that_breaks_off_gives_what_came_and_then_says_so) {
  RawServer server(
      [](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nshort"; });
  run_blocking([&]() -> Task<> {
    auto stream = co_await Client().stream(request_to(server.url()));
    EXPECT_EQ(code_of(stream), "answered");
    if (!stream) co_return;
    auto part = co_await stream->read();
    EXPECT_EQ(part, "short");
    for (int i = 0; i < 2; ++i) {
      auto end = co_await stream->read();
      EXPECT_EQ(code_of(end), "unreachable");
    }
  });
}

TEST(ResponseStream, has_no_headers_of_a_trailer_or_a_redirect_that_was_followed) {
  RawServer server([](const std::string& request) {
    if (request.find(" /end ") == std::string::npos)
      return RawServer::ok("away", "Location: /end\r\nX-Way: 1\r\n", "302 Found");
    return std::string(
        "HTTP/1.1 103 Early Hints\r\nX-Hint: 1\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nend\r\n0\r\nX-Trailer: 1\r\n\r\n");
  });
  run_blocking([&]() -> Task<> {
    const Client client({.redirect_limit = 1});
    auto stream = co_await client.stream(request_to(server.url()));
    EXPECT_EQ(code_of(stream), "answered");
    if (!stream) co_return;
    EXPECT_EQ(stream->status(), 200);
    auto part = co_await stream->read();
    EXPECT_EQ(part, "end");
    auto end = co_await stream->read();
    EXPECT_EQ(end, "");
    EXPECT_EQ(stream->headers().size(), 1);
    auto whole = co_await client.send(request_to(server.url()));
    EXPECT_EQ(whole->headers.size(), 1);
  });
}

TEST(ResponseStream, is_given_up_after_a_silence_and_not_for_its_length) {
  TestServer server([](Request& request) -> Answer {
    return Response::stream(200, "text/plain", [silent = request.path() == "/silent"](BodyWriter& out) {
      return [](BodyWriter& to, bool stops) -> Task<> {
        for (int i = 0; i < 8; ++i) {
          co_await to.write("tick");
          co_await sleep_for(stops && i == 1 ? std::chrono::milliseconds(1h) : 100ms);
        }
      }(out, silent);
    });
  });
  run_blocking([&]() -> Task<> {
    const Client client;
    for (const std::string_view path : {"/ticking", "/silent"}) {
      ClientRequest request = request_to(url_of(server, path));
      request.timeout = 600ms;
      auto stream = co_await client.stream(std::move(request));
      std::string heard;
      std::string end;
      while (end.empty()) {
        auto part = co_await stream->read();
        if (!part) end = part.error().code();
        if (part && part->empty()) end = "whole";
        if (part) heard += *part;
      }
      EXPECT_EQ(end, path == "/silent" ? "timeout" : "whole");
      EXPECT_EQ(heard.size(), path == "/silent" ? 8 : 32);
    }
  });
}

TEST(ResponseStream, waits_no_longer_in_a_silence_than_a_look_and_the_ticks_of_the_wheel_take) {
  TestServer server([](Request&) -> Answer {
    return Response::stream(200, "text/plain", [](BodyWriter& out) -> Task<> {
      co_await out.write("tick");
      co_await sleep_for(1h);
    });
  });
  run_blocking([&]() -> Task<> {
    ClientRequest request = request_to(url_of(server));
    request.timeout = 420ms;
    auto stream = co_await Client().stream(std::move(request));
    static_cast<void>(co_await stream->read());
    const TimerWheel& timers = Loop::current().timers();
    const auto began = timers.now();
    const auto part = co_await stream->read();
    EXPECT_EQ(part ? "whole" : part.error().code(), "timeout");
    EXPECT_GE(timers.now() - began, 420ms);
    EXPECT_LE(timers.now() - began, 420ms + 105ms + 2 * TimerWheel::resolution);
  });
}

TEST(ResponseStream, does_not_take_our_own_silence_for_the_server_s) {
  TestServer server(tell_body);
  const auto answer = run_blocking([&]() -> Task<Expected<ClientResponse>> {
    ClientRequest request = request_to(url_of(server), "PUT");
    request.timeout = 200ms;
    int made = 0;
    co_return co_await Client().send(std::move(request), BodySource(4, [&]() -> Task<std::string> {
                                       co_await sleep_for(900ms);
                                       co_return made++ < 1 ? "slow" : "";
                                     }));
  });
  ASSERT_TRUE(answer) << answer.error().what();
  EXPECT_EQ(answer->body, "4:slow");
}

TEST(ResponseStream, keeps_the_limit_where_it_is_gathered) {
  TestServer server(tell_body);
  ClientRequest request = request_to(url_of(server), "PUT");
  request.response_limit_bytes = 10;
  EXPECT_EQ(code_of(run_blocking(Client().send(std::move(request), BodySource(parts(20, "x"))))), "response_too_large");
}

TEST(ClientStream, reads_a_gigabyte_in_flat_memory) {
  TestServer server([](Request&) -> Answer {
    return Response::stream(200, "application/octet-stream", test::large_bytes, [](BodyWriter& out) {
      return [](BodyWriter& to) -> Task<> {
        const std::string part(256 * 1024, 'x');
        for (std::uint64_t sent = 0; sent < test::large_bytes; sent += part.size()) co_await to.write(part);
      }(out);
    });
  });
  long before = 0, most = 0;
  std::uint64_t received = 0;
  run_blocking([&]() -> Task<> {
    before = test::resident_kilobytes();
    auto stream = co_await Client().stream(request_to(url_of(server)));
    EXPECT_EQ(code_of(stream), "answered");
    std::uint64_t looked_at = 0;
    for (;;) {
      auto part = co_await stream->read();
      EXPECT_EQ(code_of(part), "answered");
      if (!part || part->empty()) break;
      received += part->size();
      if (received - looked_at < 16 * 1024 * 1024) continue;
      looked_at = received;
      most = std::max(most, test::resident_kilobytes());
    }
  });
  EXPECT_EQ(received, test::large_bytes);
  if (test::memory_is_measured) {
    EXPECT_LT(most - before, 16 * 1024);
  }
}

}  // namespace
}  // namespace bailey::http
