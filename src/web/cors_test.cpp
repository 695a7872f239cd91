#include <bailey/web/cors.hpp>

#include <bailey/web/error.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey {
namespace {

using web_testing::ask;
using web_testing::Reply;

constexpr std::string_view ours = "https://app.example.org";

App& with_routes(App& app) {
  app.get("/", [] { return 1; });
  app.get("/vary", [] {
    Response response = Response::text(200, "v");
    response.headers.add("Vary", "Accept");
    response.headers.add("Vary", "Accept-Encoding");
    return response;
  });
  app.get("/gone", []() -> int { throw HttpError(410, "Gone"); });
  app.get("/broken", []() -> int { throw std::runtime_error("inside"); });
  return app;
}

struct PreflightCase {
  std::string_view what;
  CorsOptions options;
  web_testing::Headers headers;
  int status;
  std::string_view body;
  std::string_view allow_origin;
  std::string_view allow_headers;
};

TEST(Cors, answers_preflights_as_fastapi_does) {
  const std::string origin(ours);
  const CorsOptions listed{.allow_origins = {origin}, .allow_methods = {"GET", "POST"}, .allow_headers = {"X-Thing"}};
  constexpr std::string_view safe = "Accept, Accept-Language, Content-Language, Content-Type";
  constexpr std::string_view safe_and_thing = "Accept, Accept-Language, Content-Language, Content-Type, X-Thing";
  for (const PreflightCase& c : std::vector<PreflightCase>{
           {"allowed",
            listed,
            {{"Origin", origin}, {"Access-Control-Request-Method", "POST"}},
            200,
            "OK",
            ours,
            safe_and_thing},
           {"another origin",
            listed,
            {{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "POST"}},
            400,
            "Disallowed CORS origin",
            "(none)",
            safe_and_thing},
           {"a longer origin",
            listed,
            {{"Origin", origin + ".evil.example"}, {"Access-Control-Request-Method", "GET"}},
            400,
            "Disallowed CORS origin",
            "(none)",
            safe_and_thing},
           {"the origin null",
            listed,
            {{"Origin", "null"}, {"Access-Control-Request-Method", "GET"}},
            400,
            "Disallowed CORS origin",
            "(none)",
            safe_and_thing},
           {"two origins",
            listed,
            {{"Origin", origin}, {"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "GET"}},
            400,
            "Disallowed CORS origin",
            "(none)",
            safe_and_thing},
           {"another method",
            listed,
            {{"Origin", origin}, {"Access-Control-Request-Method", "DELETE"}},
            400,
            "Disallowed CORS method",
            ours,
            safe_and_thing},
           {"a method in lower case",
            listed,
            {{"Origin", origin}, {"Access-Control-Request-Method", "post"}},
            400,
            "Disallowed CORS method",
            ours,
            safe_and_thing},
           {"allowed headers",
            listed,
            {{"Origin", origin},
             {"Access-Control-Request-Method", "GET"},
             {"Access-Control-Request-Headers", "x-thing, ACCEPT"}},
            200,
            "OK",
            ours,
            safe_and_thing},
           {"another header",
            listed,
            {{"Origin", origin},
             {"Access-Control-Request-Method", "GET"},
             {"Access-Control-Request-Headers", "x-thing,x-other"}},
            400,
            "Disallowed CORS headers",
            ours,
            safe_and_thing},
           {"everything wrong",
            listed,
            {{"Origin", "https://evil.example"},
             {"Access-Control-Request-Method", "DELETE"},
             {"Access-Control-Request-Headers", "x-other"},
             {"Access-Control-Request-Private-Network", "true"}},
            400,
            "Disallowed CORS origin, method, headers, private-network",
            "(none)",
            safe_and_thing},
           {"all origins",
            {.allow_origins = {"*"}},
            {{"Origin", "https://any.example"}, {"Access-Control-Request-Method", "GET"}},
            200,
            "OK",
            "*",
            safe},
           {"all headers",
            {.allow_origins = {"*"}, .allow_headers = {"*"}},
            {{"Origin", "https://any.example"},
             {"Access-Control-Request-Method", "GET"},
             {"Access-Control-Request-Headers", "x-a,x-b"}},
            200,
            "OK",
            "*",
            "x-a,x-b"},
           {"by a function",
            {.allow_origin_if = [](std::string_view o) { return o.ends_with(".example.org"); }},
            {{"Origin", origin}, {"Access-Control-Request-Method", "GET"}},
            200,
            "OK",
            ours,
            safe},
           {"a function is not asked for null",
            {.allow_origin_if = [](std::string_view) { return true; }},
            {{"Origin", "null"}, {"Access-Control-Request-Method", "GET"}},
            400,
            "Disallowed CORS origin",
            "(none)",
            safe},
       }) {
    App app;
    with_routes(app).use(cors(c.options));
    const Reply reply = ask(app, "OPTIONS", "/", c.headers);
    EXPECT_EQ(reply.status, c.status) << c.what;
    EXPECT_EQ(reply.body, c.body) << c.what;
    EXPECT_EQ(reply.header("access-control-allow-origin"), c.allow_origin) << c.what;
    EXPECT_EQ(reply.header("access-control-allow-headers"), c.allow_headers) << c.what;
    EXPECT_EQ(reply.header("access-control-max-age"), "600") << c.what;
    EXPECT_EQ(reply.header("vary"), c.allow_origin == "*" ? "(none)" : "Origin") << c.what << reply.headers.wire();
  }
}

TEST(Cors, lists_all_methods_for_a_star) {
  App app;
  with_routes(app).use(cors({.allow_origins = {"*"}, .allow_methods = {"*"}}));
  const Reply reply =
      ask(app, "OPTIONS", "/", {{"Origin", std::string(ours)}, {"Access-Control-Request-Method", "PUT"}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("access-control-allow-methods"), "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
}

TEST(Cors, marks_every_response_errors_too) {
  App app;
  with_routes(app).use(
      cors({.allow_origins = {std::string(ours)}, .expose_headers = {"X-Total"}, .allow_credentials = true}));
  struct Case {
    std::string_view path;
    int status;
    std::string_view vary;
  };
  for (const Case& c : std::vector<Case>{{"/", 200, "Origin"},
                                         {"/vary", 200, "Accept, Accept-Encoding, Origin"},
                                         {"/gone", 410, "Origin"},
                                         {"/broken", 500, "Origin"},
                                         {"/nowhere", 404, "Origin"}}) {
    const Reply reply = web_testing::get(app, std::string(c.path), {{"Origin", std::string(ours)}});
    EXPECT_EQ(reply.status, c.status) << c.path;
    EXPECT_EQ(reply.header("access-control-allow-origin"), ours) << c.path;
    EXPECT_EQ(reply.header("access-control-allow-credentials"), "true") << c.path;
    EXPECT_EQ(reply.header("access-control-expose-headers"), "X-Total") << c.path;
    EXPECT_EQ(reply.header("vary"), c.vary) << c.path;
  }
}

TEST(Cors, lets_other_origins_have_the_response_but_not_read_it) {
  App app;
  with_routes(app).use(cors({.allow_origins = {std::string(ours)}}));
  const Reply other = web_testing::get(app, "/", {{"Origin", "https://evil.example"}});
  EXPECT_EQ(other.status, 200);
  EXPECT_EQ(other.header("access-control-allow-origin"), "(none)");
  EXPECT_EQ(other.header("vary"), "Origin");
  const Reply none = web_testing::get(app, "/");
  EXPECT_EQ(none.header("access-control-allow-origin"), "(none)");
  EXPECT_EQ(none.header("vary"), "Origin") << "or a cache gives a page what may not be read";
}

TEST(Cors, passes_plain_options_on) {
  App app;
  with_routes(app).use(cors({.allow_origins = {std::string(ours)}}));
  EXPECT_EQ(ask(app, "OPTIONS", "/", {{"Origin", std::string(ours)}}).status, 204);
  EXPECT_EQ(ask(app, "OPTIONS", "/", {{"Access-Control-Request-Method", "GET"}}).header("allow"), "GET, HEAD");
}

TEST(Cors, star_with_credentials_must_be_meant) {
  EXPECT_EQ(
      web_testing::error_code_of([] { static_cast<void>(cors({.allow_origins = {"*"}, .allow_credentials = true})); }),
      "invalid_cors");
  App app;
  with_routes(app).use(cors({.allow_origins = {"*"}, .allow_credentials = true, .any_origin_with_credentials = true}));
  const Reply reply = web_testing::get(app, "/", {{"Origin", "https://any.example"}});
  EXPECT_EQ(reply.header("access-control-allow-origin"), "https://any.example");
  EXPECT_EQ(reply.header("vary"), "Origin");
  EXPECT_EQ(web_testing::get(app, "/", {{"Origin", "null"}}).header("access-control-allow-origin"), "(none)");
}

TEST(Cors, refuses_an_origin_that_no_browser_sends) {
  for (const std::string origin :
       {"http://localhost:3000/", "https://app.example.org/page", "https://App.example.org", "https://*.example.org",
        "https://app.example.org?", "https://ada@app.example.org", "localhost:3000", "https://", "://x", "",
        "https://app.example.org:", "https://app.example.org:x", "https://app.example.org:0443",
        "https://app.example.org:99999", "https://:443", "HTTPS://app.example.org", "https://ex\xc3\xa4mple.org",
        "https://app.example.org:443/"}) {
    const std::string code =
        web_testing::error_code_of([&] { static_cast<void>(cors({.allow_origins = {std::string(ours), origin}})); });
    EXPECT_EQ(code, "invalid_cors") << origin;
  }
  for (const std::string origin : {"http://localhost:3000", "https://app.example.org", "http://[::1]:8080",
                                   "capacitor://localhost", "null", "*"}) {
    const std::string code = web_testing::error_code_of([&] { static_cast<void>(cors({.allow_origins = {origin}})); });
    EXPECT_EQ(code, "") << origin;
  }
}

TEST(Cors, a_port_that_is_the_schemes_own_is_left_out_as_browsers_do) {
  struct Case {
    std::string listed;
    std::string sent;
    bool allowed;
  };
  for (const Case& c : std::vector<Case>{{"https://x.example:443", "https://x.example", true},
                                         {"http://x.example:80", "http://x.example", true},
                                         {"http://[::1]:80", "http://[::1]", true},
                                         {"http://[::1]:3000", "http://[::1]:3000", true},
                                         {"https://x.example:80", "https://x.example", false},
                                         {"https://x.example:80", "https://x.example:80", true},
                                         {"http://x.example:443", "http://x.example:443", true},
                                         {"https://x.example:4443", "https://x.example", false},
                                         {"capacitor://x.example:443", "capacitor://x.example:443", true}}) {
    App app;
    with_routes(app).use(cors({.allow_origins = {c.listed}}));
    const Reply reply = web_testing::get(app, "/", {{"Origin", c.sent}});
    EXPECT_EQ(reply.header("access-control-allow-origin"), c.allowed ? c.sent : "(none)") << c.listed;
  }
}

}  // namespace
}  // namespace bailey
