#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "tests/stack/live_stack.hpp"

namespace bailey::test {
namespace {

namespace json = boost::json;

LiveStack& live() { return LiveStack::shared(); }

std::string member(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

Answer refresh(std::string_view token, const stack::AuthConfig* config = nullptr) {
  const json::object body{{"refresh_token", token}};
  return live().ask(
      {.method = "POST", .target = "/auth/v1/token?grant_type=refresh_token", .body = json::serialize(body)}, config);
}

Answer get_user(std::string_view token) {
  return live().ask({.target = "/auth/v1/user", .bearer = std::string(token)});
}

TEST(Refresh, rotates_the_token_within_its_session) {
  const json::object session = live().sign_up("rotate");
  const Answer answer = refresh(member(session, "refresh_token"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_NE(answer.text("refresh_token"), member(session, "refresh_token"));
  EXPECT_EQ(get_user(answer.text("access_token")).status, 200);
  const auto rows = live().sql(
      "select revoked::text, parent from auth.refresh_tokens where session_id = (select session_id"
      " from auth.refresh_tokens where token = '" +
      answer.text("refresh_token") + "') order by id");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0][0], "true");
  EXPECT_EQ(rows[1][0], "false");
  EXPECT_EQ(rows[1][1], member(session, "refresh_token"));
}

TEST(Refresh, repeated_with_the_parent_gives_the_active_token) {
  const json::object session = live().sign_up("repeat");
  const std::string first = member(session, "refresh_token");
  const std::string second = refresh(first).text("refresh_token");
  const stack::AuthConfig no_grace{.refresh_token_reuse_interval = std::chrono::seconds(0)};
  EXPECT_EQ(refresh(first, &no_grace).text("refresh_token"), second);
}

TEST(Refresh, of_one_token_by_many_at_once_gives_all_the_same_successor) {
  const std::string token = member(live().sign_up("crowd"), "refresh_token");
  const stack::AuthConfig no_grace{.refresh_token_reuse_interval = std::chrono::seconds(0)};
  std::array<Answer, 6> answers;
  {
    std::vector<std::jthread> crowd;
    for (Answer& answer : answers) crowd.emplace_back([&] { answer = refresh(token, &no_grace); });
  }
  for (const Answer& answer : answers) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.text("refresh_token"), answers[0].text("refresh_token"));
  }
  EXPECT_NE(answers[0].text("refresh_token"), token);
}

TEST(Refresh, with_an_older_token_ends_the_sessions_tokens) {
  const json::object session = live().sign_up("stolen");
  const stack::AuthConfig no_grace{.refresh_token_reuse_interval = std::chrono::seconds(0)};
  const std::string first = member(session, "refresh_token");
  const std::string second = refresh(first, &no_grace).text("refresh_token");
  const std::string third = refresh(second, &no_grace).text("refresh_token");
  const Answer reuse = refresh(first, &no_grace);
  EXPECT_EQ(reuse.status, 400);
  EXPECT_EQ(reuse.text("error_code"), "refresh_token_already_used");
  EXPECT_EQ(reuse.text("msg"), "Invalid Refresh Token: Already Used");
  EXPECT_EQ(refresh(third, &no_grace).text("error_code"), "refresh_token_already_used");
}

TEST(Refresh, with_an_older_token_ends_the_newest_one_at_once_whatever_the_interval) {
  const std::string first = member(live().sign_up("robbed"), "refresh_token");
  const std::string third = refresh(refresh(first).text("refresh_token")).text("refresh_token");
  (void)live().sql("update auth.refresh_tokens set updated_at = now() - interval '1 minute' where token = '" + first +
                   "'");
  EXPECT_EQ(refresh(first).text("error_code"), "refresh_token_already_used");
  EXPECT_EQ(refresh(third).text("error_code"), "refresh_token_already_used");
}

TEST(Refresh, with_an_older_token_within_the_interval_rotates_again) {
  const json::object session = live().sign_up("late");
  const std::string first = member(session, "refresh_token");
  const std::string third = refresh(refresh(first).text("refresh_token")).text("refresh_token");
  const Answer again = refresh(first);
  EXPECT_EQ(again.status, 200);
  EXPECT_NE(again.text("refresh_token"), third);
}

TEST(Refresh, refuses_what_is_no_token_of_ours) {
  EXPECT_EQ(refresh("").text("error_code"), "validation_failed");
  EXPECT_EQ(refresh("short").text("error_code"), "validation_failed");
  EXPECT_EQ(refresh("' or true --").text("error_code"), "validation_failed");
  const Answer unknown = refresh("aaaaaaaaaaaa");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(unknown.text("msg"), "Invalid Refresh Token: Refresh Token Not Found");
}

TEST(Refresh, after_the_session_is_over_is_refused) {
  const json::object session = live().sign_up("over");
  static_cast<void>(live().sql("update auth.sessions set created_at = now() - interval '2 hours' where user_id = '" +
                               std::string(session.at("user").at("id").as_string()) + "'"));
  const stack::AuthConfig timebox{.session_timebox = std::chrono::hours(1)};
  EXPECT_EQ(refresh(member(session, "refresh_token"), &timebox).text("error_code"), "session_expired");
  EXPECT_EQ(refresh(member(session, "refresh_token")).status, 200);
}

TEST(User, is_refused_without_a_token_of_a_live_session) {
  const json::object session = live().sign_up("bearer");
  const std::string id(session.at("user").at("id").as_string());
  const std::string nobody = "00000000-0000-4000-8000-000000000000";
  struct Case {
    std::string bearer;
    int status;
    std::string code;
  };
  std::string tampered = member(session, "access_token");
  tampered[tampered.size() - 10] = tampered[tampered.size() - 10] == 'A' ? 'B' : 'A';
  const std::vector<Case> cases{
      {"", 401, "no_authorization"},
      {"x", 403, "bad_jwt"},
      {tampered, 403, "bad_jwt"},
      {live().signed_token(R"({"role":"anon"})"), 403, "bad_jwt"},
      {live().signed_token(R"({"sub":"x"})"), 400, "bad_jwt"},
      {live().signed_token(R"({"sub":")" + id + R"(","exp":1})"), 403, "bad_jwt"},
      {live().signed_token(R"({"sub":")" + nobody + R"("})"), 403, "user_not_found"},
      {live().signed_token(R"({"sub":")" + id + R"(","session_id":"x"})"), 403, "bad_jwt"},
      {live().signed_token(R"({"sub":")" + id + R"(","session_id":")" + nobody + R"("})"), 403, "session_not_found"},
      {live().signed_token(R"({"sub":")" + id + R"("})"), 200, ""},
      {member(session, "access_token"), 200, ""},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Answer answer = get_user(cases[i].bearer);
    EXPECT_EQ(answer.status, cases[i].status) << "case " << i << ": " << answer.body;
    EXPECT_EQ(answer.text("error_code"), cases[i].code) << "case " << i;
  }
}

TEST(User, who_was_deleted_softly_is_nobody_whatever_token_names_them) {
  const json::object session = live().sign_up("ghost");
  const std::string id(session.at("user").at("id").as_string());
  static_cast<void>(live().sql("update auth.users set deleted_at = now() where id = '" + id + "'"));
  for (const std::string& token :
       {member(session, "access_token"), live().signed_token(R"({"sub":")" + id + R"("})")}) {
    EXPECT_EQ(get_user(token).text("error_code"), "user_not_found");
    for (const auto& [method, path] : std::initializer_list<std::pair<const char*, const char*>>{
             {"PUT", "/auth/v1/user"}, {"POST", "/auth/v1/logout"}}) {
      const Answer answer =
          live().ask({.method = method, .target = path, .body = R"({"email":"thief@example.com"})", .bearer = token});
      EXPECT_EQ(answer.status, 403) << path;
      EXPECT_EQ(answer.text("error_code"), "user_not_found") << path;
    }
  }
  EXPECT_EQ(refresh(member(session, "refresh_token")).text("error_code"), "refresh_token_not_found");
  const json::object credentials{{"email", session.at("user").at("email")}, {"password", LiveStack::password}};
  EXPECT_EQ(
      live()
          .ask({.method = "POST", .target = "/auth/v1/token?grant_type=password", .body = json::serialize(credentials)})
          .text("error_code"),
      "invalid_credentials");
}

TEST(User, of_anothers_session_is_refused) {
  const json::object ada = live().sign_up("ada");
  const json::object bob = live().sign_up("bob");
  const auto session = live().sql("select id::text from auth.sessions where user_id = '" +
                                  std::string(bob.at("user").at("id").as_string()) + "'");
  const std::string mixed = live().signed_token(R"({"sub":")" + std::string(ada.at("user").at("id").as_string()) +
                                                R"(","session_id":")" + session.at(0).at(0).value() + R"("})");
  EXPECT_EQ(get_user(mixed).text("error_code"), "session_not_found");
}

TEST(User, changes_their_metadata_password_and_address) {
  const json::object session = live().sign_up("change");
  const std::string token = member(session, "access_token");
  const auto put = [&](const json::object& body) {
    return live().ask({.method = "PUT", .target = "/auth/v1/user", .body = json::serialize(body), .bearer = token});
  };
  Answer answer = put({{"data", {{"color", "red"}, {"nested", {{"a", nullptr}}}}}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json().at("user_metadata").at("color"), "red");
  answer = put({{"data", {{"color", nullptr}}}});
  EXPECT_FALSE(answer.json().at("user_metadata").as_object().contains("color"));
  EXPECT_TRUE(answer.json().at("user_metadata").at("nested").at("a").is_null());
  EXPECT_EQ(put({{"password", LiveStack::password}}).text("error_code"), "same_password");
  EXPECT_EQ(put({{"password", ""}}).text("error_code"), "weak_password");
  EXPECT_EQ(put({{"app_metadata", {{"role", "admin"}}}}).text("error_code"), "not_admin");
  EXPECT_EQ(put({{"password", "another password"}}).status, 200);
  const json::object other = live().sign_up("other");
  EXPECT_EQ(put({{"email", other.at("user").at("email")}}).text("error_code"), "email_exists");
  const std::string address = live().fresh_email("changed");
  EXPECT_EQ(put({{"email", address}}).text("email"), address);
}

TEST(Token, says_of_a_password_just_given_whether_it_is_weak_and_of_no_other) {
  const json::object session = live().sign_up("strong");
  EXPECT_FALSE(session.contains("weak_password"));
  const json::object credentials{{"email", session.at("user").at("email")}, {"password", LiveStack::password}};
  const auto sign_in = [&](const stack::AuthConfig& config) {
    return live()
        .ask({.method = "POST", .target = "/auth/v1/token?grant_type=password", .body = json::serialize(credentials)},
             &config)
        .json();
  };
  stack::AuthConfig config;
  EXPECT_TRUE(sign_in(config).at("weak_password").is_null());
  config.minimum_password_length = 60;
  EXPECT_EQ(json::serialize(sign_in(config).at("weak_password").at("reasons")), R"(["length"])");
  const json::object refresh{{"refresh_token", session.at("refresh_token")}};
  const Answer refreshed = live().ask(
      {.method = "POST", .target = "/auth/v1/token?grant_type=refresh_token", .body = json::serialize(refresh)});
  EXPECT_EQ(refreshed.status, 200) << refreshed.body;
  EXPECT_FALSE(refreshed.json().contains("weak_password"));
}

TEST(User, who_changes_the_password_ends_their_other_sessions) {
  const json::object first = live().sign_up("devices");
  const json::object credentials{{"email", first.at("user").at("email")}, {"password", LiveStack::password}};
  const Answer second = live().ask(
      {.method = "POST", .target = "/auth/v1/token?grant_type=password", .body = json::serialize(credentials)});
  const Answer changed = live().ask({.method = "PUT",
                                     .target = "/auth/v1/user",
                                     .body = R"({"password":"another password"})",
                                     .bearer = second.text("access_token")});
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(get_user(second.text("access_token")).status, 200);
  EXPECT_EQ(get_user(member(first, "access_token")).text("error_code"), "session_not_found");
  EXPECT_EQ(refresh(member(first, "refresh_token")).text("error_code"), "refresh_token_not_found");
}

TEST(LogOut, ends_the_sessions_of_its_scope) {
  struct Case {
    std::string scope;
    int own, other;
  };
  for (const Case& c : {Case{"", 403, 403}, Case{"?scope=global", 403, 403}, Case{"?scope=local", 403, 200},
                        Case{"?scope=others", 200, 403}}) {
    const json::object other = live().sign_up("scope");
    const json::object credentials{{"email", other.at("user").at("email")}, {"password", LiveStack::password}};
    const std::string own = live()
                                .ask({.method = "POST",
                                      .target = "/auth/v1/token?grant_type=password",
                                      .body = json::serialize(credentials)})
                                .text("access_token");
    const Answer out = live().ask({.method = "POST", .target = "/auth/v1/logout" + c.scope, .bearer = own});
    EXPECT_EQ(out.status, 204) << c.scope;
    EXPECT_EQ(get_user(own).status, c.own) << c.scope;
    EXPECT_EQ(get_user(member(other, "access_token")).status, c.other) << c.scope;
  }
}

TEST(LogOut, of_an_unknown_scope_is_refused) {
  const std::string token = member(live().sign_up("unknown"), "access_token");
  EXPECT_EQ(live().ask({.method = "POST", .target = "/auth/v1/logout?scope=all", .bearer = token}).status, 400);
}

}  // namespace
}  // namespace bailey::test
