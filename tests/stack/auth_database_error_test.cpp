// What the database refuses, in GoTrue's words: a sentence for clients of the API version 2024-01-01, and the
// database's own text for older ones, as GoTrue passes it on.
#include <bailey/base/log.hpp>

#include <gtest/gtest.h>

#include "tests/stack/live_stack.hpp"

namespace bailey::test {
namespace {

namespace json = boost::json;

LiveStack& live() { return LiveStack::shared(); }

// SQL, and what undoes it.
class Obstacle {
 public:
  Obstacle(const std::string& make, std::string undo) : undo_(std::move(undo)) { live().connect().execute(make); }
  ~Obstacle() { live().connect().execute(undo_); }
  Obstacle(const Obstacle&) = delete;
  Obstacle& operator=(const Obstacle&) = delete;

 private:
  std::string undo_;
};

struct Told {
  Answer answer;
  std::string logged;
};

Told ask_new_api(Ask question) {
  question.headers.emplace_back("X-Supabase-Api-Version", "2024-01-01");
  Told told;
  log::set_sink([&](log::Level, std::string_view line) { told.logged.append(line).append("\n"); });
  told.answer = live().ask(std::move(question));
  log::set_sink({});
  return told;
}

Ask admin(std::string method, std::string path, std::string body = "") {
  return {.method = std::move(method),
          .target = "/auth/v1/admin/users" + path,
          .body = std::move(body),
          .api_key = "secret"};
}

TEST(DatabaseError, of_deleting_a_user_held_by_a_foreign_key_has_gotrues_sentence) {
  const json::object session = live().sign_up("held");
  const std::string id(session.at("user").at("id").as_string());
  const Obstacle obstacle(
      "create table public.held (owner uuid references auth.users); insert into public.held values ('" + id + "')",
      "drop table public.held");
  const Told told = ask_new_api(admin("DELETE", "/" + id));
  EXPECT_EQ(told.answer.status, 500);
  EXPECT_EQ(told.answer.body, R"({"code":"unexpected_failure","message":"Database error deleting user"})");
  EXPECT_EQ(told.answer.header("x-sb-error-code"), "unexpected_failure");
  EXPECT_TRUE(told.logged.contains("sqlstate=23503")) << told.logged;

  const Answer old_form = live().ask(admin("DELETE", "/" + id));
  EXPECT_EQ(old_form.status, 500);
  EXPECT_EQ(old_form.text("code"), "23503") << old_form.body;
  EXPECT_TRUE(old_form.text("message").contains("violates foreign key constraint \"held_owner_fkey\""))
      << old_form.body;
  EXPECT_TRUE(old_form.text("detail").contains("is still referenced from table \"held\"")) << old_form.body;
  EXPECT_EQ(live().ask(admin("GET", "/" + id)).status, 200);
}

TEST(DatabaseError, of_a_raising_trigger_has_the_sentence_of_what_was_being_done) {
  const json::object session = live().sign_up("raising");
  const std::string id(session.at("user").at("id").as_string());
  const std::string token(session.at("access_token").as_string());
  const json::object credentials{{"email", session.at("user").at("email")}, {"password", LiveStack::password}};
  const json::object refresh{{"refresh_token", session.at("refresh_token")}};
  const Obstacle obstacle(
      "create function public.raising() returns trigger language plpgsql as $$ begin raise 'not on Sundays'; end $$;"
      "create trigger raising before insert or update or delete on auth.users execute function public.raising();"
      "create trigger raising before delete on auth.sessions execute function public.raising()",
      "drop trigger raising on auth.users; drop trigger raising on auth.sessions; drop function public.raising()");
  struct Case {
    Ask question;
    std::string sentence;
  };
  for (Case& c : std::vector<Case>{
           {admin("POST", "", R"({"email":"sunday@example.com"})"), "Database error creating new user"},
           {admin("PUT", "/" + id, R"({"user_metadata":{"a":1}})"), "Error updating user"},
           {admin("DELETE", "/" + id), "Database error deleting user"},
           {admin("DELETE", "/" + id, R"({"should_soft_delete":true})"), "Error soft deleting user"},
           {{.method = "POST", .target = "/auth/v1/token?grant_type=password", .body = json::serialize(credentials)},
            "Database error granting user"},
           {{.method = "POST", .target = "/auth/v1/token?grant_type=refresh_token", .body = json::serialize(refresh)},
            "Database error granting user"},
           {{.method = "PUT", .target = "/auth/v1/user", .body = R"({"data":{"a":1}})", .bearer = token},
            "Error updating user"},
           {{.method = "PUT", .target = "/auth/v1/user", .body = R"({"password":"another password"})", .bearer = token},
            "Error during password storage"},
           {{.method = "POST", .target = "/auth/v1/logout", .bearer = token}, "Error logging out user"}}) {
    const Told told = ask_new_api(std::move(c.question));
    EXPECT_EQ(told.answer.status, 500) << c.sentence;
    EXPECT_EQ(told.answer.text("message"), c.sentence) << told.answer.body;
    EXPECT_TRUE(told.logged.contains("sqlstate=P0001 reason=\"not on Sundays\"")) << told.logged;
  }
}

// PostgreSQL's detail of a failed check is the whole row, with the hash of the password.
TEST(DatabaseError, of_a_check_shows_no_row) {
  const json::object session = live().sign_up("checked");
  const std::string id(session.at("user").at("id").as_string());
  const Obstacle obstacle(
      "alter table auth.users add constraint calm check (raw_user_meta_data ->> 'mood' is distinct from 'angry')",
      "alter table auth.users drop constraint calm");
  const Answer answer = live().ask(admin("PUT", "/" + id, R"({"user_metadata":{"mood":"angry"}})"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body,
            R"({"code":"23514","message":"new row for relation \"users\" violates check constraint \"calm\""})");
}

}  // namespace
}  // namespace bailey::test
