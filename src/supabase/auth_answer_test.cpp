#include "supabase/auth_answer.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <utility>

namespace bailey::client_detail {
namespace {

using namespace std::chrono_literals;

constexpr UnixSeconds now{1'800'000'000s};
constexpr std::string_view user =
    R"({"id":"11111111-1111-4111-8111-111111111111","aud":"authenticated","role":"authenticated",
  "email":"ada@example.com","phone":"","app_metadata":{"provider":"email"},"user_metadata":{"color":"red"},"identities":null,
  "created_at":"2026-11-23T14:00:00Z","updated_at":"2026-11-23T14:00:00Z","is_anonymous":false,"unknown":1})";

http::ClientResponse answer(int status, std::string body, bool new_format = true) {
  http::ClientResponse response;
  response.status = status;
  response.body = std::move(body);
  if (new_format) response.headers.emplace_back("x-supabase-api-version", "2024-01-01");
  return response;
}

std::string session_text(std::string_view extra = "") {
  return R"({"access_token":"canary-access","token_type":"bearer","expires_in":3600,"refresh_token":"canary-refresh")" +
         std::string(extra) + R"(,"user":)" + std::string(user) + "}";
}

TEST(AuthError, has_the_code_of_either_format) {
  struct Case {
    http::ClientResponse response;
    std::string code;
    std::string message;
  };
  const std::vector<Case> cases{
      {answer(400, R"({"code":"invalid_credentials","message":"Invalid login credentials"})"), "invalid_credentials",
       "Invalid login credentials"},
      {answer(400, R"({"code":400,"error_code":"invalid_credentials","msg":"Invalid login credentials"})", false),
       "invalid_credentials", "Invalid login credentials"},
      {answer(400, R"({"code":400,"msg":"Odd"})", false), "unknown", "Odd"},
      {answer(400, R"({"error":"invalid_grant","error_description":"No such code"})", false), "invalid_grant",
       "No such code"},
      {answer(429, R"({"code":"over_request_rate_limit","message":"Slow down"})"), "over_request_rate_limit",
       "Slow down"},
      {answer(418, "<html>"), "unknown", "Supabase Auth answered with status 418."},
      {answer(418, "[]"), "unknown", "Supabase Auth answered with status 418."},
      {answer(502, R"({"code":"ignored","message":"ignored"})"), "provider_unavailable",
       "Supabase Auth answered with status 502."},
      {answer(522, ""), "provider_unavailable", "Supabase Auth answered with status 522."},
  };
  for (const Case& c : cases) {
    const AuthError error = auth_error_in(c.response);
    EXPECT_EQ(error.code(), c.code);
    EXPECT_EQ(error.message(), c.message);
    EXPECT_EQ(error.http_status(), c.response.status);
    EXPECT_EQ(error.retryable(), c.code == "provider_unavailable");
  }
}

TEST(AuthError, says_why_a_password_is_weak) {
  const std::vector<std::string> bodies{
      R"({"code":"weak_password","message":"Weak","weak_password":{"reasons":["length","pwned"]}})",
      R"({"message":"Weak","weak_password":{"reasons":["length","pwned"]}})"};
  for (const std::string& body : bodies) {
    const AuthError error = auth_error_in(answer(422, body));
    EXPECT_EQ(error.code(), "weak_password");
    EXPECT_EQ(error.weak_password_reasons(), (std::vector<std::string>{"length", "pwned"}));
  }
}

TEST(AuthAnswer, of_nobody_is_a_retryable_error) {
  const auto result = read_auth_answer(std::unexpected(Error("unreachable", "The server cannot be reached.", 503)));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), "unreachable");
  EXPECT_TRUE(result.error().retryable());
}

TEST(AuthAnswer, may_be_empty) {
  const auto result = read_auth_answer(answer(204, ""));
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->is_null());
}

TEST(Session, is_read_with_its_user) {
  const auto session = session_in(json::parse(session_text()), now);
  ASSERT_TRUE(session) << session.error().message();
  EXPECT_EQ(session->access_token, "canary-access");
  EXPECT_EQ(session->expires_at, 1'800'003'600);
  EXPECT_EQ(session->user.email, "ada@example.com");
  EXPECT_EQ(session->user.user_metadata->at("color").as_string(), "red");
  EXPECT_FALSE(session->user.identities);
}

TEST(Session, keeps_the_expiry_the_server_gives) {
  const auto session = session_in(json::parse(session_text(R"(,"expires_at":42)")), now);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->expires_at, 42);
}

TEST(Session, that_is_incomplete_is_an_error_that_shows_no_token) {
  const std::vector<std::string> bodies{
      R"({"access_token":"canary-access","token_type":"bearer","expires_in":3600})",
      R"({"access_token":"canary-access","token_type":"bearer","expires_in":"canary","refresh_token":"canary-refresh","user":7})",
      R"({"access_token":"","token_type":"bearer","expires_in":1,"refresh_token":"canary-refresh","user":)" +
          std::string(user) + "}",
      R"(["canary"])", "null"};
  for (const std::string& body : bodies) {
    const auto session = session_in(json::parse(body), now);
    ASSERT_FALSE(session) << body;
    EXPECT_EQ(session.error().code(), "invalid_response");
    EXPECT_EQ(session.error().message().find("canary"), std::string::npos) << session.error().message();
  }
}

TEST(SignUp, gives_a_session_or_a_user_who_has_yet_to_confirm) {
  const auto confirmed = sign_up_in(json::parse(session_text()), now);
  ASSERT_TRUE(confirmed);
  EXPECT_TRUE(confirmed->session && confirmed->user);
  const auto unconfirmed = sign_up_in(json::parse(user), now);
  ASSERT_TRUE(unconfirmed);
  EXPECT_FALSE(unconfirmed->session);
  EXPECT_EQ(unconfirmed->user->email, "ada@example.com");
}

TEST(User, is_read_bare_and_wrapped) {
  EXPECT_TRUE(user_in(json::parse(user)));
  EXPECT_TRUE(user_in(json::parse(R"({"user":)" + std::string(user) + "}")));
  EXPECT_FALSE(user_in(json::parse("{}")));
}

}  // namespace
}  // namespace bailey::client_detail
