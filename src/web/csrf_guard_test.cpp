#include <bailey/web/csrf_guard.hpp>

#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
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

TEST(CsrfGuard, that_trusts_what_is_no_origin_is_refused_at_start) {
  for (const char* origin : {"*", "null", "app.example.com", "https://app.example.com/", "https://"})
    EXPECT_EQ(error_code_of([&] { static_cast<void>(csrf_guard({.trusted_origins = {origin}})); }), "invalid_origin")
        << origin;
}

}  // namespace
}  // namespace bailey
