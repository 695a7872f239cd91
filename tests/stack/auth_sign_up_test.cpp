#include <bailey/base/log.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <thread>

#include "tests/stack/live_stack.hpp"

namespace bailey::test {
namespace {

namespace json = boost::json;

LiveStack& live() { return LiveStack::shared(); }

Answer sign_up(const json::object& body, const stack::AuthConfig* config = nullptr,
               std::vector<std::pair<std::string, std::string>> headers = {}) {
  return live().ask(
      {.method = "POST", .target = "/auth/v1/signup", .body = json::serialize(body), .headers = std::move(headers)},
      config);
}

Answer sign_in(std::string_view email, std::string_view password, const stack::AuthConfig* config = nullptr) {
  const json::object body{{"email", email}, {"password", password}};
  return live().ask({.method = "POST", .target = "/auth/v1/token?grant_type=password", .body = json::serialize(body)},
                    config);
}

// A User-Agent is bytes to HTTP and text to PostgreSQL: whatever it holds, and wherever the limit cuts it.
TEST(SignUp, takes_any_user_agent) {
  const auto stored = [](std::string agent) {
    const std::string email = live().fresh_email("agent");
    const Answer answer =
        sign_up({{"email", email}, {"password", LiveStack::password}}, nullptr, {{"User-Agent", std::move(agent)}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return live().sql(
        "select s.user_agent from auth.sessions s join auth.users u on u.id = s.user_id where u.email = '" + email +
        "'");
  };
  EXPECT_EQ(stored("caf\xe9").at(0).at(0), "caf\xef\xbf\xbd");
  EXPECT_EQ(stored(std::string(1023, 'x') + "é").at(0).at(0), std::string(1023, 'x'));
}

TEST(SignUp, gives_a_session_and_writes_what_gotrue_writes) {
  const std::string email = live().fresh_email("Grace");
  const Answer answer = sign_up({{"email", email}, {"password", LiveStack::password}, {"data", {{"name", "Grace"}}}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  const json::object session = answer.json();
  EXPECT_EQ(session.at("token_type"), "bearer");
  EXPECT_EQ(session.at("expires_in"), 3600);
  const json::object& user = session.at("user").as_object();
  const std::string lower = "grace" + email.substr(5);
  EXPECT_EQ(user.at("email"), json::string_view(lower));
  EXPECT_EQ(user.at("role"), "authenticated");
  EXPECT_EQ(user.at("user_metadata").at("name"), "Grace");
  EXPECT_EQ(user.at("identities").as_array().size(), 1U);
  EXPECT_EQ(answer.header("sb-auth-user-id"), std::string(user.at("id").as_string()));

  const std::string id = "'" + std::string(user.at("id").as_string()) + "'";
  const auto row = live().sql(
      "select instance_id::text, role, left(encrypted_password, 7), recovery_token, is_sso_user::text,"
      " (select count(*)::text from auth.sessions where user_id = users.id and aal = 'aal1'),"
      " (select token || parent || revoked from auth.refresh_tokens where user_id = users.id::text),"
      " (select string_agg(payload ->> 'action', ',' order by payload ->> 'action') from auth.audit_log_entries"
      "  where payload ->> 'actor_id' = users.id::text),"
      " (select string_agg(authentication_method, ',') from auth.mfa_amr_claims c join auth.sessions s"
      "  on s.id = c.session_id where s.user_id = users.id)"
      " from auth.users where id = " +
      id);
  ASSERT_EQ(row.size(), 1U);
  EXPECT_EQ(row[0][0], "00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(row[0][1], "authenticated");
  EXPECT_EQ(row[0][2], "$2a$10$");
  EXPECT_EQ(row[0][3], "");
  EXPECT_EQ(row[0][4], "false");
  EXPECT_EQ(row[0][5], "1");
  EXPECT_EQ(row[0][6], std::string(session.at("refresh_token").as_string()) + "false");
  EXPECT_EQ(row[0][7], "login,user_signedup");
  EXPECT_EQ(row[0][8], "password");
}

TEST(SignUp, of_an_address_that_is_taken_in_any_case_is_refused) {
  const json::object first = live().sign_up("taken");
  std::string email(first.at("user").at("email").as_string());
  email[0] = 'T';
  const Answer answer = sign_up({{"email", email}, {"password", LiveStack::password}});
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.text("error_code"), "user_already_exists");
  EXPECT_EQ(answer.text("msg"), "User already registered");
}

TEST(SignUp, of_one_address_by_many_at_once_makes_one_user) {
  const std::string email = live().fresh_email("race");
  std::array<Answer, 6> answers;
  {
    std::vector<std::jthread> crowd;
    for (Answer& answer : answers) {
      crowd.emplace_back([&] { answer = sign_up({{"email", email}, {"password", LiveStack::password}}); });
    }
  }
  EXPECT_EQ(std::ranges::count(answers, 200, &Answer::status), 1);
  EXPECT_EQ(std::ranges::count(answers, 422, &Answer::status), 5);
  EXPECT_EQ(live().sql("select count(*)::text from auth.users where email = '" + email + "'").at(0).at(0), "1");
}

TEST(SignUp, refuses_in_gotrues_order_and_words) {
  struct Case {
    json::object body;
    int status;
    std::string code, message;
  };
  const std::vector<Case> cases{
      {{}, 422, "anonymous_provider_disabled", "Anonymous sign-ins are disabled"},
      {{{"email", "a@b.c"}}, 400, "validation_failed", "Signup requires a valid password"},
      {{{"email", "bad"}, {"password", "abc"}}, 422, "weak_password", "Password should be at least 6 characters."},
      {{{"email", "bad"}, {"password", "abcdef"}},
       400,
       "validation_failed",
       "Unable to validate email address: invalid format"},
      {{{"email", "a@b.c"}, {"password", std::string(73, 'x')}},
       400,
       "validation_failed",
       "Password cannot be longer than 72 characters"},
      {{{"phone", "123"}, {"password", "abcdef"}}, 400, "phone_provider_disabled", "Phone signups are disabled"},
      {{{"email", 5}}, 400, "bad_json", "Could not parse request body as JSON: email must be a string"},
  };
  for (const Case& c : cases) {
    const Answer old_form = sign_up(c.body);
    EXPECT_EQ(old_form.status, c.status) << old_form.body;
    EXPECT_EQ(old_form.text("error_code"), c.code);
    EXPECT_EQ(old_form.text("msg"), c.message);
    EXPECT_EQ(old_form.json().at("code"), c.status);
    EXPECT_EQ(old_form.header("X-Supabase-Api-Version"), "");
    const Answer new_form = sign_up(c.body, nullptr, {{"X-Supabase-Api-Version", "2024-01-01"}});
    EXPECT_EQ(new_form.text("code"), c.code);
    EXPECT_EQ(new_form.text("message"), c.message);
    EXPECT_EQ(new_form.header("X-Supabase-Api-Version"), "2024-01-01");
  }
}

TEST(SignUp, that_is_switched_off_is_refused) {
  const stack::AuthConfig closed{.enable_signup = false};
  EXPECT_EQ(sign_up({{"email", "a@b.c"}, {"password", "abcdef"}}, &closed).text("error_code"), "signup_disabled");
  const stack::AuthConfig no_email{.email = {.enable_signup = false}};
  EXPECT_EQ(sign_up({{"email", "a@b.c"}, {"password", "abcdef"}}, &no_email).text("error_code"),
            "email_provider_disabled");
  EXPECT_EQ(sign_in("a@b.c", "abcdef", &no_email).text("error_code"), "email_provider_disabled");
}

TEST(SignUp, without_automatic_confirmation_waits_for_an_administrator_and_answers_for_a_known_address_as_gotrue) {
  const stack::AuthConfig confirming{.email = {.enable_confirmations = true}};
  const std::string email = live().fresh_email("shy");
  const json::object body{{"email", email}, {"password", LiveStack::password}};
  const Answer first = sign_up(body, &confirming);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_FALSE(first.json().contains("access_token"));
  EXPECT_FALSE(first.json().contains("email_confirmed_at"));
  EXPECT_TRUE(first.json().contains("confirmation_sent_at"));
  const Answer early = sign_in(email, LiveStack::password, &confirming);
  EXPECT_EQ(early.text("error_code"), "email_not_confirmed");
  EXPECT_EQ(sign_in(email, "wrong password", &confirming).text("error_code"), "invalid_credentials");

  // What the warning at the start tells to do.
  const Answer confirmed = live().ask({.method = "PUT",
                                       .target = "/auth/v1/admin/users/" + first.text("id"),
                                       .body = R"({"email_confirm":true})",
                                       .api_key = "secret"});
  EXPECT_EQ(confirmed.status, 200) << confirmed.body;
  EXPECT_EQ(sign_in(email, LiveStack::password, &confirming).status, 200);
  const Answer again = sign_up(body, &confirming);
  EXPECT_EQ(again.status, 200);
  EXPECT_TRUE(again.json().at("identities").as_array().empty());
  EXPECT_EQ(again.json().at("role"), "");
  EXPECT_NE(again.text("id"), first.text("id"));
}

TEST(SignUp, anonymously_gives_a_session_where_enabled) {
  const stack::AuthConfig open{.enable_anonymous_sign_ins = true};
  const Answer answer = sign_up({{"data", {{"k", 1}}}}, &open);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const json::object user = answer.json().at("user").as_object();
  EXPECT_EQ(user.at("is_anonymous"), true);
  EXPECT_EQ(user.at("email"), "");
  EXPECT_TRUE(user.at("identities").as_array().empty());
}

const std::pair<std::string, std::string> new_api{"X-Supabase-Api-Version", "2024-01-01"};

// What signing up answers, and logs, while a trigger on auth.users does this.
std::pair<Answer, std::string> sign_up_with_trigger(const std::string& email, const std::string& body,
                                                    std::vector<std::pair<std::string, std::string>> headers = {}) {
  static_cast<void>(
      live().sql("create or replace function public.on_sign_up() returns trigger language plpgsql as $$ begin " + body +
                 " return new; end $$"));
  static_cast<void>(
      live().sql("create trigger on_sign_up after insert on auth.users"
                 " for each row execute function public.on_sign_up()"));
  std::string logged;
  log::set_sink([&](log::Level, std::string_view line) { logged.append(line).append("\n"); });
  Answer answer = sign_up({{"email", email}, {"password", LiveStack::password}}, nullptr, std::move(headers));
  log::set_sink({});
  static_cast<void>(live().sql("drop trigger on_sign_up on auth.users"));
  return {std::move(answer), std::move(logged)};
}

TEST(SignUp, fails_with_a_trigger_that_fails_leaves_nothing_behind_and_logs_why) {
  const std::string email = live().fresh_email("refused");
  const auto [answer, logged] = sign_up_with_trigger(email, "raise exception 'no such team';", {new_api});
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.text("code"), "unexpected_failure");
  EXPECT_EQ(answer.text("message"), "Database error saving new user");
  EXPECT_TRUE(live().sql("select from auth.users where email = '" + email + "'").empty());
  EXPECT_TRUE(logged.contains("sqlstate=P0001 reason=\"no such team\"")) << logged;
}

// As GoTrue answers clients of its older API.
TEST(SignUp, that_a_trigger_refuses_tells_older_clients_in_the_triggers_words) {
  struct Case {
    std::string body;
    int status;
    std::string answer;
  };
  for (const Case& c :
       {Case{"raise exception 'no such team' using hint = 'ask for one', detail = 'of three';", 500,
             R"({"code":"P0001","message":"no such team","hint":"ask for one","detail":"of three"})"},
        Case{"raise exception 'closed' using errcode = 'PT403';", 403, R"({"code":"PT403","message":"closed"})"},
        Case{"raise exception 'odd' using errcode = 'PT200';", 500, ""},
        Case{"raise exception 'odd' using errcode = 'PT4x3';", 500, ""}, Case{"perform 1 / (select 0);", 500, ""},
        Case{"perform new.raw_user_meta_data ->> 'sub' = repeat('x', 9)::varchar(5) or 'x'::int > 0;", 500, ""}}) {
    const auto [answer, logged] = sign_up_with_trigger(live().fresh_email("told"), c.body);
    EXPECT_EQ(answer.status, c.status) << answer.body;
    if (c.answer.empty()) {
      EXPECT_EQ(answer.text("msg"), "Database error saving new user") << answer.body;
    } else {
      EXPECT_EQ(answer.body, c.answer);
    }
    EXPECT_TRUE(logged.contains("sqlstate=")) << logged;
  }
}

TEST(SignUp, that_meets_another_transaction_may_be_tried_again) {
  const auto [answer, logged] =
      sign_up_with_trigger(live().fresh_email("raced"), "raise exception using errcode = 'serialization_failure';");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.text("error_code"), "conflict");
}

TEST(SignIn, answers_the_same_for_an_unknown_address_and_a_wrong_password) {
  const json::object session = live().sign_up("known");
  const std::string email(session.at("user").at("email").as_string());
  const Answer wrong = sign_in(email, "wrong password");
  const Answer unknown = sign_in("nobody-knows@example.com", "wrong password");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(wrong.text("msg"), "Invalid login credentials");
  EXPECT_EQ(sign_in(email, LiveStack::password).status, 200);
}

TEST(SignIn, of_a_banned_user_is_refused) {
  const json::object session = live().sign_up("banned");
  const std::string email(session.at("user").at("email").as_string());
  static_cast<void>(
      live().sql("update auth.users set banned_until = now() + interval '1 day' where email = '" + email + "'"));
  EXPECT_EQ(sign_in(email, LiveStack::password).text("error_code"), "user_banned");
  const std::string token(session.at("access_token").as_string());
  const Answer user = live().ask({.target = "/auth/v1/user", .bearer = token});
  EXPECT_EQ(user.status, 403);
  EXPECT_EQ(user.text("error_code"), "user_banned");
}

}  // namespace
}  // namespace bailey::test
