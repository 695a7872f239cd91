#include <bailey/web/trusted_hosts.hpp>

#include <bailey/web/proxy_headers.hpp>
#include "web/served_app.hpp"
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey {
namespace {

using web_testing::error_code_of;
using web_testing::get;
using web_testing::Reply;

void build(App& app, std::vector<std::string> hosts) {
  app.use(trusted_hosts(std::move(hosts)));
  app.get("/", [] { return PlainText{"here"}; });
}

TEST(TrustedHosts, answer_for_themselves_whatever_the_port_and_the_case) {
  App app;
  build(app, {"example.com", "*.example.org", "[::1]", "192.0.2.7"});
  for (const char* host : {"example.com", "EXAMPLE.com", "example.com:8000", "example.com.", "example.com.:80",
                           "a.example.org", "a.b.example.org:1", "[::1]", "[::1]:8000", "192.0.2.7:80"})
    EXPECT_EQ(get(app, "/", {{"Host", host}}).status, 200) << host;
  for (const char* host :
       {"example.org", ".example.org", "notexample.com", "example.com.evil.example", "evil.example", "a.example.com",
        "xexample.org", "[::2]", "[::1:80]", "192.0.2.8", "localhost", "example.com..", "example.com%00"})
    EXPECT_EQ(get(app, "/", {{"Host", host}}).status, 400) << host;
  const Reply refused = get(app, "/", {{"Host", "evil.example"}});
  EXPECT_EQ(refused.body, R"({"detail":"Invalid host header"})");
}

TEST(TrustedHosts, let_load_balancers_ask_for_the_health_by_address) {
  App app;
  build(app, {"example.com"});
  EXPECT_EQ(get(app, "/health", {{"Host", "10.0.0.5:8000"}}).status, 200);
  EXPECT_EQ(get(app, "/openapi.json", {{"Host", "10.0.0.5:8000"}}).status, 400);
}

TEST(TrustedHosts, go_by_what_a_trusted_proxy_says) {
  App app;
  app.use(proxy_headers({.host = true}));
  build(app, {"example.com"});
  EXPECT_EQ(get(app, "/", {{"Host", "inner:8000"}, {"X-Forwarded-Host", "example.com"}}).status, 200);
  EXPECT_EQ(get(app, "/", {{"Host", "example.com"}, {"X-Forwarded-Host", "evil.example"}}).status, 400);
}

TEST(TrustedHosts, refuse_a_request_that_names_none) {
  App app;
  build(app, {"example.com"});
  web_testing::Served served(app, 1);
  EXPECT_TRUE(served.talk("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 400"));
}

TEST(TrustedHosts, that_no_request_could_name_are_refused_at_start) {
  for (const char* host :
       {"", "*", "https://example.com", "example.com:443", "example.com/", "*.*.example.com", "a.*.example.com",
        "*example.com", "*.", "*..example.com", "exa mple.com", "::1", "[::1]:80", "example.com."})
    EXPECT_EQ(error_code_of([&] { static_cast<void>(trusted_hosts({host})); }), "invalid_trusted_host") << host;
  EXPECT_EQ(error_code_of([] { static_cast<void>(trusted_hosts({})); }), "invalid_trusted_host");
}

}  // namespace
}  // namespace bailey
