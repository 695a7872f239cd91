#include "stack/gateway/routes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace bailey::stack::gateway {
namespace {

TEST(GatewayRoutes, are_found_by_their_prefix_in_the_spelling_that_their_service_reads) {
  struct Case {
    std::string_view decoded, as_sent, prefix, path;
  };
  for (const auto& [decoded, as_sent, prefix, path] :
       std::vector<Case>{{"/auth/v1/token", "/auth/v1/token", "/auth/v1", "/token"},
                         {"/auth/v1/user", "/%61uth/v1/us%65r", "/auth/v1", "/user"},
                         {"/rest/v1", "/rest/v1", "/rest/v1", ""},
                         {"/rest/v1/a/b", "/rest/v1/a%2Fb", "/rest/v1", "/a%2Fb"},
                         {"/rest/v1/cards", "/%72est/v1/cards", "", ""},
                         {"/auth/v10", "/auth/v10", "", ""},
                         {"/rest/v1x/cards", "/rest/v1x/cards", "", ""},
                         {"/health", "/health", "", ""},
                         {"/", "/", "", ""}}) {
    const auto found = find_route(decoded, as_sent);
    EXPECT_EQ(found ? found->route.prefix : "", prefix) << as_sent;
    EXPECT_EQ(found ? found->path : "", path) << as_sent;
  }
}

TEST(GatewayRoutes, demand_an_api_key_but_where_a_browser_is_led_or_a_verifier_asks) {
  for (const std::string_view path : {"/auth/v1/verify", "/auth/v1/.well-known/jwks.json", "/auth/v1/health"}) {
    const auto found = find_route(path, path);
    EXPECT_TRUE(found && found->route.needs_no_key(found->path)) << path;
  }
  for (const std::string_view path : {"/auth/v1/user", "/auth/v1/verify/x", "/rest/v1/verify", "/rest/v1"}) {
    const auto found = find_route(path, path);
    EXPECT_TRUE(found && !found->route.needs_no_key(found->path)) << path;
  }
}

TEST(GatewayRefusal, has_the_form_of_the_service_that_was_asked_and_is_open_to_its_page) {
  struct Case {
    int status;
    std::string target, body;
  };
  const std::string long_detail = "Request line too long";
  const std::vector<Case> cases{
      {414, "/rest/v1/cards?name=eq." + std::string(9000, 'a'),
       R"({"code":"uri_too_long","details":null,"hint":null,"message":"Request line too long"})"},
      {431, "/rest/v1/cards",
       R"({"code":"header_fields_too_large","details":null,"hint":null,"message":"Request line too long"})"},
      {503, "/rest/v1",
       R"({"code":"service_unavailable","details":null,"hint":null,"message":"Request line too long"})"},
      {431, "/auth/v1/user", R"({"code":431,"error_code":"validation_failed","msg":"Request line too long"})"},
      {413, "/auth/v1/signup", R"({"code":413,"error_code":"request_entity_too_large","msg":"Request line too long"})"},
      {408, "/auth/v1/token?grant_type=password",
       R"({"code":408,"error_code":"request_timeout","msg":"Request line too long"})"},
      {400, "/auth/v10", R"({"message":"Request line too long"})"},
      {400, "", R"({"message":"Request line too long"})"}};
  for (const Case& c : cases) {
    const http::Response response = refusal(c.status, long_detail, c.target);
    EXPECT_EQ(response.status, c.status);
    EXPECT_EQ(response.body, c.body);
    EXPECT_TRUE(response.content_type().starts_with("application/json")) << c.target;
    EXPECT_EQ(response.headers.get("Access-Control-Allow-Origin"), "*") << c.target;
  }
}

TEST(GatewayRefusal, keeps_what_is_in_the_detail_inside_its_json) {
  for (const char* target : {"/rest/v1/x", "/auth/v1/x", "/x"}) {
    EXPECT_NE(refusal(400, "a \"b\"\n", target).body.find(R"(a \"b\"\n)"), std::string::npos) << target;
  }
}

}  // namespace
}  // namespace bailey::stack::gateway
