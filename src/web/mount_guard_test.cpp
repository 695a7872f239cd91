// Who is let into a mounted app: by its own guard, by the one around it, by any spelling of its paths, and by browsers'
// preflights. What a guard has said of a request's end holds in there as well.
#include <bailey/web/app.hpp>

#include <bailey/web/cors.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using web_testing::ask;
using web_testing::get;

// Admits who has the word, and the paths that are open to all.
Guard asking_for(std::string word, std::string open_path) {
  return {
      .name = "asks for " + word,
      .admit = [word, open_path](Request& request) -> Before {
        if (request.path() == open_path || request.header("x-word") == word) return Pass{};
        return Response::text(401, word + "?");
      },
      .covers = [open_path](std::string_view path) { return path == open_path ? Guarded::exempt : Guarded::always; }};
}

void build(App& inner, App& outer) {
  inner.get("/secret", [] { return PlainText{"a secret"}; });
  inner.get("/open", [] { return PlainText{"open"}; });
  outer.get("/secret", [] { return PlainText{"the outer secret"}; });
  outer.mount("/in", inner);
}

// Ways to write /in/secret, or to seem to.
constexpr std::array spellings{
    "/in/secret",         "/in//secret",    "//in/secret",           "/in/./secret", "/./in/secret", "/in/../in/secret",
    "/in/open/../secret", "/in/secret/",    "/in/%73ecret",          "/%69n/secret", "/in%2fsecret", "/in%2Fsecret",
    "/in/%2e/secret",     "/in%5csecret",   "/in/open%2f../secret",  "/IN/secret",   "/in/secret;x", "/in/secret%20",
    "/in/secret?/open",   "/in?/in/secret", "/in/open/%2e%2e/secret"};

TEST(MountGuard, of_the_mounted_app_is_passed_by_no_spelling_of_a_path) {
  App inner({.openapi_path = ""}), outer;
  inner.use(asking_for("inner", "/open"));
  build(inner, outer);
  for (const char* path : spellings) {
    const auto reply = get(outer, path);
    EXPECT_TRUE(reply.status == 401 || reply.status == 404) << path << " " << reply.status;
    EXPECT_FALSE(reply.body.contains("secret")) << path;
  }
  EXPECT_EQ(get(outer, "/in/open").body, "open");
  EXPECT_EQ(get(outer, "/in/secret", {{"X-Word", "inner"}}).body, "a secret");
  EXPECT_EQ(get(outer, "/secret").body, "the outer secret") << "its guard is that of nothing else";
}

TEST(MountGuard, around_a_mounted_app_is_passed_by_no_spelling_of_a_path) {
  App inner({.openapi_path = ""}), outer;
  outer.use(asking_for("outer", "/open"));
  build(inner, outer);
  for (const char* path : spellings) EXPECT_EQ(get(outer, path).status, 401) << path;
  EXPECT_EQ(get(outer, "/in/open").status, 401) << "that is open in another app";
  EXPECT_EQ(get(outer, "/in/secret", {{"X-Word", "outer"}}).body, "a secret");
  EXPECT_EQ(get(inner, "/secret").body, "a secret") << "served by itself it has no guard";
}

TEST(MountGuard, stands_before_each_of_two_apps) {
  App inner({.openapi_path = ""}), outer;
  inner.use(asking_for("inner", "/open"));
  outer.use(asking_for("outer", "/in/secret"));
  build(inner, outer);
  EXPECT_EQ(get(outer, "/in/secret").body, "inner?") << "what the outer guard lets pass the inner one does not";
  EXPECT_EQ(get(outer, "/in/open").body, "outer?") << "nor the other way round";
  EXPECT_EQ(get(outer, "/in/secret", {{"X-Word", "inner"}}).body, "a secret");
  EXPECT_EQ(get(outer, "/in/open", {{"X-Word", "outer"}}).body, "open");
}

TEST(MountGuard, of_the_options_stands_in_place_of_the_apps) {
  App inner({.openapi_path = ""}), outer;
  inner.get("/secret", [] { return PlainText{"a secret"}; });
  outer.use(asking_for("outer", ""));
  outer.mount("/in", inner, {.guard = asking_for("mount", "")});
  EXPECT_EQ(get(outer, "/in/secret").body, "mount?");
  EXPECT_EQ(ask(outer, "OPTIONS", "/in/secret").body, "mount?");
  EXPECT_EQ(get(outer, "/in/secret", {{"X-Word", "mount"}}).body, "a secret");
}

TEST(MountGuard, of_the_mounted_app_lets_its_options_pass_as_it_does_by_itself) {
  App inner({.openapi_path = ""}), outer;
  inner.use(asking_for("inner", ""));
  build(inner, outer);
  const auto reply = ask(outer, "OPTIONS", "/in/secret");
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.header("allow"), "GET, HEAD");
}

const web_testing::Headers preflight{{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "GET"}};

TEST(MountGuard, is_asked_behind_the_preflights_that_cors_answers) {
  const auto app_example = [] { return cors({.allow_origins = {"https://app.example"}}); };
  {
    App inner({.openapi_path = ""}), outer;
    outer.use(app_example()).use(asking_for("outer", ""));
    build(inner, outer);
    const auto reply = ask(outer, "OPTIONS", "/in/secret", preflight);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("access-control-allow-origin"), "https://app.example");
    EXPECT_EQ(get(outer, "/in/secret", preflight).header("access-control-allow-origin"), "https://app.example")
        << "a page may read that it is refused";
  }
  {
    App inner({.openapi_path = ""}), outer;
    inner.use(app_example()).use(asking_for("inner", ""));
    build(inner, outer);
    EXPECT_EQ(ask(outer, "OPTIONS", "/in/secret", preflight).status, 200);
    EXPECT_EQ(ask(outer, "OPTIONS", "/secret", preflight).header("access-control-allow-origin"), "(none)");
  }
  {
    App inner({.openapi_path = ""}), outer;
    inner.use(app_example());
    outer.use(asking_for("outer", ""));
    build(inner, outer);
    EXPECT_EQ(ask(outer, "OPTIONS", "/in/secret", preflight).status, 401) << "anything may stand behind a mount";
  }
  {
    App inner({.openapi_path = ""}), outer;
    inner.use(app_example());
    outer.use(app_example());
    build(inner, outer);
    const auto reply = get(outer, "/in/secret", preflight);
    EXPECT_EQ(reply.header("access-control-allow-origin"), "https://app.example") << "once";
    EXPECT_EQ(reply.header("vary"), "Origin");
  }
}

TEST(MountGuard, that_says_when_a_request_expires_is_not_outdone_by_another) {
  std::optional<std::chrono::milliseconds> left;
  const auto expiring_in = [](std::chrono::seconds time) {
    return Guard{.name = "expiring", .admit = [time](Request& request) -> Before {
                   request.expire_at(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + time);
                   return Pass{};
                 }};
  };
  const auto ask_within = [&](std::chrono::seconds outside, std::chrono::seconds inside) {
    left.reset();
    App inner({.openapi_path = ""}), outer;
    if (inside > 0s) inner.use(expiring_in(inside));
    if (outside > 0s) outer.use(expiring_in(outside));
    inner.get("/", [&left](const Request& request) {
      left = request.expires_in();
      return 1;
    });
    outer.mount("/in", inner);
    EXPECT_EQ(get(outer, "/in").status, 200);
    return left.value_or(0ms);
  };
  for (const auto& [outside, inside] : std::vector<std::pair<std::chrono::seconds, std::chrono::seconds>>{
           {100s, 0s}, {0s, 100s}, {100s, 1000s}, {1000s, 100s}}) {
    EXPECT_GT(ask_within(outside, inside), 90s) << outside.count() << " " << inside.count();
    EXPECT_LE(left.value_or(0ms), 100s) << outside.count() << " " << inside.count();
  }
  EXPECT_EQ(ask_within(0s, 0s), 0ms);
}

}  // namespace
}  // namespace bailey
