#include <gtest/gtest.h>

#include "tests/stack/live_stack.hpp"

namespace bailey::test {
namespace {

namespace json = boost::json;

LiveStack& live() { return LiveStack::shared(); }

TEST(Gateway, wants_an_api_key_it_knows) {
  const Answer none = live().ask({.target = "/rest/v1/notes", .api_key = ""});
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.text("message"), "No API key found in request");
  EXPECT_EQ(live().ask({.target = "/rest/v1/notes", .api_key = "guess"}).text("message"), "Invalid API key");
  for (const char* key : {"anon", "service", "publishable", "secret"}) {
    EXPECT_EQ(live().ask({.target = "/rest/v1/notes", .api_key = key}).status, 200) << key;
  }
}

TEST(Gateway, takes_the_key_from_the_query_and_keeps_it_there) {
  const Answer answer = live().ask(
      {.target = "/rest/v1/notes?select=id&apikey=sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH", .api_key = ""});
  EXPECT_EQ(answer.status, 200) << answer.body;
}

TEST(Gateway, answers_preflights_without_a_key_and_exposes_headers) {
  const Answer preflight = live().ask({.method = "OPTIONS",
                                       .target = "/rest/v1/notes",
                                       .api_key = "",
                                       .headers = {{"Origin", "http://localhost:5173"},
                                                   {"Access-Control-Request-Method", "POST"},
                                                   {"Access-Control-Request-Headers", "apikey,authorization"}}});
  EXPECT_EQ(preflight.status, 200);
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(preflight.header("Access-Control-Allow-Headers"), "apikey,authorization");
  const Answer refused = live().ask({.target = "/rest/v1/notes", .api_key = ""});
  EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "*");
}

TEST(Gateway, sends_nobody_to_a_prefix_it_does_not_have) {
  EXPECT_EQ(live().ask({.target = "/rest/v10/notes"}).status, 404);
  EXPECT_EQ(live().ask({.target = "/"}).status, 404);
  EXPECT_EQ(live().ask({.target = "/%72est/v1/notes"}).status, 404);
  EXPECT_EQ(live().ask({.target = "/health", .api_key = ""}).status, 200);
}

TEST(Rest, lets_each_user_see_and_write_their_own_rows_only) {
  const json::object ada = live().sign_up("ada");
  const json::object bob = live().sign_up("bob");
  const std::string adas(ada.at("access_token").as_string()), bobs(bob.at("access_token").as_string());
  const auto insert = [&](const std::string& token, std::string body) {
    return live().ask({.method = "POST",
                       .target = "/rest/v1/notes",
                       .body = std::move(body),
                       .bearer = token,
                       .headers = {{"Content-Type", "application/json"}, {"Prefer", "return=representation"}}});
  };
  EXPECT_EQ(insert(adas, R"({"id":1,"body":"ada's"})").status, 201);
  EXPECT_EQ(insert(bobs, R"({"id":2,"body":"bob's"})").status, 201);
  const Answer forged =
      insert(bobs, R"({"id":3,"owner":")" + std::string(ada.at("user").at("id").as_string()) + R"("})");
  EXPECT_EQ(forged.status, 403);
  EXPECT_EQ(forged.text("code"), "42501");
  EXPECT_EQ(live().ask({.target = "/rest/v1/notes?select=id", .bearer = adas}).body, R"([{"id":1}])");
  EXPECT_EQ(live().ask({.target = "/rest/v1/notes?select=id", .bearer = bobs}).body, R"([{"id":2}])");
  EXPECT_EQ(live().ask({.target = "/rest/v1/notes?select=id"}).body, "[]");
  EXPECT_EQ(json::parse(live().ask({.target = "/rest/v1/notes?select=id", .api_key = "secret"}).body).as_array().size(),
            2U);
  EXPECT_EQ(live().ask({.method = "DELETE", .target = "/rest/v1/notes?id=eq.1", .bearer = bobs}).status, 204);
  EXPECT_EQ(live().ask({.target = "/rest/v1/notes?select=id", .bearer = adas}).body, R"([{"id":1}])");
}

TEST(Rest, refuses_tokens_that_do_not_verify) {
  std::string token(live().sign_up("token").at("access_token").as_string());
  token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
  const Answer tampered = live().ask({.target = "/rest/v1/notes", .bearer = token});
  EXPECT_EQ(tampered.status, 401);
  EXPECT_EQ(tampered.text("code"), "PGRST301");
  EXPECT_NE(tampered.header("WWW-Authenticate").find("invalid_token"), std::string::npos);
  const Answer expired =
      live().ask({.target = "/rest/v1/notes", .bearer = live().signed_token(R"({"role":"authenticated","exp":1})")});
  EXPECT_EQ(expired.status, 401);
  EXPECT_EQ(expired.text("message"), "JWT expired");
}

TEST(Rest, acts_as_no_role_beyond_the_api) {
  for (const char* role : {"postgres", "supabase_admin", "supabase_auth_admin", "authenticator", "dashboard_user",
                           "pg_read_all_data", "none", "NONE", "anon; reset role", "Anon", "nobody", "a\\u0000b"}) {
    const std::string token = live().signed_token(std::string(R"({"role":")") + role + "\"}");
    for (const char* method : {"GET", "OPTIONS"}) {
      const Answer refused = live().ask({.method = method, .target = "/rest/v1/notes", .bearer = token});
      EXPECT_EQ(refused.status, 403) << method << ' ' << role;
      EXPECT_EQ(refused.text("code"), "42501") << refused.body;
    }
  }
}

TEST(Rest, acts_as_a_role_of_the_projects_own) {
  live().connect().execute(
      "create role editor nologin; grant editor to authenticator; grant usage on schema public to editor;"
      "create table public.drafts (id int); insert into public.drafts values (1);"
      "revoke all on public.drafts from anon; grant select on public.drafts to editor");
  const std::string token = live().signed_token(R"({"role":"editor"})");
  EXPECT_EQ(live().ask({.target = "/rest/v1/drafts", .bearer = token}).body, R"([{"id":1}])");
  EXPECT_EQ(live().ask({.target = "/rest/v1/drafts"}).status, 401);
  EXPECT_EQ(live().ask({.method = "DELETE", .target = "/rest/v1/drafts?id=eq.1", .bearer = token}).text("code"), "42501");
}

TEST(Rest, limits_the_time_of_every_role_of_the_api) {
  live().connect().execute(
      "create view public.patience as select current_setting('statement_timeout') as limit;"
      "grant select on public.patience to anon, authenticated, service_role");
  const auto limit = [](const char* role) {
    const std::string token = live().signed_token(std::string(R"({"role":")") + role + "\"}");
    return live().ask({.target = "/rest/v1/patience", .bearer = token}).body;
  };
  EXPECT_EQ(limit("anon"), R"([{"limit":"3s"}])");
  EXPECT_EQ(limit("authenticated"), R"([{"limit":"8s"}])");
  EXPECT_EQ(limit("service_role"), R"([{"limit":"8s"}])");
}

TEST(Rest, changes_all_rows_of_a_table_only_if_a_migration_says_so) {
  const Answer refused = live().ask({.method = "DELETE", .target = "/rest/v1/notes", .api_key = "service"});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.text("code"), "21000");
  EXPECT_EQ(refused.text("message"), "DELETE requires a WHERE clause");
  stack::BlockingConnection migration(live().cluster().connection_string("postgres", stack::role_password));
  migration.execute("alter role authenticator set safeupdate.enabled = off");
  const auto setting = live().sql(
      "select 'safeupdate.enabled=off' = any (rolconfig) from pg_roles where rolname = 'authenticator'");
  EXPECT_EQ(setting.at(0).at(0), "t");
  migration.execute("alter role authenticator reset safeupdate.enabled");
}

TEST(Rest, keeps_auths_tables_out_of_reach) {
  for (const char* profile : {"auth", "_bailey", "supabase_migrations"}) {
    EXPECT_EQ(
        live().ask({.target = "/rest/v1/users", .api_key = "secret", .headers = {{"Accept-Profile", profile}}}).status,
        406)
        << profile;
  }
}

}  // namespace
}  // namespace bailey::test
