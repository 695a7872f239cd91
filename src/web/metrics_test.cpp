#include <bailey/web/metrics.hpp>

#include <bailey/base/log.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/database_metrics.hpp>
#include <bailey/web/test_client.hpp>
#include "web/served_app.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace bailey {
namespace {

using web_testing::error_code_of;
using web_testing::get;

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(Metrics, counts_requests_by_route_and_never_by_path) {
  App app({.metrics_path = "/metrics"});
  app.get("/cards/{id}", [](Path<"id", int> id) { return *id; });
  app.post("/cards", [](Json<int> card) { return *card; });
  Router admin;
  admin.get("/report", [] -> int { throw std::runtime_error("broken"); });
  app.include(std::move(admin), "/admin");
  for (int id = 1; id <= 3; ++id) EXPECT_EQ(get(app, "/cards/" + std::to_string(id)).status, 200);
  EXPECT_EQ(get(app, "/cards/secret-path").status, 422);
  EXPECT_EQ(get(app, "/no/such/path").status, 404);
  EXPECT_EQ(get(app, "/cards").status, 405);
  EXPECT_EQ(get(app, "/admin/report").status, 500);
  EXPECT_EQ(web_testing::ask(app, "HEAD", "/cards/4").status, 200);
  EXPECT_EQ(web_testing::ask(app, "BREW", "/cards/4").status, 405);

  const auto reply = get(app, "/metrics");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  const std::string& text = reply.body;
  EXPECT_TRUE(has_line(text, R"(http_requests_total{method="GET",route="/cards/{id}",status="2xx"} 3)")) << text;
  EXPECT_TRUE(has_line(text, R"(http_requests_total{method="GET",route="/cards/{id}",status="4xx"} 1)")) << text;
  EXPECT_TRUE(has_line(text, R"(http_requests_total{method="HEAD",route="/cards/{id}",status="2xx"} 1)")) << text;
  EXPECT_TRUE(has_line(text, R"(http_requests_total{method="GET",route="unmatched",status="4xx"} 2)")) << text;
  EXPECT_TRUE(has_line(text, R"(http_requests_total{method="other",route="unmatched",status="4xx"} 1)")) << text;
  EXPECT_TRUE(has_line(text, R"(http_requests_total{method="GET",route="/admin/report",status="5xx"} 1)")) << text;
  EXPECT_TRUE(has_line(text, R"(http_requests_total{method="POST",route="/cards",status="2xx"} 0)")) << text;
  EXPECT_TRUE(has_line(text, R"(http_request_duration_seconds_count{method="GET",route="/cards/{id}"} 4)")) << text;
  EXPECT_TRUE(has_line(text, R"(http_request_duration_seconds_bucket{method="GET",route="/cards/{id}",le="+Inf"} 4)"));
  EXPECT_TRUE(has_line(text, "http_requests_in_flight 1")) << text;  // this one
  EXPECT_EQ(text.find("secret"), std::string::npos) << text;
  EXPECT_NE(text.find("process_resident_memory_bytes "), std::string::npos);
  EXPECT_NE(text.find("process_cpu_seconds_total "), std::string::npos);
  EXPECT_NE(text.find("process_open_fds "), std::string::npos);
}

TEST(Metrics, are_off_until_they_have_a_path_and_in_no_document) {
  App without;
  without.get("/", [] { return 1; });
  EXPECT_EQ(get(without, "/metrics").status, 404);
  App with({.metrics_path = "/metrics"});
  EXPECT_EQ(with.openapi().find("/metrics"), std::string::npos);
  App broken({.metrics_path = "/metrics/{name}"});
  EXPECT_EQ(error_code_of([&] { static_cast<void>(broken.handler()); }), "invalid_route");
}

TEST(Metrics, are_read_by_who_has_the_token) {
  App app({.metrics_path = "/metrics", .metrics_guard = scrape_token(Secret("canary-token"))});
  EXPECT_EQ(get(app, "/metrics").status, 401);
  EXPECT_EQ(get(app, "/metrics", {{"Authorization", "Bearer canary"}}).status, 401);
  EXPECT_EQ(get(app, "/metrics", {{"Authorization", "Bearer canary-token2"}}).status, 401);
  EXPECT_EQ(get(app, "/metrics", {{"Authorization", "Basic canary-token"}}).status, 401);
  EXPECT_EQ(get(app, "/metrics", {{"Authorization", "Bearer canary-token"}, {"Authorization", "Bearer x"}}).status,
            401);
  EXPECT_EQ(get(app, "/metrics", {{"Authorization", "Bearer canary-token"}}).status, 200);
  EXPECT_EQ(error_code_of([] { static_cast<void>(scrape_token(Secret())); }), "invalid_setting");
  const auto route = std::ranges::find(app.routes(), "/metrics", &RouteInfo::path);
  ASSERT_NE(route, app.routes().end());
  EXPECT_EQ(route->guarded, Guarded::always);  // as --routes shows it
}

TEST(Metrics, stand_behind_the_apps_guard_unless_they_have_one_of_their_own) {
  const Guard nobody{.name = "nobody", .admit = [](Request&) -> Before { throw HttpError(403); }};
  App guarded({.metrics_path = "/metrics"});
  guarded.use(nobody);
  EXPECT_EQ(get(guarded, "/metrics").status, 403);
  App open({.metrics_path = "/metrics", .metrics_guard = open_to_all()});
  open.use(nobody);
  const auto reply = get(open, "/metrics");
  EXPECT_EQ(reply.status, 200);
}

TEST(Metrics, take_what_the_program_counts_on_any_thread) {
  App app({.metrics_path = "/metrics"});
  const auto made = app.metrics().counter("cards_made_total", "Cards that were made");
  const auto sizes = app.metrics().histogram("card_bytes", "How large cards are", {10, 100});
  std::atomic<int> waiting = 7;
  app.metrics().gauge("cards_waiting", "Cards that wait", [&] { return static_cast<double>(waiting.load()); });
  app.metrics().collect([](MetricWriter& out) { out.gauge("moon_phase", "Of the moon", 0.25, {{"of", "earth"}}); });
  app.post("/cards", [made] { made.add(); });
  EXPECT_EQ(web_testing::ask(app, "POST", "/cards").status, 204);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 1000; ++round) {
        made.add(2);
        sizes.observe(round < 500 ? 10 : 11);
      }
    });
  for (std::thread& thread : threads) thread.join();
  const std::string text = get(app, "/metrics").body;
  EXPECT_TRUE(has_line(text, "cards_made_total 16001")) << text;
  EXPECT_TRUE(has_line(text, "card_bytes_bucket{le=\"10\"} 4000")) << text;
  EXPECT_TRUE(has_line(text, "card_bytes_bucket{le=\"+Inf\"} 8000")) << text;
  EXPECT_TRUE(has_line(text, "card_bytes_sum 84000")) << text;
  EXPECT_TRUE(has_line(text, "cards_waiting 7")) << text;
  EXPECT_TRUE(has_line(text, "moon_phase{of=\"earth\"} 0.25")) << text;
}

TEST(Metrics, are_refused_where_prometheus_would_refuse_the_whole_answer) {
  const Metrics metrics;
  const auto counter = metrics.counter("a_total", "A", {{"kind", "x"}});
  counter.add(5);
  metrics.counter("a_total", "A", {{"kind", "x"}}).add(1);  // the same one
  EXPECT_TRUE(has_line(metrics.text(), "a_total{kind=\"x\"} 6"));
  const auto code = [&](auto&& make) { return error_code_of(make); };
  EXPECT_EQ(code([&] { static_cast<void>(metrics.counter("a-total", "A")); }), "invalid_metric");
  EXPECT_EQ(code([&] { static_cast<void>(metrics.counter("", "A")); }), "invalid_metric");
  EXPECT_EQ(code([&] { static_cast<void>(metrics.counter("9a", "A")); }), "invalid_metric");
  EXPECT_EQ(code([&] { static_cast<void>(metrics.counter("a_total", "B", {{"kind", "y"}})); }), "invalid_metric");
  EXPECT_EQ(code([&] { static_cast<void>(metrics.counter("a_total", "A", {{"sort", "y"}})); }), "invalid_metric");
  EXPECT_EQ(code([&] { static_cast<void>(metrics.counter("b", "B", {{"__x", "y"}})); }), "invalid_metric");
  EXPECT_EQ(code([&] { static_cast<void>(metrics.counter("b", "B", {{"x", "y"}, {"x", "z"}})); }), "invalid_metric");
  EXPECT_EQ(code([&] { static_cast<void>(metrics.histogram("a_total", "A")); }), "invalid_metric");
  EXPECT_EQ(code([&] { static_cast<void>(metrics.histogram("c", "C", {1, 1})); }), "invalid_metric");
  EXPECT_EQ(code([&] { static_cast<void>(metrics.histogram("c", "C", {1}, {{"le", "x"}})); }), "invalid_metric");
  metrics.gauge("g", "G", [] { return 1.0; });
  EXPECT_EQ(code([&] { metrics.gauge("g", "G", [] { return 2.0; }); }), "invalid_metric");
}

TEST(Metrics, that_fail_to_be_read_cost_only_themselves) {
  log::set_sink([](log::Level, std::string_view) {});
  const Metrics metrics;
  metrics.gauge("bad", "Bad", []() -> double { throw std::runtime_error("gone"); });
  metrics.gauge("good", "Good", [] { return 1.0; });
  EXPECT_TRUE(has_line(metrics.text(), "good 1"));
  log::set_sink({});
}

TEST(Metrics, of_a_source_end_with_it_and_of_one_subject_are_asked_once) {
  const Metrics metrics;
  const int subject = 0;
  const auto make = [&](double value) {
    return std::make_shared<const MetricSource>(
        MetricSource{.write = [value](MetricWriter& out) { out.gauge("value", "V", value); }, .subject = &subject});
  };
  auto first = make(1);
  const auto second = make(2);
  metrics.collect(first);
  metrics.collect(first);
  metrics.collect(second);
  EXPECT_TRUE(has_line(metrics.text(), "value 1"));
  first.reset();
  EXPECT_TRUE(has_line(metrics.text(), "value 2"));
}

TEST(Metrics, tell_what_the_connections_of_databases_do_each_by_its_name) {
  const Metrics metrics;
  pg::Options options;
  options.connection_string = Secret("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1");
  const pg::Database database(options);
  metrics.collect(database_metrics(database));
  metrics.collect(database_metrics(database, "archive"));
  run_blocking([&]() -> Task<> {
    try {
      static_cast<void>(co_await database.run(pg::Statement("select 1")));
      ADD_FAILURE();
    } catch (const Error&) {
    }
  });
  const std::string text = metrics.text();
  EXPECT_TRUE(has_line(text, "database_connections{database=\"default\"} 0")) << text;
  EXPECT_TRUE(has_line(text, "database_groups_waiting{database=\"archive\"} 0")) << text;
  EXPECT_FALSE(has_line(text, "database_connect_failures_total{database=\"default\"} 0")) << text;
}

TEST(Metrics, tell_of_requests_that_are_being_answered_and_go_back_to_none) {
  App app({.metrics_path = "/metrics"});
  app.get("/slow", []() -> Task<int> {
    throw HttpError(418);
    co_return 1;
  });
  for (int round = 0; round < 3; ++round) static_cast<void>(get(app, "/slow"));
  EXPECT_TRUE(has_line(app.metrics().text(), "http_requests_in_flight 0")) << app.metrics().text();
}

TEST(Metrics, are_those_of_all_loops_and_of_a_test_client_with_overrides) {
  App app({.metrics_path = "/metrics"});
  app.get("/", [] { return 1; });
  TestClient client(app);
  client.guard(open_to_all());  // compiles the routes anew
  EXPECT_EQ(client.get("/").status, 200);
  {
    const web_testing::Served served(app, 4);
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i)
      threads.emplace_back([&] {
        const std::string one = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        static_cast<void>(served.talk(one + one + "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
      });
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_TRUE(has_line(app.metrics().text(), R"(http_requests_total{method="GET",route="/",status="2xx"} 49)"))
      << app.metrics().text();
}

}  // namespace
}  // namespace bailey
