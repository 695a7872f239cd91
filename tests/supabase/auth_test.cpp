// The auth client against a server that speaks as Supabase Auth does.
#include "tests/supabase/test_project.hpp"
#include "tests/supabase/test_server.hpp"

#include <boost/json/parse.hpp>

namespace bailey::test {
namespace {

constexpr std::string_view user_text =
    R"({"id":"11111111-1111-4111-8111-111111111111","aud":"authenticated","role":"authenticated","email":"ada@example.com",
        "app_metadata":{},"user_metadata":{"color":"red"},"created_at":"2026-11-23T14:00:00Z","is_anonymous":false})";

std::string session_text() {
  return R"({"access_token":"canary-access","token_type":"bearer","expires_in":3600,"expires_at":4000000000,)"
         R"("refresh_token":"canary-refresh","user":)" +
         std::string(user_text) + "}";
}

SupabaseOptions options_for(std::string url) {
  SupabaseOptions options;
  options.url = std::move(url);
  options.anon_key = Secret("canary-anon");
  return options;
}

http::Response refused(int status, std::string body) {
  http::Response response = http::Response::json(status, std::move(body));
  response.headers.add("X-Supabase-Api-Version", "2024-01-01");
  return response;
}

Credentials ada() {
  Credentials credentials;
  credentials.email = "ada@example.com";
  credentials.password = "canary-password";
  return credentials;
}

TEST(Auth, signs_up_with_metadata) {
  const ScriptedServer server([](const SeenRequest&) { return http::Response::json(200, session_text()); });
  Credentials credentials = ada();
  credentials.data["color"] = "red";
  credentials.redirect_to = "https://app.example/welcome?a=b&c";
  const SignUpResult result = run_blocking(Supabase(options_for(server.url())).auth().sign_up(credentials));
  EXPECT_EQ(result.session->access_token, "canary-access");
  EXPECT_EQ(result.user->user_metadata->at("color").as_string(), "red");
  const SeenRequest seen = server.seen().at(0);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/auth/v1/signup?redirect_to=https%3A%2F%2Fapp.example%2Fwelcome%3Fa%3Db%26c");
  EXPECT_EQ(seen.header("x-supabase-api-version"), "2024-01-01");
  EXPECT_EQ(seen.header("apikey"), "canary-anon");
  const json::value body = json::parse(seen.body);
  EXPECT_EQ(body.at("email").as_string(), "ada@example.com");
  EXPECT_EQ(body.at("password").as_string(), "canary-password");
  EXPECT_EQ(body.at("data").at("color").as_string(), "red");
  EXPECT_TRUE(body.at("gotrue_meta_security").at("captcha_token").is_null());
}

TEST(Auth, signs_in_and_refreshes) {
  const ScriptedServer server([](const SeenRequest&) { return http::Response::json(200, session_text()); });
  const AuthClient auth = Supabase(options_for(server.url())).auth();
  EXPECT_EQ(run_blocking(auth.sign_in_with_password(ada())).refresh_token, "canary-refresh");
  EXPECT_EQ(run_blocking(auth.refresh_session("canary-refresh")).expires_at, 4'000'000'000);
  const auto seen = server.seen();
  EXPECT_EQ(seen[0].target, "/auth/v1/token?grant_type=password");
  EXPECT_EQ(seen[1].target, "/auth/v1/token?grant_type=refresh_token");
  EXPECT_EQ(seen[1].body, R"({"refresh_token":"canary-refresh"})");
}

TEST(Auth, asks_for_a_user_with_the_users_own_token) {
  const ScriptedServer server([](const SeenRequest&) { return http::Response::json(200, std::string(user_text)); });
  const Supabase nobody(options_for(server.url()));
  EXPECT_EQ(run_blocking(nobody.auth().get_user("canary-token")).email, "ada@example.com");
  EXPECT_EQ(run_blocking(nobody.as("canary-other").auth().get_user()).email, "ada@example.com");
  EXPECT_EQ(run_blocking(nobody.as("canary-other").auth().try_get_user()).value().email, "ada@example.com");
  const auto seen = server.seen();
  EXPECT_EQ(seen[0].header("authorization"), "Bearer canary-token");
  EXPECT_EQ(seen[1].header("authorization"), "Bearer canary-other");
  EXPECT_EQ(seen[0].header("apikey"), "canary-anon");
}

TEST(Auth, signs_out_and_takes_a_session_that_is_gone_for_done) {
  int status = 204;
  const ScriptedServer server([&status](const SeenRequest&) {
    return status == 204 ? http::Response::empty(204) : refused(status, R"({"code":"x","message":"y"})");
  });
  const AuthClient auth = Supabase(options_for(server.url())).auth();
  run_blocking(auth.sign_out("canary-token", SignOutScope::local));
  for (const int gone : {401, 403, 404}) {
    status = gone;
    run_blocking(auth.sign_out("canary-token", SignOutScope::others));
  }
  status = 429;
  EXPECT_THROW(run_blocking(auth.sign_out("canary-token")), AuthError);
  const auto seen = server.seen();
  EXPECT_EQ(seen[0].target, "/auth/v1/logout?scope=local");
  EXPECT_EQ(seen[1].target, "/auth/v1/logout?scope=others");
  EXPECT_EQ(seen[4].target, "/auth/v1/logout?scope=global");
  EXPECT_EQ(seen[0].header("authorization"), "Bearer canary-token");
}

TEST(Auth, gives_errors_as_values_and_as_exceptions) {
  const ScriptedServer server([](const SeenRequest&) {
    return refused(400, R"({"code":"invalid_credentials","message":"Invalid login credentials"})");
  });
  const AuthClient auth = Supabase(options_for(server.url())).auth();
  const auto outcome = run_blocking(auth.try_sign_in_with_password(ada()));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), "invalid_credentials");
  EXPECT_EQ(outcome.error().http_status(), 400);
  EXPECT_FALSE(outcome.error().retryable());
  try {
    (void)run_blocking(auth.sign_in_with_password(ada()));
    ADD_FAILURE() << "signed in";
  } catch (const AuthError& error) {
    EXPECT_EQ(error.code(), "invalid_credentials");
  }
}

TEST(Auth, refuses_incomplete_calls_without_asking) {
  const ScriptedServer server([](const SeenRequest&) { return http::Response::empty(500); });
  const AuthClient auth = Supabase(options_for(server.url())).auth();
  Credentials both = ada();
  both.phone = "123";
  Credentials neither;
  neither.password = "x";
  EXPECT_EQ(run_blocking(auth.try_sign_up(both)).error().code(), "invalid_credentials");
  EXPECT_EQ(run_blocking(auth.try_sign_in_with_password(neither)).error().code(), "invalid_credentials");
  EXPECT_EQ(run_blocking(auth.try_refresh_session("")).error().code(), "session_missing");
  EXPECT_EQ(run_blocking(auth.try_get_user("")).error().code(), "session_missing");
  EXPECT_EQ(run_blocking(auth.try_get_user("a\r\nX-Evil: 1")).error().code(), "session_missing");
  EXPECT_TRUE(server.seen().empty());
}

TEST(Auth, refuses_text_that_is_not_utf8_and_says_which) {
  const ScriptedServer server([](const SeenRequest&) { return http::Response::empty(500); });
  const AuthClient auth = Supabase(options_for(server.url())).auth();
  Credentials email = ada(), password = ada(), data = ada();
  email.email = "caf\xe9@example.com";
  password.password = "canary-\xff";
  data.data["city"] = json::object{{"name", "K\xf6ln"}};
  const AuthError error = run_blocking(auth.try_sign_in_with_password(password)).error();
  EXPECT_EQ(error.code(), "invalid_text");
  EXPECT_EQ(error.http_status(), 400);
  EXPECT_EQ(error.message(), "Not UTF-8: password");
  EXPECT_EQ(run_blocking(auth.try_sign_up(email)).error().message(), "Not UTF-8: email");
  EXPECT_EQ(run_blocking(auth.try_sign_up(data)).error().message(), "Not UTF-8: data.city.name");
  EXPECT_EQ(run_blocking(auth.try_refresh_session("\xff")).error().message(), "Not UTF-8: refresh_token");
  EXPECT_TRUE(server.seen().empty());
}

TEST(Auth, says_that_a_server_that_is_away_may_be_back) {
  const auto outcome =
      run_blocking(Supabase(options_for("http://127.0.0.1:1")).auth().try_sign_in_with_password(ada()));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), "unreachable");
  EXPECT_TRUE(outcome.error().retryable());
  EXPECT_EQ(std::string_view(outcome.error().what()).find("canary"), std::string_view::npos);
}

TEST(Auth, reads_claims_after_verifying_them) {
  const Supabase nobody(TestProject::shared().http_options());
  const Identity alice = run_blocking(nobody.auth().get_claims(TestProject::shared().alice().token));
  EXPECT_EQ(alice.subject(), TestProject::shared().alice().id);
  EXPECT_EQ(alice.role(), "authenticated");
  const auto forged = run_blocking(nobody.auth().try_get_claims("a.b.c"));
  ASSERT_FALSE(forged);
  EXPECT_EQ(forged.error().http_status(), 401);
}

}  // namespace
}  // namespace bailey::test
