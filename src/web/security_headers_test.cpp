#include <bailey/web/security_headers.hpp>

#include <bailey/web/error.hpp>
#include <bailey/web/proxy_headers.hpp>
#include "web/served_app.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bailey {
namespace {

using web_testing::error_code_of;
using web_testing::get;
using web_testing::Headers;
using web_testing::Reply;
using Frames = SecurityHeadersOptions::Frames;

const Headers by_https{{"X-Forwarded-Proto", "https"}, {"X-Forwarded-For", "192.0.2.7"}};

Reply ask(SecurityHeadersOptions options, const Headers& headers = {}, std::string path = "/") {
  App app;
  app.use(proxy_headers({}));
  app.use(security_headers(std::move(options)));
  app.get("/", [] { return PlainText{"here"}; });
  app.get("/own", [] {
    Response response = Response::text(200, "own");
    response.headers.add("X-Frame-Options", "SAMEORIGIN");
    response.headers.add("Content-Security-Policy", "default-src 'none'");
    response.headers.add("Strict-Transport-Security", "max-age=1");
    return response;
  });
  return get(app, std::move(path), headers);
}

TEST(SecurityHeaders, are_on_every_answer_by_default) {
  for (const char* path : {"/", "/none", "/health"}) {
    const Reply reply = ask({}, {}, path);
    EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(reply.header("Referrer-Policy"), "strict-origin-when-cross-origin");
    EXPECT_EQ(reply.header("X-Frame-Options"), "DENY");
    EXPECT_EQ(reply.header("Content-Security-Policy"), "frame-ancestors 'none'");
    EXPECT_EQ(reply.header("Permissions-Policy"), "(none)");
    EXPECT_EQ(reply.header("Strict-Transport-Security"), "(none)") << "browsers must not take it over http";
  }
}

TEST(SecurityHeaders, keep_a_browser_on_https_once_it_is_there) {
  EXPECT_EQ(ask({}, by_https).header("Strict-Transport-Security"), "max-age=31536000");
  EXPECT_EQ(ask({.hsts_max_age = std::chrono::days(730), .hsts_subdomains = true, .hsts_preload = true}, by_https)
                .header("Strict-Transport-Security"),
            "max-age=63072000; includeSubDomains; preload");
  EXPECT_EQ(ask({.hsts_max_age = {}}, by_https).header("Strict-Transport-Security"), "(none)");
}

TEST(SecurityHeaders, leave_what_the_handler_has_set) {
  const Reply reply = ask({}, by_https, "/own");
  EXPECT_EQ(reply.header("X-Frame-Options"), "SAMEORIGIN");
  EXPECT_EQ(reply.header("Content-Security-Policy"), "default-src 'none'");
  EXPECT_EQ(reply.header("Strict-Transport-Security"), "max-age=1");
  EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff");
}

TEST(SecurityHeaders, say_who_may_frame_in_both_ways) {
  const Reply own = ask({.frames = Frames::same_origin, .content_security_policy = "default-src 'self'"});
  EXPECT_EQ(own.header("X-Frame-Options"), "SAMEORIGIN");
  EXPECT_EQ(own.header("Content-Security-Policy"), "default-src 'self'; frame-ancestors 'self'");
  const Reply all = ask({.frames = Frames::everybody, .content_security_policy = "default-src 'self'"});
  EXPECT_EQ(all.header("X-Frame-Options"), "(none)");
  EXPECT_EQ(all.header("Content-Security-Policy"), "default-src 'self'");
  EXPECT_EQ(ask({.frames = Frames::everybody}).header("Content-Security-Policy"), "(none)");
  EXPECT_EQ(ask({.content_security_policy = "default-src 'self';  Frame-Ancestors https://a.example"})
                .header("Content-Security-Policy"),
            "default-src 'self';  Frame-Ancestors https://a.example");
  EXPECT_EQ(ask({.referrer_policy = "no-referrer", .permissions_policy = "camera=()"}).header("Permissions-Policy"),
            "camera=()");
}

TEST(SecurityHeaders, that_would_not_work_are_refused_at_start) {
  for (const SecurityHeadersOptions& options :
       {SecurityHeadersOptions{.permissions_policy = "camera=()\r\nX-Evil: 1"},
        SecurityHeadersOptions{.hsts_preload = true},
        SecurityHeadersOptions{.hsts_max_age = std::chrono::hours(1), .hsts_subdomains = true, .hsts_preload = true}})
    EXPECT_EQ(error_code_of([&] { static_cast<void>(security_headers(options)); }), "invalid_security_header");
}

void build_redirecting(App& app, HttpsRedirectOptions options = {}) {
  app.use(proxy_headers({.host = true, .prefix = true}));
  app.use(https_redirect(options));
  app.get("/cards", [] { return PlainText{"here"}; });
}

TEST(HttpsRedirect, sends_who_came_without_to_the_same_url) {
  App app;
  build_redirecting(app);
  const Reply reply = get(app, "/cards%20?limit=5&a=%22", {{"Host", "example.com:8000"}});
  EXPECT_EQ(reply.status, 307);
  EXPECT_EQ(reply.header("Location"), "https://example.com/cards%20?limit=5&a=%22");
  EXPECT_EQ(get(app, "/cards", {{"Host", "[::1]:8000"}}).header("Location"), "https://[::1]/cards");
  EXPECT_EQ(get(app, "//evil.example/x", {{"Host", "example.com"}}).header("Location"),
            "https://example.com//evil.example/x");
  EXPECT_EQ(get(app, "/cards", {{"X-Forwarded-Host", "a.example"}, {"X-Forwarded-Prefix", "/api"}}).header("Location"),
            "https://a.example/api/cards");
}

TEST(HttpsRedirect, leaves_those_alone_who_came_by_https_and_the_health_check) {
  App app;
  build_redirecting(app);
  EXPECT_EQ(get(app, "/cards", by_https).status, 200);
  EXPECT_EQ(get(app, "/health").status, 200);
}

TEST(HttpsRedirect, goes_where_https_is) {
  App app;
  build_redirecting(app, {.port = 8443, .status = 308});
  const Reply reply = get(app, "/cards", {{"Host", "example.com:8000"}});
  EXPECT_EQ(reply.status, 308);
  EXPECT_EQ(reply.header("Location"), "https://example.com:8443/cards");
}

TEST(HttpsRedirect, needs_a_host_to_go_to) {
  App app;
  build_redirecting(app);
  web_testing::Served served(app, 1);
  EXPECT_TRUE(served.talk("GET /cards HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 400"));
}

}  // namespace
}  // namespace bailey
