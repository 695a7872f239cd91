// Bodies that the client makes while they are sent.
#include <bailey/http/body_source.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>

#include "http/client_streaming.hpp"
#include "http/client_test_server.hpp"
#include "http/memory_use.hpp"
#include "http/test_server.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <semaphore>

namespace bailey::http {
namespace {

using namespace std::chrono_literals;
using namespace test;

TEST(BodySource, is_sent_with_its_length_or_in_chunks) {
  TestServer server(tell_body);
  const Client client;
  const auto known = run_blocking(client.send(request_to(url_of(server), "PUT"), BodySource(6, parts(3, "ab"))));
  ASSERT_TRUE(known) << known.error().what();
  EXPECT_EQ(known->body, "6:ababab");
  const auto unknown = run_blocking(client.send(request_to(url_of(server), "POST"), BodySource(parts(3, "ab"))));
  ASSERT_TRUE(unknown) << unknown.error().what();
  EXPECT_EQ(unknown->body, "chunked:ababab");
  const auto nothing = run_blocking(client.send(request_to(url_of(server), "POST"), BodySource(0, parts(0, ""))));
  ASSERT_TRUE(nothing) << nothing.error().what();
  EXPECT_EQ(nothing->body, "0:");
}

TEST(BodySource, waits_for_what_it_is_made_of) {
  TestServer server(tell_body);
  const auto answer = run_blocking([&]() -> Task<Expected<ClientResponse>> {
    int made = 0;
    co_return co_await Client().send(request_to(url_of(server), "POST"), BodySource([&]() -> Task<std::string> {
                                       co_await sleep_for(20ms);
                                       co_return made++ < 3 ? "part " : "";
                                     }));
  });
  ASSERT_TRUE(answer) << answer.error().what();
  EXPECT_EQ(answer->body, "chunked:part part part ");
}

TEST(BodySource, of_a_file_sends_it) {
  const std::string path = std::filesystem::temp_directory_path() / ("bailey-body-" + std::to_string(::getpid()));
  std::string text;
  for (int i = 0; text.size() < 500'000; ++i) text += std::to_string(i);
  std::ofstream(path) << text;
  auto file = BodySource::file(path);
  std::filesystem::remove(path);
  ASSERT_TRUE(file) << file.error().what();
  EXPECT_EQ(file->length_bytes(), text.size());
  TestServer server(tell_body);
  const auto answer = run_blocking(Client().send(request_to(url_of(server), "PUT"), *std::move(file)));
  ASSERT_TRUE(answer) << answer.error().what();
  EXPECT_TRUE(answer->body == std::to_string(text.size()) + ":" + text);
}

TEST(BodySource, of_what_is_no_readable_file_is_refused) {
  for (const char* path : {"/nowhere/canary", "/tmp", "/dev/null"}) {
    const auto file = BodySource::file(path);
    ASSERT_FALSE(file) << path;
    EXPECT_EQ(file.error().code(), "file_unreadable");
    EXPECT_EQ(file.error().message().find("canary"), std::string::npos);
  }
}

TEST(BodySource, that_makes_more_or_less_than_it_announced_ends_the_exchange) {
  TestServer server(tell_body);
  const Client client;
  EXPECT_EQ(thrown_by(client.send(request_to(url_of(server), "PUT"), BodySource(7, parts(3, "ab")))),
            "body_length_mismatch");
  EXPECT_EQ(thrown_by(client.send(request_to(url_of(server), "PUT"), BodySource(5, parts(3, "ab")))),
            "body_length_mismatch");
}

TEST(BodySource, that_fails_ends_the_exchange_with_what_it_threw) {
  TestServer server(tell_body);
  const Client client;
  const auto failing = [] {
    return BodySource([made = 0]() mutable {
      return [](int number) -> Task<std::string> {
        if (number == 2) throw Error("disk_on_fire", "It burns", 500);
        co_return "part";
      }(made++);
    });
  };
  EXPECT_EQ(thrown_by(client.send(request_to(url_of(server), "PUT"), failing())), "disk_on_fire");
  EXPECT_EQ(thrown_by(client.send(request_to(url_of(server), "PUT"), BodySource([]() -> Task<std::string> {
                                    throw Error("not_begun", "It does not even begin", 500);
                                  }))),
            "not_begun");
}

TEST(BodySource, is_refused_where_it_cannot_be_sent) {
  const Client client;
  ClientRequest two_bodies = request_to("http://127.0.0.1:1/", "PUT");
  two_bodies.body = "one";
  EXPECT_EQ(code_of(run_blocking(client.send(two_bodies, BodySource(parts(1, "x"))))), "invalid_request");
  EXPECT_EQ(code_of(run_blocking(client.send(request_to("http://127.0.0.1:1/", "HEAD"), BodySource(parts(1, "x"))))),
            "invalid_request");
  EXPECT_EQ(code_of(run_blocking(client.send(request_to("http://127.0.0.1:1/", "PUT"), BodySource(nullptr)))),
            "invalid_request");
}

TEST(BodySource, is_not_asked_for_more_than_the_server_takes) {
  std::atomic<bool> may_read = false;
  TestServer server([&](Request& request) -> Answer {
    return [](Request& later, std::atomic<bool>& go) -> Task<Response> {
      while (!go) co_await sleep_for(5ms);
      auto answer = measure(later);
      co_return co_await std::get<Task<Response>>(std::move(answer));
    }(request, may_read);
  });
  constexpr std::size_t part = 64 * 1024, count = 1024;
  std::size_t asked = 0, asked_before = 0;
  const auto answer = run_blocking([&]() -> Task<Expected<ClientResponse>> {
    auto make = parts(count, std::string(part, 'x'));
    auto exchange = Client().send(request_to(url_of(server), "PUT"), BodySource(part * count, [&] {
                                    ++asked;
                                    return make();
                                  }));
    auto gate = [](std::size_t& seen, std::size_t& noted, std::atomic<bool>& go) -> Task<> {
      std::size_t last = 0;
      do {
        last = seen;
        co_await sleep_for(100ms);
      } while (last != seen || seen == 0);
      noted = seen;
      go = true;
    }(asked, asked_before, may_read);
    auto both = co_await when_all(std::move(exchange), std::move(gate));
    co_return std::get<0>(std::move(both));
  });
  ASSERT_TRUE(answer) << answer.error().what();
  EXPECT_EQ(answer->body, std::to_string(part * count));
  EXPECT_LT(asked_before * part, 16 * 1024 * 1024);  // what the system's buffers hold
}

TEST(BodySource, is_cancelled_when_the_answer_comes_first) {
  std::binary_semaphore asked_again(0);
  TestServer server([&](Request&) {
    asked_again.acquire();
    Response response = Response::text(413, "too large");
    response.close_connection();
    return response;
  });
  bool cancelled = false;
  run_blocking([&]() -> Task<> {
    int made = 0;
    auto answer = co_await Client().send(request_to(url_of(server), "PUT"), BodySource([&]() -> Task<std::string> {
                                           if (++made == 1) co_return "first";
                                           asked_again.release();
                                           try {
                                             co_await sleep_for(1h);
                                           } catch (...) {
                                             cancelled = true;
                                             throw;
                                           }
                                           co_return "";
                                         }));
    EXPECT_EQ(code_of(answer), "answered");
    if (answer) {
      EXPECT_EQ(answer->status, 413);
    }
    EXPECT_TRUE(cancelled);  // by then: what the source refers to may go now
  });
}

TEST(BodySource, is_sent_no_second_time) {
  RawServer server([](const std::string& request) {
    return request.find(" /end ") != std::string::npos
               ? RawServer::ok("end")
               : RawServer::ok("", "Location: /end\r\n", "307 Temporary Redirect");
  });
  const Client client({.redirect_limit = 3});
  const auto refused =
      run_blocking(client.send(request_to(server.url("/begin"), "PUT"), BodySource(4, parts(2, "ab"))));
  EXPECT_EQ(code_of(refused), "body_not_repeatable");
  EXPECT_EQ(server.requests(), 1);
  ClientRequest whole = request_to(server.url("/begin"), "PUT");
  whole.body = "abab";
  const auto followed = run_blocking(client.send(std::move(whole)));
  EXPECT_EQ(code_of(followed), "answered");
}

TEST(ClientStream, sends_a_gigabyte_in_flat_memory) {
  TestServer server(measure);
  constexpr std::size_t part = 256 * 1024;
  long before = 0, most = 0;
  const auto answer = run_blocking([&]() -> Task<Expected<ClientResponse>> {
    std::uint64_t made = 0;
    before = test::resident_kilobytes();
    co_return co_await Client().send(request_to(url_of(server), "PUT"),
                                     BodySource(test::large_bytes, [&]() -> Task<std::string> {
                                       if (made == test::large_bytes) co_return "";
                                       made += part;
                                       if (made % (64 * part) == 0) most = std::max(most, test::resident_kilobytes());
                                       co_return std::string(part, 'x');
                                     }));
  });
  ASSERT_TRUE(answer) << answer.error().what();
  EXPECT_EQ(answer->body, std::to_string(test::large_bytes));
  if (test::memory_is_measured) {
    EXPECT_LT(most - before, 16 * 1024);
  }
}

}  // namespace
}  // namespace bailey::http
