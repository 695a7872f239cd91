#include <bailey/base/log.hpp>

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/stack/live_stack.hpp"

namespace bailey::test {
namespace {

namespace json = boost::json;

LiveStack& live() { return LiveStack::shared(); }

TEST(Gateway, takes_a_request_without_a_key_for_anon_and_refuses_a_key_it_does_not_know) {
  EXPECT_EQ(live().ask({.target = "/rest/v1/notes", .api_key = ""}).body, "[]");
  EXPECT_EQ(live().ask({.target = "/auth/v1/settings", .api_key = ""}).status, 200);
  const json::object ada = live().sign_up("keyless");
  const std::string token(ada.at("access_token").as_string());
  EXPECT_EQ(live().ask({.target = "/auth/v1/user", .bearer = token, .api_key = ""}).text("id"),
            std::string(ada.at("user").at("id").as_string()));
  // Not even the header that names the secret key makes it more than anon: a key is sent as one.
  const Answer admin = live().ask(
      {.target = "/auth/v1/admin/users", .bearer = "sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz", .api_key = ""});
  EXPECT_EQ(admin.status, 401) << admin.body;
  EXPECT_EQ(live().ask({.target = "/rest/v1/notes", .api_key = "guess"}).status, 401);
  EXPECT_EQ(live().ask({.target = "/rest/v1/notes", .api_key = "guess"}).text("message"), "Invalid API key");
  for (const char* key : {"anon", "service", "publishable", "secret"}) {
    EXPECT_EQ(live().ask({.target = "/rest/v1/notes", .api_key = key}).status, 200) << key;
  }
}

TEST(Gateway, insists_on_a_key_where_the_configuration_says_so) {
  const stack::gateway::GatewayOptions strict{.require_api_key = true};
  for (const char* target : {"/rest/v1/notes", "/auth/v1/settings"}) {
    const Answer none = live().ask({.target = target, .api_key = ""}, nullptr, strict);
    EXPECT_EQ(none.status, 401);
    EXPECT_EQ(none.text("message"), "No API key found in request");
    EXPECT_EQ(live().ask({.target = target}, nullptr, strict).status, 200);
  }
  EXPECT_EQ(live().ask({.target = "/auth/v1/.well-known/jwks.json", .api_key = ""}, nullptr, strict).status, 200);
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
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "http://localhost:5173");
  EXPECT_EQ(preflight.header("Access-Control-Allow-Headers"), "apikey,authorization");
  const Answer refused =
      live().ask({.target = "/rest/v1/notes", .api_key = "guess", .headers = {{"Origin", "http://localhost:5173"}}});
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "http://localhost:5173");
  EXPECT_TRUE(refused.header("Access-Control-Expose-Headers").contains("X-Sb-Error-Code"));
}

TEST(Gateway, lets_a_page_of_a_foreign_origin_neither_read_nor_change_anything) {
  const auto from = [](std::string origin, std::string method, std::string target, std::string content_type = "") {
    Ask ask{.method = std::move(method), .target = std::move(target), .headers = {{"Origin", std::move(origin)}}};
    ask.api_key = "secret";
    if (!content_type.empty()) {
      ask.headers.emplace_back("Content-Type", std::move(content_type));
      ask.body = "id=77";
    }
    return ask;
  };
  const std::string evil = "https://evil.example";
  const Answer read = live().ask(from(evil, "GET", "/rest/v1/notes"));
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.header("Access-Control-Allow-Origin"), "");
  EXPECT_EQ(read.header("Vary"), "Origin");
  Ask preflight = from(evil, "OPTIONS", "/rest/v1/notes");
  preflight.headers.emplace_back("Access-Control-Request-Method", "DELETE");
  EXPECT_EQ(live().ask(preflight).header("Access-Control-Allow-Origin"), "");
  EXPECT_EQ(live().ask(preflight).status, 400);
  // A form needs no preflight, and the key may stand in the URL.
  for (const char* origin : {"https://evil.example", "null"}) {
    const Answer form = live().ask(from(origin, "POST", "/rest/v1/notes", "application/x-www-form-urlencoded"));
    EXPECT_EQ(form.status, 403) << form.body;
    EXPECT_NE(form.text("hint").find("[auth] additional_redirect_urls"), std::string::npos);
    EXPECT_EQ(form.header("Access-Control-Allow-Origin"), "");
    EXPECT_EQ(live().ask(from(origin, "POST", "/auth/v1/admin/users", "text/plain")).status, 403);
  }
  EXPECT_EQ(live().sql("select count(*) from public.notes where id = 77").at(0).at(0), "0");
  const stack::gateway::GatewayOptions open{.pages = {"https://evil.example/after-login"}};
  const Answer listed =
      live().ask(from(evil, "POST", "/rest/v1/notes", "application/x-www-form-urlencoded"), nullptr, open);
  EXPECT_EQ(listed.status, 201) << listed.body;
  EXPECT_EQ(listed.header("Access-Control-Allow-Origin"), evil);
  EXPECT_EQ(live().ask(from("http://localhost:5173", "GET", "/rest/v1/notes")).header("Access-Control-Allow-Origin"),
            "http://localhost:5173");
  live().connect().execute("delete from public.notes where id = 77");
}

TEST(Gateway, is_not_to_be_reached_by_a_foreign_name_made_to_lead_here) {
  const auto under = [](std::string host) {
    return live().ask({.target = "/rest/v1/notes", .headers = {{"Host", std::move(host)}}});
  };
  EXPECT_EQ(under("rebound.example:54321").status, 403);
  EXPECT_EQ(under("rebound.example:54321").header("Access-Control-Allow-Origin"), "");
  EXPECT_EQ(under("127.0.0.1:54321").status, 200);
  EXPECT_EQ(under("[::1]:54321").status, 200);
  EXPECT_EQ(under("localhost").status, 200);
}

TEST(Gateway, lets_an_open_page_of_the_internet_reach_this_machine) {
  const stack::gateway::GatewayOptions open{.pages = {"https://app.example.com"}};
  const auto allowed = [&](std::string origin) {
    return live()
        .ask({.method = "OPTIONS",
              .target = "/rest/v1/notes",
              .headers = {{"Origin", std::move(origin)},
                          {"Access-Control-Request-Method", "POST"},
                          {"Access-Control-Request-Private-Network", "true"}}},
             nullptr, open)
        .header("Access-Control-Allow-Private-Network");
  };
  EXPECT_EQ(allowed("https://app.example.com"), "true");
  EXPECT_EQ(allowed("https://evil.example"), "");
}

TEST(Gateway, sends_nobody_to_a_prefix_it_does_not_have) {
  EXPECT_EQ(live().ask({.target = "/rest/v10/notes"}).status, 404);
  EXPECT_EQ(live().ask({.target = "/"}).status, 404);
  EXPECT_EQ(live().ask({.target = "/%72est/v1/notes"}).status, 200);  // the same path, spelled otherwise
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

TEST(Rest, refuses_claims_that_no_policy_could_read) {
  for (const char* claims : {R"({"role":"a\u0000b"})", R"({"role":"authenticated","name":"\u0000"})"}) {
    const Answer refused = live().ask({.target = "/rest/v1/notes", .bearer = live().others_token(claims)});
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.text("code"), "PGRST303");
    EXPECT_EQ(refused.header("WWW-Authenticate"),
              R"(Bearer error="invalid_token", error_description="Parsing claims failed")");
  }
}

TEST(Rest, acts_as_no_role_beyond_the_api) {
  for (const char* role : {"postgres", "supabase_admin", "supabase_auth_admin", "authenticator", "dashboard_user",
                           "pg_read_all_data", "none", "NONE", "anon; reset role", "Anon", "nobody"}) {
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
  EXPECT_EQ(live().ask({.method = "DELETE", .target = "/rest/v1/drafts?id=eq.1", .bearer = token}).text("code"),
            "42501");
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
  const auto setting =
      live().sql("select 'safeupdate.enabled=off' = any (rolconfig) from pg_roles where rolname = 'authenticator'");
  EXPECT_EQ(setting.at(0).at(0), "t");
  migration.execute("alter role authenticator reset safeupdate.enabled");
}

TEST(Rest, brings_what_fails_in_the_database_into_the_log) {
  live().connect().execute(
      "create function public.fail() returns int language plpgsql as $$ begin"
      " raise exception 'the fault\nhas %', 'a name' using errcode = 'XX000'; end $$;"
      "create view public.failing as select public.fail() as n; grant select on public.failing to anon");
  std::string warnings;
  log::set_sink([&](log::Level, std::string_view line) { warnings.append(line).append("\n"); });
  const Answer answer = live().ask({.target = "/rest/v1/failing"});
  static_cast<void>(live().ask({.target = "/rest/v1/nothing_of_this_name"}));
  log::set_sink({});
  EXPECT_EQ(answer.status, 500);
  EXPECT_TRUE(warnings.contains("code=XX000 message=\"the fault\\nhas a name\"")) << warnings;
  EXPECT_EQ(std::ranges::count(warnings, '\n'), 1) << warnings;
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
