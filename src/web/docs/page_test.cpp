#include "web/docs/page.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace bailey::web_detail {
namespace {

constexpr std::string_view hostile = R"(</title></script><script>alert('1')</script>"&)";

// As when the library is built with what the pages load, and without.
constexpr std::array present{
    DocsAsset{"swagger-ui.css", "5.0.0", "text/css", true, "x", "sha384-AAA", "https://cdn.example/a.css"},
    DocsAsset{"swagger-ui-bundle.js", "5.0.0", "text/javascript", true, "x", "sha384-BBB", "https://cdn.example/a.js"},
    DocsAsset{"redoc.standalone.js", "2.0.0", "text/javascript", true, "x", "sha384-CCC", "https://cdn.example/b.js"},
    DocsAsset{"swagger.js", "abc", "text/javascript", false, "x"}};
constexpr std::array absent{
    DocsAsset{"swagger-ui.css", "5.0.0", "text/css", true, "", "sha384-AAA", "https://cdn.example/a.css"},
    DocsAsset{"swagger-ui-bundle.js", "5.0.0", "text/javascript", true, "", "sha384-BBB", "https://cdn.example/a.js"}};

DocsPageSettings settings(std::span<const DocsAsset> assets = present) {
  return {.path = "/docs",
          .document_path = "/openapi.json",
          .title = "Cards",
          .token_path = "/docs/token",
          .assets = assets};
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(DocsPage, loads_what_lies_below_it_by_relative_links_and_nothing_else) {
  const DocsPage page = make_swagger_page(settings(), {});
  EXPECT_TRUE(has(page.html, R"(<script src="docs/assets/5.0.0/swagger-ui-bundle.js"></script>)")) << page.html;
  EXPECT_TRUE(has(page.html, R"(<link rel="stylesheet" href="docs/assets/5.0.0/swagger-ui.css">)")) << page.html;
  EXPECT_FALSE(has(page.html, "https:")) << page.html;
  EXPECT_FALSE(has(page.policy, "https:")) << page.policy;
}

TEST(DocsPage, allows_no_script_within_itself_and_no_frame_around_it) {
  for (const DocsPage& page :
       {make_swagger_page(settings(), {}), make_redoc_page(settings()), make_redirect_page(settings())}) {
    EXPECT_TRUE(has(page.policy, "default-src 'none'; script-src 'self'; ")) << page.policy;
    EXPECT_TRUE(has(page.policy, "frame-ancestors 'none'")) << page.policy;
    EXPECT_TRUE(has(page.policy, "base-uri 'none'")) << page.policy;
  }
}

TEST(DocsPage, takes_from_a_cdn_what_was_not_there_and_only_if_it_is_what_it_was) {
  const DocsPage page = make_swagger_page(settings(absent), {});
  EXPECT_TRUE(
      has(page.html, R"(<script src="https://cdn.example/a.js" integrity="sha384-BBB" crossorigin="anonymous">)"))
      << page.html;
  EXPECT_TRUE(has(page.policy, "script-src 'self' https://cdn.example/a.js;")) << page.policy;
  EXPECT_TRUE(has(page.policy, "style-src 'self' 'unsafe-inline' https://cdn.example/a.css;")) << page.policy;
}

TEST(DocsPage, shows_what_a_hostile_title_says_and_does_none_of_it) {
  DocsPageSettings of = settings();
  of.title = hostile;
  of.client_id = hostile;
  for (const DocsPage& page : {make_swagger_page(of, {}), make_redoc_page(of)}) {
    EXPECT_FALSE(has(page.html, "<script>")) << page.html;
    EXPECT_FALSE(has(page.html, "</script><")) << page.html;
    EXPECT_FALSE(has(page.html, "\"&")) << page.html;
    EXPECT_TRUE(has(page.html, "&lt;/title&gt;")) << page.html;
  }
}

TEST(DocsPage, may_ask_the_servers_that_the_document_names_and_no_address_slips_into_its_policy) {
  const json::object document{
      {"servers", json::array{json::object{{"url", "https://api.example.org:8443/v1"}}, json::object{{"url", "/v2"}},
                              json::object{{"url", "https://evil.example; script-src *"}},
                              json::object{{"url", "http://x\r\nSet-Cookie: a=b/"}}}},
      {"components",
       json::object{{"securitySchemes",
                     json::object{{"id", json::object{{"type", "openIdConnect"},
                                                      {"openIdConnectUrl", "https://id.example/.well-known/x"}}}}}}}};
  const DocsPage page = make_swagger_page(settings(), document);
  EXPECT_TRUE(has(page.policy, "connect-src 'self' https://api.example.org:8443 https://id.example;")) << page.policy;
}

TEST(DocsPage, links_from_wherever_it_is_to_wherever_the_rest_is) {
  EXPECT_EQ(relative_link("/docs", "/openapi.json"), "openapi.json");
  EXPECT_EQ(relative_link("/docs", "/docs/assets/1/a.js"), "docs/assets/1/a.js");
  EXPECT_EQ(relative_link("/docs", "/"), "./");
  EXPECT_EQ(relative_link("/internal/docs", "/openapi.json"), "../openapi.json");
  EXPECT_EQ(relative_link("/internal/docs", "/internal/openapi.json"), "openapi.json");
  EXPECT_EQ(relative_link("/internal/docs", "/"), "../");
  EXPECT_EQ(relative_link("/docs/oauth2-redirect", "/docs/assets/1/a.js"), "assets/1/a.js");
  EXPECT_EQ(relative_link("/a/docs", "/ab/openapi.json"), "../ab/openapi.json");
}

}  // namespace
}  // namespace bailey::web_detail
