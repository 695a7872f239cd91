#include <bailey/base/log.hpp>
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/test_client.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using web_testing::error_code_of;

struct CaptureLog {
  CaptureLog() {
    log::set_sink([this](log::Level, std::string_view line) { lines.append(line).append("\n"); });
  }
  ~CaptureLog() { log::set_sink({}); }
  std::string lines;
};

struct Link {
  std::atomic<bool> up = true;
  std::atomic<int> asked = 0;
};

TEST(Readiness, is_told_without_checks_and_ends_when_the_app_drains) {
  App app;
  TestClient client(app);
  const auto reply = client.get("/ready");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, R"({"status":"ready"})");
  EXPECT_EQ(reply.header("cache-control"), "no-store");
  app.begin_draining();
  EXPECT_EQ(client.get("/ready").status, 503);
  EXPECT_EQ(client.get("/ready").body, R"({"status":"draining"})");
  EXPECT_EQ(client.get("/health").status, 503);
}

TEST(Readiness, names_what_fails_and_leaves_the_reason_to_the_log) {
  const CaptureLog log;
  Link link;
  App app;
  app.provide(std::ref(link));
  app.ready("link", [](Link& asked) -> Task<bool> {
    co_await sleep_for(1ms);
    co_return asked.up;
  });
  app.ready("mail", []() -> Task<bool> {
    throw std::runtime_error("canary");
    co_return true;
  });
  app.ready("slow",
            []() -> Task<bool> {
              co_await sleep_for(60s);
              co_return true;
            },
            {.timeout = 100ms});
  TestClient client(app);
  const auto reply = client.get("/ready");
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.body, R"({"status":"not ready","failing":["mail","slow"]})");
  EXPECT_NE(log.lines.find("not ready check=mail reason=canary"), std::string::npos) << log.lines;
  EXPECT_NE(log.lines.find("check=slow reason=\"no answer within 100 ms\""), std::string::npos) << log.lines;
  EXPECT_EQ(log.lines.find("check=link"), std::string::npos) << log.lines;
}

TEST(Readiness, is_asked_once_a_second_however_many_ask) {
  Link link;
  App app;
  app.provide(std::ref(link));
  app.ready("link", [](Link& asked) -> Task<bool> {
    ++asked.asked;
    co_await sleep_for(20ms);
    co_return asked.up;
  });
  run_blocking([&]() -> Task<> {
    std::vector<Task<web_testing::Reply>> asking;
    for (int i = 0; i < 50; ++i) {
      http::LocalRequest::Parts parts;
      parts.target = "/ready";
      asking.push_back(web_testing::ask_app(app.handler(), std::move(parts)));
    }
    const auto replies = co_await when_all(std::move(asking));
    for (const auto& reply : replies) EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(link.asked, 1);
    link.up = false;
    http::LocalRequest::Parts again;
    again.target = "/ready";
    const auto kept = co_await web_testing::ask_app(app.handler(), std::move(again));
    EXPECT_EQ(kept.status, 200);
    EXPECT_EQ(link.asked, 1);
    co_await sleep_for(1100ms);
    http::LocalRequest::Parts later;
    later.target = "/ready";
    const auto fresh = co_await web_testing::ask_app(app.handler(), std::move(later));
    EXPECT_EQ(fresh.status, 503);
    EXPECT_EQ(link.asked, 2);
  });
}

TEST(Readiness, logs_a_failure_once_and_its_end) {
  const CaptureLog log;
  Link link;
  link.up = false;
  App app;
  app.provide(std::ref(link));
  app.ready("link", [](Link& asked) -> Task<bool> { co_return asked.up.load(); });
  TestClient client(app);
  EXPECT_EQ(client.get("/ready").status, 503);
  TestClient other(app);  // another loop
  EXPECT_EQ(other.get("/ready").status, 503);
  link.up = true;
  TestClient third(app);
  EXPECT_EQ(third.get("/ready").status, 200);
  const auto count = [&](std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = log.lines.find(part); at != std::string::npos; at = log.lines.find(part, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("not ready"), 1U) << log.lines;
  EXPECT_EQ(count("ready again"), 1U) << log.lines;
}

TEST(Readiness, of_a_check_that_cannot_be_cancelled_is_still_told_in_time) {
  const CaptureLog log;
  std::atomic<bool> released = false;
  BlockingPool pool;
  App app;
  app.ready("stuck",
            [&]() -> Task<bool> {
              const bool is_well = co_await pool.run([&] {
                while (!released) std::this_thread::sleep_for(1ms);
                return true;
              });
              co_return is_well;
            },
            {.timeout = 100ms});
  TestClient client(app);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(client.get("/ready").body, R"({"status":"not ready","failing":["stuck"]})");
  EXPECT_EQ(client.get("/ready").status, 503);  // does not begin another
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  released = true;
}

TEST(Readiness, is_open_to_probes_whatever_guards_and_dependencies_the_app_has) {
  App app;
  app.use(Guard{.name = "nobody", .admit = [](Request&) -> Before { throw HttpError(403); }});
  app.depends(depends([](Header<"x-key">) {}));
  app.get("/", [] { return 1; });
  TestClient client(app);
  EXPECT_EQ(client.get("/").status, 403);
  EXPECT_EQ(client.get("/ready").status, 200);
  EXPECT_EQ(client.get("/health").status, 200);
  EXPECT_EQ(client.send("HEAD", "/health").status, 200);
  EXPECT_EQ(client.send("POST", "/health").status, 403) << "which is no probe";
  EXPECT_EQ(app.openapi().find("/ready"), std::string::npos);
}

TEST(Readiness, can_be_moved_left_out_or_be_the_programs_own) {
  App moved({.ready_path = "/readyz"});
  EXPECT_EQ(web_testing::get(moved, "/readyz").status, 200);
  EXPECT_EQ(web_testing::get(moved, "/ready").status, 404);
  App without({.ready_path = ""});
  EXPECT_EQ(web_testing::get(without, "/ready").status, 404);
  App own;
  own.get("/ready", [] { return std::string("mine"); });
  EXPECT_EQ(web_testing::get(own, "/ready").body, "\"mine\"");
  App broken({.ready_path = "/ready/{x}"});
  EXPECT_EQ(error_code_of([&] { static_cast<void>(broken.handler()); }), "invalid_route");
}

TEST(Readiness, of_the_programs_own_is_a_route_like_any_other) {
  for (const std::string path : {"/ready", "/health"}) {
    App app;
    app.use(Guard{.name = "nobody", .admit = [](Request& request) -> Before {
                    if (request.is_health_check()) return Pass{};
                    throw HttpError(401);
                  }});
    app.get(runtime_path(path), [] { return std::string("orders"); });
    EXPECT_EQ(web_testing::get(app, path).status, 401) << path;
    EXPECT_NE(app.openapi().find(path), std::string::npos) << path;

    App open;
    open.depends(depends([](Header<"x-key">) {}));
    open.get(runtime_path(path), [](const Request& request) { return request.is_health_check(); });
    EXPECT_EQ(web_testing::get(open, path).status, 422) << path;
    EXPECT_EQ(web_testing::get(open, path, {{"x-key", "1"}}).body, "false") << path;

    App guarded;
    guarded.get(runtime_path(path), [] { return std::string("orders"); },
                {.guard = Guard{.name = "nobody", .admit = [](Request&) -> Before { throw HttpError(401); }}});
    EXPECT_EQ(web_testing::get(guarded, path).status, 401) << path;
    for (const RouteInfo& route : guarded.routes())
      if (route.path == path) {
        EXPECT_EQ(route.guarded, Guarded::always) << path;
      }
  }
}

TEST(Readiness, refuses_checks_that_cannot_be_told_apart_or_take_what_nobody_provides) {
  App app;
  app.ready("link", []() -> Task<bool> { co_return true; });
  EXPECT_EQ(error_code_of([&] { app.ready("link", []() -> Task<bool> { co_return true; }); }), "invalid_setting");
  EXPECT_EQ(error_code_of([&] { app.ready("", []() -> Task<bool> { co_return true; }); }), "invalid_setting");
  App lacking;
  lacking.ready("link", [](Link& link) -> Task<bool> { co_return link.up.load(); });
  EXPECT_EQ(error_code_of([&] { static_cast<void>(lacking.handler()); }), "invalid_dependency");
}

}  // namespace
}  // namespace bailey
