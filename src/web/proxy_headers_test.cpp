// Who a request is from, and what for, behind proxies that are trusted and beside those who pretend to be.
#include <bailey/web/proxy_headers.hpp>

#include <bailey/web/access_log.hpp>
#include "web/served_app.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace bailey {
namespace {

using web_testing::error_code_of;
using web_testing::Headers;
using web_testing::Reply;
using Syntax = ProxyHeadersOptions::Syntax;

const std::vector<std::string> private_networks{"10.0.0.0/8", "::1"};

Reply ask_from(App& app, std::string peer, Headers headers, std::string target = "/where") {
  http::LocalRequest::Parts parts;
  parts.target = std::move(target);
  parts.headers = std::move(headers);
  parts.remote_address = std::move(peer);
  return run_blocking(web_testing::ask_app(app.handler(), std::move(parts)));
}

// "client url" as the app behind these options sees it, or the status.
std::string seen(const ProxyHeadersOptions& options, std::string peer, Headers headers) {
  App app;
  app.use(proxy_headers(options));
  app.get("/where", [](const Request& request) { return PlainText{request.client_address() + " " + request.url()}; });
  const Reply reply = ask_from(app, std::move(peer), std::move(headers));
  return reply.status == 200 ? reply.body : std::to_string(reply.status);
}

struct Case {
  std::string_view what;
  std::string peer;
  Headers headers;
  std::string_view expected;
};

TEST(ProxyHeaders, of_trusted_proxies_say_who_asks) {
  const std::vector<Case> cases{
      {"no header", "10.0.0.1", {}, "10.0.0.1 http://localhost/where"},
      {"one proxy", "10.0.0.1", {{"X-Forwarded-For", "192.0.2.7"}}, "192.0.2.7 http://localhost/where"},
      {"with a port", "10.0.0.1", {{"X-Forwarded-For", "192.0.2.7:5678"}}, "192.0.2.7 http://localhost/where"},
      {"IPv6", "::1", {{"X-Forwarded-For", "[2001:db8::7]:5678"}}, "2001:db8::7 http://localhost/where"},
      {"IPv6 plain", "::1", {{"X-Forwarded-For", "2001:DB8::7"}}, "2001:db8::7 http://localhost/where"},
      {"a mapped peer", "::ffff:10.0.0.1", {{"X-Forwarded-For", "192.0.2.7"}}, "192.0.2.7 http://localhost/where"},
      {"two proxies", "10.0.0.1", {{"X-Forwarded-For", "192.0.2.7, 10.0.0.2"}}, "192.0.2.7 http://localhost/where"},
      {"in two fields",
       "10.0.0.1",
       {{"X-Forwarded-For", "192.0.2.7"}, {"X-Forwarded-For", "10.0.0.2"}},
       "192.0.2.7 http://localhost/where"},
      {"what a client made up",
       "10.0.0.1",
       {{"X-Forwarded-For", "1.1.1.1, 192.0.2.7"}},
       "192.0.2.7 http://localhost/where"},
      {"in a field before",
       "10.0.0.1",
       {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-For", "192.0.2.7"}},
       "192.0.2.7 http://localhost/where"},
      {"that it is one of us",
       "10.0.0.1",
       {{"X-Forwarded-For", "10.0.0.9, 192.0.2.7"}},
       "192.0.2.7 http://localhost/where"},
      {"garbage before", "10.0.0.1", {{"X-Forwarded-For", "<script>, 192.0.2.7"}}, "192.0.2.7 http://localhost/where"},
      {"all trusted", "10.0.0.1", {{"X-Forwarded-For", "10.0.0.3, 10.0.0.2"}}, "10.0.0.3 http://localhost/where"},
      {"nobody knows", "10.0.0.1", {{"X-Forwarded-For", "unknown"}}, "10.0.0.1 http://localhost/where"},
      {"nobody behind a proxy knows",
       "10.0.0.1",
       {{"X-Forwarded-For", "9.9.9.9, unknown, 10.0.0.2"}},
       "10.0.0.2 http://localhost/where"},
      {"empty entries", "10.0.0.1", {{"X-Forwarded-For", " , 192.0.2.7 ,, "}}, "192.0.2.7 http://localhost/where"},
      {"a stranger",
       "192.0.2.9",
       {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-Proto", "https"}},
       "192.0.2.9 http://localhost/where"},
      {"a stranger near by", "11.0.0.1", {{"X-Forwarded-For", "1.1.1.1"}}, "11.0.0.1 http://localhost/where"},
  };
  for (const Case& c : cases) EXPECT_EQ(seen({.trusted = private_networks}, c.peer, c.headers), c.expected) << c.what;
}

TEST(ProxyHeaders, say_the_scheme_that_the_same_proxy_saw) {
  const std::vector<Case> cases{
      {"one",
       "10.0.0.1",
       {{"X-Forwarded-For", "192.0.2.7"}, {"X-Forwarded-Proto", "https"}},
       "192.0.2.7 https://localhost/where"},
      {"without an address", "10.0.0.1", {{"X-Forwarded-Proto", "HTTPS"}}, "10.0.0.1 https://localhost/where"},
      {"a socket's", "10.0.0.1", {{"X-Forwarded-Proto", "wss"}}, "10.0.0.1 https://localhost/where"},
      {"none", "10.0.0.1", {{"X-Forwarded-Proto", "javascript"}}, "10.0.0.1 http://localhost/where"},
      {"what a client made up",
       "10.0.0.1",
       {{"X-Forwarded-For", "192.0.2.7"}, {"X-Forwarded-Proto", "https, http"}},
       "192.0.2.7 http://localhost/where"},
      {"TLS ends at the outer of two",
       "10.0.0.1",
       {{"X-Forwarded-For", "192.0.2.7, 10.0.0.2"}, {"X-Forwarded-Proto", "https, http"}},
       "192.0.2.7 https://localhost/where"},
      {"of whom the inner one hands it on",
       "10.0.0.1",
       {{"X-Forwarded-For", "192.0.2.7, 10.0.0.2"}, {"X-Forwarded-Proto", "https"}},
       "192.0.2.7 https://localhost/where"},
  };
  for (const Case& c : cases) EXPECT_EQ(seen({.trusted = private_networks}, c.peer, c.headers), c.expected) << c.what;
}

TEST(ProxyHeaders, that_the_proxy_may_only_hand_on_count_where_it_is_said_that_it_writes_them) {
  const Headers both{{"X-Forwarded-Host", "example.com:8443"}, {"X-Forwarded-Prefix", "/api/"}};
  EXPECT_EQ(seen({.trusted = private_networks}, "10.0.0.1", both), "10.0.0.1 http://localhost/where");
  EXPECT_EQ(seen({.trusted = private_networks, .host = true}, "10.0.0.1", both),
            "10.0.0.1 http://example.com:8443/where");
  EXPECT_EQ(seen({.trusted = private_networks, .prefix = true}, "10.0.0.1", both),
            "10.0.0.1 http://localhost/api/where");
  EXPECT_EQ(seen({.trusted = private_networks, .host = true, .prefix = true}, "192.0.2.9", both),
            "192.0.2.9 http://localhost/where");
}

TEST(ProxyHeaders, that_cannot_be_read_are_400) {
  for (const char* host : {"exa mple.com", "a/b", "a@b", "[::1", "a:123456", "\"><script>"})
    EXPECT_EQ(seen({.trusted = private_networks, .host = true}, "10.0.0.1", {{"X-Forwarded-Host", host}}), "400")
        << host;
  for (const char* prefix : {"api", "//evil.example", "/a/../b", "/a, /b", "/a\"b", "/<b>", "/a?b", "/a%2e"})
    EXPECT_EQ(seen({.trusted = private_networks, .prefix = true}, "10.0.0.1", {{"X-Forwarded-Prefix", prefix}}), "400")
        << prefix;
  EXPECT_EQ(seen({.trusted = private_networks, .prefix = true}, "10.0.0.1",
                 {{"X-Forwarded-Prefix", "/a"}, {"X-Forwarded-Prefix", "/b"}}),
            "400");
  EXPECT_EQ(seen({.trusted = private_networks, .prefix = true}, "10.0.0.1",
                 {{"X-Forwarded-Prefix", "/" + std::string(300, 'a')}}),
            "400");
  EXPECT_EQ(seen({.trusted = private_networks, .prefix = true}, "10.0.0.1", {{"X-Forwarded-Prefix", "/"}}),
            "10.0.0.1 http://localhost/where");
  EXPECT_EQ(seen({.trusted = private_networks, .syntax = Syntax::forwarded}, "10.0.0.1",
                 {{"Forwarded", "for=\"1.2.3.4, for=5.6.7.8"}}),
            "400");
  EXPECT_EQ(seen({.trusted = private_networks, .syntax = Syntax::forwarded}, "10.0.0.1",
                 {{"Forwarded", "for=1.2.3.4;host=\"a/b\""}}),
            "400");
}

TEST(ProxyHeaders, of_rfc_7239_are_read_in_place_of_the_others) {
  const std::vector<Case> cases{
      {"all",
       "10.0.0.1",
       {{"Forwarded", "for=192.0.2.7;proto=https;host=example.com;by=_us"}},
       "192.0.2.7 https://example.com/where"},
      {"IPv6",
       "10.0.0.1",
       {{"Forwarded", R"(for="[2001:db8::7]:5678";host="example.com:8443")"}},
       "2001:db8::7 http://example.com:8443/where"},
      {"a client's own before it",
       "10.0.0.1",
       {{"Forwarded", "for=1.1.1.1;host=evil.example;proto=https, for=192.0.2.7"}},
       "192.0.2.7 http://localhost/where"},
      {"a client's own field",
       "10.0.0.1",
       {{"Forwarded", "for=1.1.1.1;host=evil.example"}, {"Forwarded", "for=192.0.2.7;host=a.example"}},
       "192.0.2.7 http://a.example/where"},
      {"two proxies",
       "10.0.0.1",
       {{"Forwarded", "for=192.0.2.7;proto=https;host=a.example, for=10.0.0.2;host=inner"}},
       "192.0.2.7 https://a.example/where"},
      {"somebody unknown behind two",
       "10.0.0.1",
       {{"Forwarded", "for=_x;proto=https;host=a.example, for=10.0.0.2;host=inner"}},
       "10.0.0.2 https://a.example/where"},
      {"the others do not count",
       "10.0.0.1",
       {{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-Proto", "https"}},
       "10.0.0.1 http://localhost/where"},
      {"a stranger", "192.0.2.9", {{"Forwarded", "for=1.1.1.1;host=evil.example"}}, "192.0.2.9 http://localhost/where"},
      {"a stranger's garbage", "192.0.2.9", {{"Forwarded", "\""}}, "192.0.2.9 http://localhost/where"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(seen({.trusted = private_networks, .syntax = Syntax::forwarded}, c.peer, c.headers), c.expected)
        << c.what;
  EXPECT_EQ(seen({.trusted = private_networks}, "10.0.0.1", {{"Forwarded", "for=1.1.1.1;host=evil.example"}}),
            "10.0.0.1 http://localhost/where");
}

TEST(ProxyHeaders, are_this_requests_and_not_the_next_ones) {
  App app;
  app.use(proxy_headers({.trusted = {"10.0.0.1", "127.0.0.1"}, .host = true, .prefix = true}));
  app.get("/", [](const Request& request) { return PlainText{request.client_address() + " " + request.base_url()}; });
  const Headers said{{"X-Forwarded-For", "192.0.2.7"},
                     {"X-Forwarded-Proto", "https"},
                     {"X-Forwarded-Host", "a.example"},
                     {"X-Forwarded-Prefix", "/api"}};
  EXPECT_EQ(ask_from(app, "10.0.0.1", said, "/").body, "192.0.2.7 https://a.example/api");
  web_testing::Served served(app, 1);  // one connection, whose second request goes through the same Request
  const std::string answers = served.talk(
      "GET / HTTP/1.1\r\nHost: b.example\r\nX-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n"
      "X-Forwarded-Host: a.example\r\nX-Forwarded-Prefix: /api\r\n\r\n"
      "GET / HTTP/1.1\r\nHost: b.example\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answers.find("192.0.2.7 https://a.example/api"), std::string::npos) << answers;
  EXPECT_TRUE(answers.ends_with("127.0.0.1 http://b.example")) << answers;
}

TEST(ProxyHeaders, are_what_the_access_log_tells) {
  std::string lines;
  {
    App app;
    app.use(access_log({.sink = [&](std::string_view more) { lines += more; }}));
    app.use(proxy_headers({.trusted = {"10.0.0.1"}}));
    app.get("/where", [] { return PlainText{"here"}; });
    EXPECT_EQ(ask_from(app, "10.0.0.1", {{"X-Forwarded-For", "192.0.2.7"}}).status, 200);
  }
  EXPECT_NE(lines.find(" 192.0.2.7 - \"GET /where"), std::string::npos) << lines;
}

TEST(ProxyHeaders, are_refused_at_start_where_it_is_not_clear_whom_to_trust) {
  for (const char* text : {"*", "10.0.0.1/8", "localhost", "10.0.0.0/40", ""})
    EXPECT_EQ(error_code_of([&] { static_cast<void>(proxy_headers({.trusted = {text}})); }), "invalid_proxy") << text;
}

}  // namespace
}  // namespace bailey
