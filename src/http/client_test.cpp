#include <bailey/http/client.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>

#include "http/client_test_server.hpp"

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

namespace bailey::http {
namespace {

namespace asio = boost::asio;
using test::RawServer;

ClientRequest get(std::string url) {
  ClientRequest request;
  request.url = std::move(url);
  return request;
}

Expected<ClientResponse> fetch(ClientRequest request, ClientOptions options = {}) {
  const Client client(std::move(options));
  return run_blocking(client.send(std::move(request)));
}

std::string code_of(const Expected<ClientResponse>& answer) { return answer ? "answered" : answer.error().code(); }

TEST(Client, sends_what_it_is_given_and_gives_what_it_is_sent) {
  std::string seen;
  RawServer server([&](const std::string& request) {
    seen = request;
    return RawServer::ok("created", "X-One: 1\r\nx-two:2\r\n", "201 Created");
  });
  ClientRequest request = get(server.url("/cards?select=*"));
  request.method = "PATCH";
  request.headers = {{"Authorization", "Bearer t"}, {"Content-Type", "application/json"}, {"X-Empty", ""}};
  request.body = std::string("{\"a\":\0}", 7);
  const auto answer = fetch(request);
  ASSERT_TRUE(answer) << answer.error().what();
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->body, "created");
  EXPECT_EQ(answer->header("X-ONE"), "1");
  EXPECT_EQ(answer->header("x-two"), "2");
  EXPECT_TRUE(seen.starts_with("PATCH /cards?select=* HTTP/1.1\r\n"));
  EXPECT_NE(seen.find("Authorization: Bearer t\r\n"), std::string::npos);
  EXPECT_NE(seen.find("Content-Type: application/json\r\n"), std::string::npos);
  EXPECT_NE(seen.find("X-Empty:\r\n"), std::string::npos);
  EXPECT_TRUE(seen.ends_with("\r\n\r\n" + request.body));
}

TEST(Client, adds_no_content_type_and_no_expectation_of_its_own) {
  std::string seen;
  RawServer server([&](const std::string& request) {
    seen = request.substr(0, request.find("\r\n\r\n"));
    return RawServer::ok("");
  });
  ClientRequest request = get(server.url());
  request.method = "POST";
  ASSERT_TRUE(fetch(request));
  EXPECT_NE(seen.find("Content-Length: 0"), std::string::npos);
  request.body = std::string(2000000, 'x');
  ASSERT_TRUE(fetch(request));
  EXPECT_NE(seen.find("Content-Length: 2000000"), std::string::npos);
  EXPECT_EQ(seen.find("Content-Type"), std::string::npos);
  EXPECT_EQ(seen.find("Expect"), std::string::npos);
}

TEST(Client, reuses_its_connections) {
  RawServer server([](const std::string&) { return RawServer::ok("x"); });
  const Client client;
  run_blocking([&]() -> Task<> {
    for (int i = 0; i < 20; ++i) {
      ClientRequest request = get(server.url());
      const auto answer = co_await client.send(std::move(request));
      EXPECT_EQ(code_of(answer), "answered");
    }
  });
  EXPECT_EQ(server.requests(), 20);
  EXPECT_EQ(server.connections(), 1);
}

TEST(Client, lets_its_connections_go_with_its_last_copy) {
  RawServer server([](const std::string&) { return RawServer::ok("x"); });
  run_blocking([&]() -> Task<> {
    for (int i = 0; i < 20; ++i) {
      const Client client;
      const Client copy = client;
      EXPECT_EQ(code_of(co_await copy.send(get(server.url()))), "answered");
    }
    for (int i = 0; i < 500 && server.open_connections() > 2; ++i) co_await sleep_for(std::chrono::milliseconds(10));
    EXPECT_LE(server.open_connections(), 2);
  });
  EXPECT_EQ(server.connections(), 20);
}

TEST(Client, carries_bodies_of_megabytes) {
  std::string large(5000000, 'a');
  for (std::size_t i = 0; i < large.size(); i += 7) large[i] = static_cast<char>('a' + i % 26);
  RawServer server(
      [](const std::string& request) { return RawServer::ok(request.substr(request.find("\r\n\r\n") + 4)); });
  ClientRequest request = get(server.url());
  request.method = "POST";
  request.body = large;
  const auto answer = fetch(request);
  ASSERT_TRUE(answer) << answer.error().what();
  EXPECT_TRUE(answer->body == large);
}

TEST(Client, refuses_answers_over_its_limits) {
  const std::string chunk = "3e8\r\n" + std::string(1000, 'x') + "\r\n";
  std::string many_headers;
  while (many_headers.size() < 70000) many_headers += "X-More: " + std::string(900, 'h') + "\r\n";
  const struct {
    const char* name;
    std::string answer;
    std::size_t limit;
    const char* expected;
  } cases[] = {
      {"as long as allowed", RawServer::ok(std::string(1000, 'x')), 1000, "answered"},
      {"a byte too long", RawServer::ok(std::string(1001, 'x')), 1000, "response_too_large"},
      {"announced too long", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", 1000, "response_too_large"},
      {"chunked, as long", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + "0\r\n\r\n", 1000,
       "answered"},
      {"chunked without end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk, 1000,
       "response_too_large"},
      {"until the end, too long", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(1001, 'x'), 1000,
       "response_too_large"},
      {"headers without end", "HTTP/1.1 200 OK\r\n" + many_headers + "\r\n", 1000, "response_too_large"},
      {"nothing allowed", RawServer::ok("x"), 0, "response_too_large"},
  };
  for (const auto& [name, answer, limit, expected] : cases) {
    RawServer server([&](const std::string&) { return answer; });
    ClientRequest request = get(server.url());
    request.response_limit_bytes = limit;
    const auto outcome = fetch(request);
    EXPECT_EQ(code_of(outcome), expected) << name;
    if (!outcome) {
      EXPECT_EQ(outcome.error().http_status(), 502) << name;
    }
  }
}

TEST(Client, reports_servers_that_fail_as_unreachable) {
  for (const std::string answer :
       {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nshort", "no http\r\n\r\n"}) {
    RawServer server([&](const std::string&) { return answer + (answer.empty() ? "Connection: close" : ""); });
    const auto outcome = fetch(get(server.url()));
    EXPECT_EQ(code_of(outcome), "unreachable") << answer;
    EXPECT_EQ(outcome.error().http_status(), 503);
  }
}

TEST(Client, reports_a_closed_port_and_an_unknown_host_as_unreachable) {
  RawServer server([](const std::string&) { return std::string(); });
  server.stop();
  EXPECT_EQ(code_of(fetch(get(server.url()))), "unreachable");
  EXPECT_EQ(code_of(fetch(get("http://no-such-host.invalid/"))), "unreachable");
}

TEST(Client, gives_up_after_the_timeout) {
  RawServer server([](const std::string&) { return std::nullopt; });
  ClientRequest request = get(server.url());
  request.timeout = std::chrono::milliseconds(60);
  const auto started = std::chrono::steady_clock::now();
  const auto outcome = fetch(request);
  EXPECT_EQ(code_of(outcome), "timeout");
  EXPECT_EQ(outcome.error().http_status(), 504);
  const auto took = std::chrono::steady_clock::now() - started;
  EXPECT_GE(took, std::chrono::milliseconds(60));
  EXPECT_LT(took, std::chrono::seconds(5));
}

TEST(Client, keeps_secrets_out_of_its_errors) {
  RawServer server([](const std::string&) { return std::string("Connection: close"); });
  server.stop();
  ClientRequest request = get("http://user:canary-1@127.0.0.1:" + server.url().substr(17) + "?token=canary-2");
  request.headers = {{"Authorization", "Bearer canary-3"}};
  const auto outcome = fetch(request);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message().find("canary"), std::string::npos) << outcome.error().message();
}

TEST(Client, follows_redirects_only_when_told) {
  RawServer server([](const std::string& request) {
    return request.starts_with("GET /end ") ? RawServer::ok("end")
                                            : RawServer::ok("away", "Location: /end\r\n", "302 Found");
  });
  const auto stays = fetch(get(server.url("/begin")));
  ASSERT_TRUE(stays);
  EXPECT_EQ(stays->status, 302);
  EXPECT_EQ(stays->body, "away");
  const auto follows = fetch(get(server.url("/begin")), {.redirect_limit = 1});
  ASSERT_TRUE(follows);
  EXPECT_EQ(follows->status, 200);
  EXPECT_EQ(follows->body, "end");
  EXPECT_EQ(follows->header("location"), std::nullopt);
}

TEST(Client, understands_answers_without_a_body) {
  RawServer server([](const std::string& request) {
    if (request.starts_with("HEAD")) return std::string("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
    return std::string("HTTP/1.1 204 No Content\r\n\r\n");
  });
  ClientRequest request = get(server.url());
  request.method = "HEAD";
  request.response_limit_bytes = 10;
  const auto head = fetch(request);
  ASSERT_TRUE(head) << head.error().what();
  EXPECT_EQ(head->header("content-length"), "5000");
  EXPECT_EQ(fetch(get(server.url()))->status, 204);
}

TEST(Client, opens_no_more_connections_than_allowed) {
  RawServer server([](const std::string&) { return RawServer::ok("x"); });
  const Client client({.connection_limit = 3});
  int answered = 0;
  run_blocking([&]() -> Task<> {
    for (int i = 0; i < 60; ++i) {
      Loop::current().spawn("request", [](const Client* c, std::string url, int* count) -> Task<> {
        ClientRequest request = get(std::move(url));
        const auto answer = co_await c->send(std::move(request));
        if (answer) ++*count;
      }(&client, server.url(), &answered));
    }
    while (answered < 60) co_await asio::post(use_task);
  });
  EXPECT_EQ(answered, 60);
  EXPECT_LE(server.connections(), 3);
}

TEST(Client, reuses_its_connections_when_all_that_are_allowed_are_in_use_at_a_time) {
  RawServer* asked = nullptr;
  int answers = 0;
  RawServer server([&](const std::string&) {  // answers when all 64 of a round have asked
    while (asked->requests() < (answers / 64 + 1) * 64) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ++answers;
    return RawServer::ok("x");
  });
  asked = &server;
  const Client client;
  run_blocking([&]() -> Task<> {
    for (int round = 0; round < 10; ++round) {
      int answered = 0;
      for (int i = 0; i < 64; ++i) {
        Loop::current().spawn("request", [](const Client* c, std::string url, int* count) -> Task<> {
          ClientRequest request = get(std::move(url));
          const auto answer = co_await c->send(std::move(request));
          if (answer) ++*count;
        }(&client, server.url(), &answered));
      }
      while (answered < 64) co_await asio::post(use_task);
    }
  });
  EXPECT_LE(server.connections(), 64);
}

TEST(Client, waits_for_a_connection_no_longer_than_the_timeout) {
  RawServer server([](const std::string&) { return std::nullopt; });
  const Client client({.connection_limit = 1});
  run_blocking([&]() -> Task<> {
    int ended = 0;
    for (int i = 0; i < 3; ++i) {
      Loop::current().spawn("request", [](const Client* c, std::string url, int* count) -> Task<> {
        ClientRequest request = get(std::move(url));
        request.timeout = std::chrono::milliseconds(80);
        const auto answer = co_await c->send(std::move(request));
        EXPECT_EQ(code_of(answer), "timeout");
        ++*count;
      }(&client, server.url(), &ended));
    }
    while (ended < 3) co_await asio::post(use_task);
  });
}

TEST(Client, drops_the_transfer_when_the_awaiting_task_is_cancelled) {
  std::atomic<bool> asked = false;
  RawServer server([&](const std::string& request) -> std::optional<std::string> {
    if (request.starts_with("GET /quick ")) return RawServer::ok("x");
    asked = true;
    return std::nullopt;
  });
  const Client client;
  run_blocking([&]() -> Task<> {
    asio::cancellation_signal cancel;
    std::exception_ptr outcome;
    bool ended = false;
    asio::co_spawn(
        Loop::current().executor(),
        [](const Client* c, std::string url) -> Task<> {
          ClientRequest request = get(std::move(url));
          co_await c->send(std::move(request));
        }(&client, server.url("/slow")),
        asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr error) {
          outcome = error;
          ended = true;
        }));
    while (!asked) co_await asio::post(use_task);
    cancel.emit(asio::cancellation_type::terminal);
    while (!ended) co_await asio::post(use_task);
    try {
      if (outcome) std::rethrow_exception(outcome);
      ADD_FAILURE() << "not cancelled";
    } catch (const boost::system::system_error& error) {
      EXPECT_EQ(error.code(), asio::error::operation_aborted);
    }
    while (server.open_connections() > 0) co_await asio::post(use_task);  // the server sees the peer go
    ClientRequest request = get(server.url("/quick"));
    const auto answer = co_await client.send(std::move(request));
    EXPECT_EQ(code_of(answer), "answered");
  });
}

TEST(Client, is_cleaned_up_when_the_loop_ends_under_a_transfer) {
  std::atomic<bool> asked = false;
  RawServer server([&](const std::string&) -> std::optional<std::string> {
    asked = true;
    return std::nullopt;
  });
  const Client client;
  run_blocking([&]() -> Task<> {
    for (int i = 0; i < 3; ++i) {  // owned by nobody: their frames are destroyed with the loop
      asio::co_spawn(
          Loop::current().executor(),
          [](const Client* c, std::string url) -> Task<> {
            ClientRequest request = get(std::move(url));
            co_await c->send(std::move(request));
          }(&client, server.url()),
          [](std::exception_ptr) {});
    }
    while (!asked) co_await asio::post(use_task);
  });
}

}  // namespace
}  // namespace bailey::http
