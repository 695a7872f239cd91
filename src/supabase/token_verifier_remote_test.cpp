#include "supabase/token_verifier_remote.hpp"

#include <gtest/gtest.h>

namespace bailey::detail {
namespace {

std::string verdict(int status, std::string body) {
  http::ClientResponse answer;
  answer.status = status;
  answer.body = std::move(body);
  const auto word = read_user_answer(answer, "ada");
  return word ? "yes" : word.error().code();
}

TEST(UserAnswer, is_a_yes_only_as_a_200_with_that_user) {
  const struct {
    int status;
    const char* body;
    const char* expected;
  } cases[] = {
      {200, R"({"id":"ada","aud":"authenticated"})", "yes"},
      {200, R"({"id":"bob"})", "invalid_token"},
      {200, R"({"id":7})", "provider_unavailable"},
      {200, R"({})", "provider_unavailable"},
      {200, R"(["ada"])", "provider_unavailable"},
      {200, "<html>welcome</html>", "provider_unavailable"},
      {200, "", "provider_unavailable"},
      {201, R"({"id":"ada"})", "provider_unavailable"},
      {204, "", "provider_unavailable"},
      {302, R"({"id":"ada"})", "provider_unavailable"},
      {401, R"({"code":401,"error_code":"no_authorization","msg":"This endpoint requires a Bearer token"})",
       "invalid_token"},
      {403, R"({"code":403,"error_code":"bad_jwt","msg":"invalid JWT"})", "invalid_token"},
      {403, R"({"code":"session_not_found","message":"Session not found"})", "invalid_token"},
      {400, R"({"code":400,"msg":"invalid claim"})", "invalid_token"},
      {401, R"({"message":"Invalid API key"})", "provider_unavailable"},
      {403, "Forbidden by a firewall", "provider_unavailable"},
      {404, R"({"code":404,"msg":"no route"})", "provider_unavailable"},
      {429, R"({"code":429,"error_code":"over_request_rate_limit","msg":"slow down"})", "provider_unavailable"},
      {500, R"({"code":500,"error_code":"unexpected_failure","msg":"x"})", "provider_unavailable"},
      {502, "Bad Gateway", "provider_unavailable"},
      {0, "", "provider_unavailable"},
  };
  for (const auto& [status, body, expected] : cases) EXPECT_EQ(verdict(status, body), expected) << status << body;
}

TEST(UserAnswer, errors_have_their_statuses) {
  EXPECT_EQ(invalid_token().http_status(), 401);
  EXPECT_EQ(expired_token().http_status(), 401);
  EXPECT_EQ(provider_unavailable().http_status(), 503);
  EXPECT_EQ(error_of(jwt::Rejection::expired).code(), "expired_token");
  EXPECT_EQ(error_of(jwt::Rejection::signature).code(), "invalid_token");
  EXPECT_EQ(error_of(jwt::Rejection::not_yet_valid).code(), "invalid_token");
}

TEST(CompactText, has_no_character_that_could_end_a_header) {
  EXPECT_TRUE(is_compact_text("aZ09-_.b.c"));
  for (const std::string_view text : {"a b", "a\r\nb", "a,b", "a=", "a+b", "a/b", "\xc3\xa4"})
    EXPECT_FALSE(is_compact_text(text));
}

}  // namespace
}  // namespace bailey::detail
