// An app below a prefix, behind a proxy that takes it off, one that hands it on, and one that says what it took.
#include <bailey/web/app.hpp>

#include <bailey/web/proxy_headers.hpp>
#include "web/testing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey {
namespace {

using web_testing::error_code_of;
using web_testing::get;
using web_testing::Headers;

void build(App& app) {
  app.get("/cards/{id}", [](Path<"id", int> id, const Request& request) {
    return PlainText{std::to_string(*id) + " " + std::string(request.path()) + " " + request.url()};
  });
}

json::array servers_of(App& app, const std::string& path, Headers headers = {}) {
  const auto document = parse_json(get(app, path, std::move(headers)).body);
  const json::value* const servers = document.value().as_object().if_contains("servers");
  return servers == nullptr ? json::array() : servers->as_array();
}

TEST(RootPath, is_on_the_path_or_not_as_the_proxy_has_it) {
  App app({.root_path = "/api/v1"});
  build(app);
  EXPECT_EQ(get(app, "/cards/7?a=b").body, "7 /cards/7 http://localhost/api/v1/cards/7?a=b");
  EXPECT_EQ(get(app, "/api/v1/cards/7?a=b").body, "7 /cards/7 http://localhost/api/v1/cards/7?a=b");
  EXPECT_EQ(get(app, "/api/v1/health").status, 200);
  EXPECT_EQ(get(app, "/health").status, 200);
  for (const char* path : {"/api/v1", "/api/v1/", "/api/v1x/cards/7", "/api/v1/api/v1/cards/7", "/api/cards/7"})
    EXPECT_EQ(get(app, path).status, 404) << path;
}

TEST(RootPath, leads_to_the_root_of_the_app) {
  App app({.root_path = "/api"});
  app.get("/", [] { return PlainText{"root"}; });
  for (const char* path : {"/", "/api", "/api/"}) EXPECT_EQ(get(app, path).body, "root") << path;
}

TEST(RootPath, is_where_the_document_says_the_api_is) {
  App app({.servers = {"https://api.example.com"}, .root_path = "/api/v1"});
  build(app);
  const json::array expected{json::object{{"url", "/api/v1"}}, json::object{{"url", "https://api.example.com"}}};
  EXPECT_EQ(servers_of(app, "/openapi.json"), expected);
  EXPECT_EQ(servers_of(app, "/api/v1/openapi.json"), expected);
}

TEST(RootPath, that_a_trusted_proxy_says_is_in_the_document_that_it_is_given) {
  App app;
  app.use(proxy_headers({.prefix = true}));
  build(app);
  EXPECT_EQ(servers_of(app, "/openapi.json"), json::array());
  EXPECT_EQ(servers_of(app, "/openapi.json", {{"X-Forwarded-Prefix", "/shop"}}),
            (json::array{json::object{{"url", "/shop"}}}));
  EXPECT_EQ(servers_of(app, "/openapi.json"), json::array()) << "the next one is nobody's";
  EXPECT_EQ(get(app, "/cards/7", {{"X-Forwarded-Prefix", "/shop/"}}).body, "7 /cards/7 http://localhost/shop/cards/7");
}

TEST(RootPath, that_a_proxy_says_counts_before_the_apps_own) {
  App app({.root_path = "/api"});
  app.use(proxy_headers({.prefix = true}));
  build(app);
  EXPECT_EQ(get(app, "/cards/7", {{"X-Forwarded-Prefix", "/shop"}}).body, "7 /cards/7 http://localhost/shop/cards/7");
  EXPECT_EQ(servers_of(app, "/openapi.json", {{"X-Forwarded-Prefix", "/shop"}}),
            (json::array{json::object{{"url", "/shop"}}, json::object{{"url", "/api"}}}));
}

TEST(RootPath, does_not_lead_past_a_guard) {
  App app({.root_path = "/api"});
  app.use(Guard{.name = "nobody", .admit = [](Request&) -> Before { return Response::text(401, "no"); }});
  app.get("/open", [] { return PlainText{"open"}; }, {.guard = open_to_all()});
  app.get("/closed", [] { return PlainText{"closed"}; });
  for (const char* path :
       {"/closed", "/api/closed", "/%61pi/closed", "/api//closed", "/api/open/../closed", "/api/none"})
    EXPECT_NE(get(app, path).status, 200) << path;
  EXPECT_EQ(get(app, "/api/open").status, 200);
}

TEST(RootPath, that_is_none_is_refused_at_start) {
  for (const char* path : {"/", "api", "/api/", "//api", "/a b", "/a?b", "/a/../b", "/\"", "/{x}"})
    EXPECT_EQ(error_code_of([&] { const App app({.root_path = path}); }), "invalid_root_path") << path;
}

}  // namespace
}  // namespace bailey
