#include <bailey/web/csrf_guard.hpp>
#include <bailey/web/proxy_headers.hpp>

#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {
namespace {

using web_testing::ask;
using web_testing::error_code_of;
using web_testing::Headers;

int status_of(const std::string& method, Headers headers) {
  App app;
  app.use(csrf_guard({.trusted_origins = {"https://app.example.com", "https://shop.example.com:443"}}));
  app.get("/", [] { return PlainText{"read"}; });
  app.post("/", [] { return PlainText{"changed"}; });
  app.delete_("/", [] { return PlainText{"gone"}; });
  headers.emplace_back("Host", "api.example.com");
  return ask(app, method, "/", std::move(headers)).status;
}

struct Case {
  std::string_view what;
  std::string method;
  Headers headers;
  int status;
};

TEST(CsrfGuard, refuses_what_a_page_of_another_site_has_a_browser_send) {
  const std::vector<Case> cases{
      {"our own page", "POST", {{"Sec-Fetch-Site", "same-origin"}, {"Origin", "https://api.example.com"}}, 200},
      {"the user's own doing", "POST", {{"Sec-Fetch-Site", "none"}}, 200},
      {"another site", "POST", {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}}, 403},
      {"another site, for good", "DELETE", {{"Sec-Fetch-Site", "cross-site"}}, 403},
      {"a neighbour", "POST", {{"Sec-Fetch-Site", "same-site"}, {"Origin", "https://blog.example.com"}}, 403},
      {"a neighbour that is trusted",
       "POST",
       {{"Sec-Fetch-Site", "same-site"}, {"Origin", "https://app.example.com"}},
       200},
      {"one that was written with its port",
       "POST",
       {{"Sec-Fetch-Site", "same-site"}, {"Origin", "https://shop.example.com"}},
       200},
      {"a trusted name over http",
       "POST",
       {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://app.example.com"}},
       403},
      {"what is no site at all", "POST", {{"Sec-Fetch-Site", "Same-Origin, none"}}, 403},
      {"an old browser, our own page", "POST", {{"Origin", "https://api.example.com"}}, 200},
      {"an old browser, another site", "POST", {{"Origin", "https://evil.example"}}, 403},
      {"a name that ends as ours", "POST", {{"Origin", "https://evil-api.example.com"}}, 403},
      {"a file or a sandbox", "POST", {{"Origin", "null"}}, 403},
      {"two origins", "POST", {{"Origin", "https://api.example.com"}, {"Origin", "https://evil.example"}}, 403},
      {"no browser", "POST", {}, 200},
      {"reading", "GET", {{"Sec-Fetch-Site", "cross-site"}}, 200},
      {"reading a page's head", "HEAD", {{"Sec-Fetch-Site", "cross-site"}}, 200},
      {"opening a socket",
       "GET",
       {{"Sec-Fetch-Site", "cross-site"}, {"Upgrade", "websocket"}, {"Connection", "Upgrade"}},
       403},
      {"opening a socket in an old browser",
       "GET",
       {{"Origin", "https://evil.example"}, {"Upgrade", "websocket"}},
       403},
  };
  for (const Case& c : cases) EXPECT_EQ(status_of(c.method, c.headers), c.status) << c.what;
}

TEST(CsrfGuard, takes_an_old_browsers_page_for_our_own_by_host_port_and_scheme) {
  App app;
  app.use(proxy_headers({.trusted = {"127.0.0.1"}}));
  app.use(csrf_guard());
  app.post("/", [] { return PlainText{"changed"}; });
  struct Origin {
    const char* host;
    const char* origin;
    const char* scheme;  // that the proxy says; null: nothing
    int status;
  };
  for (const Origin& each : std::vector<Origin>{
           {"example.com", "https://example.com", "https", 200},
           {"example.com:443", "https://example.com", "https", 200},
           {"example.com:80", "http://example.com", nullptr, 200},
           {"example.com:8443", "https://example.com:8443", "https", 200},
           {"example.com:8443", "https://example.com", "https", 403},
           {"example.com", "http://example.com", "https", 403},
           {"example.com", "http://example.com", "http", 200},
           {"example.com", "https://example.com", nullptr, 200},  // behind a proxy that is not listened to
           {"example.com:443", "https://example.com", nullptr, 200},
           {"example.com", "ftp://example.com", nullptr, 403},
           {"example.com", "https://", nullptr, 403},
       }) {
    Headers headers{{"Host", each.host}, {"Origin", each.origin}};
    if (each.scheme != nullptr) headers.emplace_back("X-Forwarded-Proto", each.scheme);
    EXPECT_EQ(ask(app, "POST", "/", std::move(headers)).status, each.status)
        << each.host << " " << each.origin << " " << (each.scheme == nullptr ? "" : each.scheme);
  }
}

TEST(CsrfGuard, that_trusts_what_is_no_origin_is_refused_at_start) {
  for (const char* origin : {"*", "null", "app.example.com", "https://app.example.com/", "https://"})
    EXPECT_EQ(error_code_of([&] { static_cast<void>(csrf_guard({.trusted_origins = {origin}})); }), "invalid_origin")
        << origin;
}

}  // namespace
}  // namespace bailey
