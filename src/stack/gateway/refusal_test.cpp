#include "stack/gateway/refusal.hpp"

#include <gtest/gtest.h>

namespace bailey::stack::gateway {
namespace {

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
