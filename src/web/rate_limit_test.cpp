#include <bailey/web/rate_limit.hpp>

#include <bailey/runtime/sleep.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/proxy_headers.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using web_testing::error_code_of;
using web_testing::get;
using web_testing::Headers;
using web_testing::Reply;

Headers from(std::string address) { return {{"X-Forwarded-For", std::move(address)}}; }

TEST(RateLimit, answers_429_beyond_it_and_says_when_to_come_again) {
  App app;
  app.use(rate_limit({.requests = 2, .per = 1h}));
  int calls = 0;
  app.get("/", [&calls] { return PlainText{std::to_string(++calls)}; });
  EXPECT_EQ(get(app, "/").header("RateLimit"), R"("default";r=1;t=1800)");
  const Reply second = get(app, "/");
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.header("RateLimit-Policy"), R"("default";q=2;w=3600)");
  EXPECT_EQ(second.header("RateLimit"), R"("default";r=0;t=3600)");
  const Reply third = get(app, "/");
  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(third.body, R"({"detail":"Too Many Requests"})");
  EXPECT_EQ(third.header("Retry-After"), "1800");
  EXPECT_EQ(third.header("RateLimit-Policy"), R"("default";q=2;w=3600)");
  EXPECT_EQ(third.header("RateLimit"), R"("default";r=0;t=3600)");
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(get(app, "/health").status, 200) << "load balancers ask often";
}

TEST(RateLimit, counts_by_the_clients_address) {
  App app;
  app.use(proxy_headers({}));
  app.use(rate_limit({.requests = 1, .per = 1h}));
  app.get("/", [] { return PlainText{"here"}; });
  const std::vector<std::pair<std::string, int>> requests{{"192.0.2.7", 200},          {"192.0.2.7", 429},
                                                          {"1.1.1.1, 192.0.2.7", 429}, {"192.0.2.8", 200},
                                                          {"2001:db8:0:1::1", 200},    {"2001:db8:0:1:ffff::2", 429},
                                                          {"2001:db8:0:2::1", 200},    {"::ffff:192.0.2.7", 429}};
  for (const auto& [address, status] : requests) EXPECT_EQ(get(app, "/", from(address)).status, status) << address;
}

TEST(RateLimit, counts_by_the_user_where_there_is_one) {
  App app;
  app.use(Guard{.name = "by header", .admit = [](Request& request) -> Before {
                  if (const auto user = request.header("x-user")) {
                    if (*user == "service")
                      request.state().set_identity(std::nullopt);
                    else
                      request.state().set_identity(Uuid::parse(*user).value());
                  }
                  return Pass{};
                }});
  app.use(rate_limit({.requests = 1, .per = 1h, .key = by_user()}));
  app.get("/", [] { return PlainText{"here"}; });
  const std::string ada = "ada00000-0000-4000-8000-000000000001";
  const std::string bob = "b0b00000-0000-4000-8000-000000000002";
  EXPECT_EQ(get(app, "/", {{"x-user", ada}}).status, 200);
  EXPECT_EQ(get(app, "/", {{"x-user", ada}}).status, 429);
  EXPECT_EQ(get(app, "/", {{"x-user", bob}}).status, 200);
  EXPECT_EQ(get(app, "/", {{"x-user", "service"}}).status, 200);
  EXPECT_EQ(get(app, "/").status, 429) << "the same address, and nobody";
}

TEST(RateLimit, counts_by_what_a_function_says_and_not_those_it_says_nothing_of) {
  App app;
  app.use(rate_limit({.requests = 1, .per = 1h, .key = [](const Request& request) -> std::optional<std::string> {
                        if (const auto key = request.header("x-key")) return std::string(*key);
                        return std::nullopt;
                      }}));
  app.get("/", [] { return PlainText{"here"}; });
  EXPECT_EQ(get(app, "/", {{"x-key", "a"}}).status, 200);
  EXPECT_EQ(get(app, "/", {{"x-key", "b"}}).status, 200);
  EXPECT_EQ(get(app, "/", {{"x-key", "a"}}).status, 429);
  const Reply free = get(app, "/");
  EXPECT_EQ(free.status, 200);
  EXPECT_EQ(free.header("RateLimit"), "(none)");
}

TEST(RateLimit, of_app_router_and_route_count_each_by_itself) {
  App app;
  app.use(rate_limit({.requests = 5, .per = 1h, .name = "all"}));
  Router admin({.prefix = "/admin", .middleware = {rate_limit({.requests = 3, .per = 1h, .name = "admin"})}});
  admin.get("/a", [] { return PlainText{"a"}; });
  admin.post("/login", [] { return PlainText{"in"}; },
             {.middleware = {rate_limit({.requests = 1, .per = 1h, .name = "login"})}});
  app.include(std::move(admin));
  app.get("/", [] { return PlainText{"root"}; });

  const Reply in = web_testing::ask(app, "POST", "/admin/login");
  EXPECT_EQ(in.status, 200);
  EXPECT_EQ(in.header("RateLimit"), R"("login";r=0;t=3600, "admin";r=2;t=1200, "all";r=4;t=720)");
  const Reply refused = web_testing::ask(app, "POST", "/admin/login");
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.header("RateLimit").starts_with(R"("login";r=0)")) << refused.header("RateLimit");
  EXPECT_EQ(get(app, "/admin/a").status, 200);
  EXPECT_EQ(get(app, "/admin/a").status, 429) << "the router's third was the second login";
  EXPECT_EQ(get(app, "/").status, 200);
  EXPECT_EQ(get(app, "/").status, 429);
}

TEST(RateLimit, is_there_before_the_body_is_read_and_for_what_is_not_there) {
  App app;
  app.use(rate_limit({.requests = 1, .per = 1h}));
  app.post("/", [](Json<std::vector<int>> list) { return PlainText{std::to_string(list->size())}; });
  EXPECT_EQ(get(app, "/none").status, 404);
  EXPECT_EQ(web_testing::post_json(app, "/", "not JSON").status, 429);
}

// A store that answers late, or not.
class SlowStore final : public RateLimitStore {
 public:
  bool is_down = false;
  std::vector<std::string> keys;
  Task<RateVerdict> take(std::string key, RateQuota quota) override {
    co_await sleep_for(1ms);
    if (is_down) throw Error("store_unavailable", "down", 503);
    keys.push_back(std::move(key));
    co_return RateVerdict{
        .allowed = keys.size() < 2, .remaining = quota.burst - 1, .retry_after = 90s, .reset_after = 1s};
  }
};

TEST(RateLimit, asks_a_store_that_counts_for_several_processes) {
  const auto store = std::make_shared<SlowStore>();
  App app;
  app.use(rate_limit({.requests = 7,
                      .per = 1h,
                      .key = [](const Request&) { return std::string("me"); },
                      .name = "shared",
                      .store = store}));
  app.get("/", [] { return PlainText{"here"}; });
  EXPECT_EQ(get(app, "/").header("RateLimit"), R"("shared";r=6;t=1)");
  const Reply refused = get(app, "/");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "90");
  EXPECT_EQ(store->keys, (std::vector<std::string>{"shared:me", "shared:me"}));
}

TEST(RateLimit, lets_pass_or_refuses_while_the_store_is_down_as_it_is_told) {
  const auto store = std::make_shared<SlowStore>();
  store->is_down = true;
  for (const auto& [outage, status] :
       {std::pair{RateLimitOptions::Outage::let_pass, 200}, {RateLimitOptions::Outage::refuse, 503}}) {
    App app;
    app.use(rate_limit({.store = store, .outage = outage}));
    app.get("/", [] { return PlainText{"here"}; });
    const Reply reply = get(app, "/");
    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.header("Retry-After"), status == 503 ? "1" : "(none)");
    EXPECT_EQ(reply.header("RateLimit"), "(none)") << "nobody has counted";
  }
}

TEST(RateLimit, that_makes_no_sense_is_refused_at_start) {
  const auto code = [](RateLimitOptions options) {
    return error_code_of([&] { static_cast<void>(rate_limit(std::move(options))); });
  };
  EXPECT_EQ(code({.requests = 0}), "invalid_rate_limit");
  EXPECT_EQ(code({.per = 0s}), "invalid_rate_limit");
  EXPECT_EQ(code({.per = -1s}), "invalid_rate_limit");
  EXPECT_EQ(code({.per = std::chrono::days(400)}), "invalid_rate_limit");
  EXPECT_EQ(code({.requests = 1, .per = std::chrono::days(366), .burst = 4'000'000'000}), "invalid_rate_limit");
  EXPECT_EQ(code({.key = {}}), "invalid_rate_limit");
  EXPECT_EQ(code({.name = "a\"b"}), "invalid_rate_limit");
  EXPECT_EQ(code({.name = ""}), "invalid_rate_limit");
  EXPECT_EQ(code({.requests = 4'000'000'000, .per = 1s}), "");
}

}  // namespace
}  // namespace bailey
