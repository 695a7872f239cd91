#include <bailey/web/request_deadline.hpp>

#include <bailey/base/log.hpp>
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/web/cors.hpp>
#include <bailey/web/test_client.hpp>
#include "web/served_app.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <latch>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using web_testing::error_code_of;
using web_testing::Served;

std::string request_to(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
}

// A handler that notices that it was cancelled.
Task<std::string> wait_for(std::chrono::milliseconds time, std::atomic<int>& cancelled) {
  try {
    co_await sleep_for(time);
  } catch (...) {
    ++cancelled;
    throw;
  }
  co_return "done";
}

TEST(RequestDeadline, cancels_the_handler_and_answers_504) {
  std::atomic<int> cancelled = 0;
  App app;
  app.use(request_deadline(100ms));
  app.get("/slow", [&cancelled] { return wait_for(20s, cancelled); });
  app.get("/quick", [&cancelled] { return wait_for(1ms, cancelled); });
  Served served(app, 1);
  const std::string answer = served.talk(request_to("/slow"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 504")) << answer;
  EXPECT_TRUE(answer.ends_with(R"({"detail":"The request took too long"})")) << answer;
  EXPECT_EQ(cancelled, 1);
  EXPECT_TRUE(served.talk(request_to("/quick")).starts_with("HTTP/1.1 200"));
  EXPECT_EQ(cancelled, 1);
}

TEST(RequestDeadline, of_a_route_counts_before_that_of_the_app_and_ends_with_the_request) {
  std::atomic<int> cancelled = 0;
  App app;
  app.get("/slow", [&cancelled] { return wait_for(20s, cancelled); }, {.middleware = {request_deadline(100ms)}});
  app.get("/patient", [&cancelled] { return wait_for(600ms, cancelled); });
  Router router({.prefix = "/short", .middleware = {request_deadline(100ms)}});
  router.get("/longer", [&cancelled] { return wait_for(600ms, cancelled); }, {.middleware = {request_deadline(10s)}});
  app.include(std::move(router));
  Served served(app, 1);
  // One connection: what was said for the first request is not said for the second.
  const std::string answers = served.talk("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + request_to("/patient"));
  EXPECT_TRUE(answers.starts_with("HTTP/1.1 504")) << answers;
  EXPECT_NE(answers.find("HTTP/1.1 200"), std::string::npos) << answers;
  EXPECT_TRUE(served.talk(request_to("/short/longer")).starts_with("HTTP/1.1 200"));
  EXPECT_EQ(cancelled, 1);
}

TEST(RequestDeadline, does_not_count_while_an_answer_is_streamed) {
  App app;
  app.use(request_deadline(100ms));
  app.get("/stream", [] {
    return Response::stream(200, "text/plain", [](http::BodyWriter& out) -> Task<> {
      for (int i = 0; i < 4; ++i) {
        co_await sleep_for(200ms);
        co_await out.write("tick\n");
      }
    });
  });
  Served served(app, 1);
  EXPECT_TRUE(served.talk(request_to("/stream")).ends_with("0\r\n\r\n"));
}

TEST(RequestDeadline, does_not_count_once_the_connection_speaks_another_protocol) {
  App app;
  app.use(request_deadline(100ms));
  app.get("/talk", [] {
    return Response::upgrade("chat", [](http::UpgradedConnection& peer) -> Task<> {
      co_await sleep_for(800ms);
      co_await peer.write("bye");
    });
  });
  Served served(app, 1);
  const std::string answer =
      served.talk("GET /talk HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 101")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nbye")) << answer;
}

TEST(RequestDeadline, answers_for_a_handler_that_takes_no_notice_and_says_so_in_the_log) {
  std::atomic<bool> is_told = false;
  log::set_sink([&](log::Level, std::string_view line) {
    if (line.contains("goes on though it was cancelled") && line.contains("path=/deaf")) is_told = true;
  });
  std::latch release(1);
  BlockingPool pool({.threads = 1, .queue_limit = 1});
  App app;
  app.use(request_deadline(100ms));
  app.get("/deaf", [&pool, &release]() -> Task<std::string> {
    co_await pool.run([&release] { release.wait(); });
    co_return "too late";
  });
  {
    Served served(app, 1);
    const std::string answer = served.talk(request_to("/deaf"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 504")) << answer;
    EXPECT_TRUE(is_told);
    release.count_down();
  }
  log::set_sink({});
}

// What is awaited takes no notice of a cancellation until `release`.
struct Deafness {
  std::latch release{1};
  BlockingPool pool{{.threads = 1, .queue_limit = 1}};

  Task<> wait() {
    co_await pool.run([this] { release.wait(); });
  }
  Task<std::optional<Response>> decide() {
    co_await wait();
    co_return std::nullopt;
  }
};

// Notes the status of each answer that passes it.
Middleware noting(std::string name, std::string& story) {
  return {.name = name, .after = [name, &story](Request&, Response& response) {
            story += name + " " + std::to_string(response.status) + "; ";
          }};
}

TEST(RequestDeadline, has_middleware_see_the_answer_for_what_takes_no_notice_and_no_other) {
  log::set_sink([](log::Level, std::string_view) {});
  struct Case {
    std::string where;
    std::function<Middleware(Deafness&)> between;
    std::string story;
  };
  for (const Case& c : std::vector<Case>{
           {"handler", [](Deafness&) -> Middleware { return {.name = "between"}; }, "inner 504; outer 504; "},
           {"before",
            [](Deafness& deafness) -> Middleware {
              return {.name = "between", .before = [&](Request&) -> Before { return deafness.decide(); }};
            },
            "outer 504; "},
           {"around",
            [](Deafness& deafness) -> Middleware {
              return {.name = "between", .around = [&](Request& request, const Next& next) -> Task<Response> {
                        Response response = co_await next(request);
                        co_await deafness.wait();
                        co_return response;
                      }};
            },
            "inner 200; outer 504; "},
       }) {
    Deafness deafness;
    std::string story;
    App app;
    app.use(cors({.allow_origins = {"*"}}));
    app.use(request_deadline(100ms));
    app.use(noting("outer", story));
    app.use(c.between(deafness));
    app.use(noting("inner", story));
    app.get("/handler", [&deafness]() -> Task<std::string> {
      co_await deafness.wait();
      co_return "too late";
    });
    app.get("/before", [] { return std::string("done"); });
    app.get("/around", [] { return std::string("done"); });
    {
      Served served(app, 1);
      const std::string answer =
          served.talk("GET /" + c.where + " HTTP/1.1\r\nHost: a\r\nOrigin: https://b.example\r\n\r\n");
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 504")) << answer;
      EXPECT_TRUE(answer.contains("\r\nAccess-Control-Allow-Origin: *\r\n")) << answer;
      EXPECT_TRUE(answer.contains("\r\nX-Request-Id: ")) << answer;
      deafness.release.count_down();
    }
    EXPECT_EQ(story, c.story) << c.where;
  }
  log::set_sink({});
}

TEST(RequestDeadline, is_kept_by_a_test_client_too) {
  std::atomic<int> cancelled = 0;
  App app;
  app.use(request_deadline(50ms));
  app.get("/slow", [&cancelled] { return wait_for(20s, cancelled); });
  app.get("/quick", [&cancelled] { return wait_for(1ms, cancelled); });
  TestClient client(app);
  const TestReply late = client.get("/slow");
  EXPECT_EQ(late.status, 504);
  EXPECT_EQ(late.body, R"({"detail":"The request took too long"})");
  EXPECT_EQ(client.get("/quick").status, 200);
  EXPECT_EQ(cancelled, 1);
}

TEST(RequestDeadline, of_no_time_is_refused_at_start) {
  EXPECT_EQ(error_code_of([] { static_cast<void>(request_deadline(0ms)); }), "invalid_deadline");
  EXPECT_EQ(error_code_of([] { static_cast<void>(request_deadline(-1ms)); }), "invalid_deadline");
}

}  // namespace
}  // namespace bailey
