// Metadata travel in every access token. What is accepted leads to a token that every server of ours takes; what would
// not is refused before anything of it is written.
#include <bailey/jwt/rejection.hpp>

#include <gtest/gtest.h>

#include "tests/stack/live_stack.hpp"

namespace bailey::test {
namespace {

namespace json = boost::json;

LiveStack& live() { return LiveStack::shared(); }

Answer sign_up(std::string_view email, std::string_view data, const stack::AuthConfig* config = nullptr) {
  const std::string credentials = email.empty() ? ""
                                                : R"("email":")" + std::string(email) + R"(","password":")" +
                                                      std::string(LiveStack::password) + R"(",)";
  return live().ask({.method = "POST",
                     .target = "/auth/v1/signup",
                     .body = "{" + credentials + R"("data":)" + std::string(data) + "}"},
                    config);
}

Answer sign_in(std::string_view email) {
  const json::object body{{"email", email}, {"password", LiveStack::password}};
  return live().ask({.method = "POST", .target = "/auth/v1/token?grant_type=password", .body = json::serialize(body)});
}

std::string bio(std::size_t bytes) { return R"({"bio":")" + std::string(bytes, 'x') + R"("})"; }

std::string keys(int count, std::string_view value) {
  std::string text = "{";
  for (int i = 0; i < count; ++i) {
    text += (i == 0 ? "" : ",") + json::serialize(json::string("k" + std::to_string(i))) + ":" + std::string(value);
  }
  return text + "}";
}

// With the token of an answer, to both services.
void expect_usable(const Answer& answer, std::string_view what) {
  ASSERT_EQ(answer.status, 200) << what << ": " << answer.body.substr(0, 200);
  const std::string token = answer.text("access_token");
  EXPECT_LE(token.size(), jwt::default_token_limit_bytes) << what;
  EXPECT_EQ(live().ask({.target = "/auth/v1/user", .bearer = token}).status, 200) << what;
  EXPECT_EQ(live().ask({.target = "/rest/v1/notes", .bearer = token}).status, 200) << what;
}

TEST(Metadata, of_12_KB_in_any_shape_are_accepted_and_can_sign_in) {
  struct Case {
    const char* what;
    std::string data;
  };
  for (const Case& c : {Case{"one text", bio(12 * 1024)}, Case{"500 short keys", keys(500, "1")},
                        Case{"1500 short keys", keys(1500, "1")}, Case{"250 large numbers", keys(250, "1e308")},
                        Case{"250 small numbers", keys(250, "1e-300")},
                        Case{"24 levels", R"({"a":)" + std::string(22, '[') + std::string(22, ']') + "}"}}) {
    const std::string email = live().fresh_email("metadata");
    const Answer answer = sign_up(email, c.data);
    expect_usable(answer, c.what);
    expect_usable(sign_in(email), c.what);
    const json::object body{{"refresh_token", answer.text("refresh_token")}};
    expect_usable(
        live().ask(
            {.method = "POST", .target = "/auth/v1/token?grant_type=refresh_token", .body = json::serialize(body)}),
        c.what);
  }
}

TEST(Metadata, that_are_too_long_for_a_token_are_refused_before_anything_is_written) {
  const auto expect_refused = [](const Answer& answer, std::string_view what) {
    EXPECT_EQ(answer.status, 422) << what << ": " << answer.body.substr(0, 200);
    EXPECT_EQ(answer.text("error_code"), "validation_failed") << what;
    EXPECT_TRUE(answer.text("msg").contains("at most 22528")) << answer.text("msg");
  };
  const auto users = [] { return live().sql("select count(*)::text from auth.users").at(0).at(0).value(); };
  const stack::AuthConfig anonymous{.enable_anonymous_sign_ins = true};
  const stack::AuthConfig confirming{.email = {.enable_confirmations = true}};
  const auto admin = [](std::string method, std::string path, std::string body) {
    return live().ask({.method = std::move(method),
                       .target = "/auth/v1/admin/users" + path,
                       .body = std::move(body),
                       .api_key = "secret"});
  };
  const std::string long_data = bio(20'000);
  const json::object session = live().sign_up("short");
  const std::string id(session.at("user").at("id").as_string());
  const std::string before = users();
  expect_refused(sign_up(live().fresh_email("long"), long_data), "sign-up");
  expect_refused(sign_up(live().fresh_email("long"), long_data, &confirming), "sign-up that is to be confirmed");
  expect_refused(sign_up("", long_data, &anonymous), "anonymous sign-up");
  expect_refused(
      admin("POST", "", R"({"email":")" + live().fresh_email("long") + R"(","user_metadata":)" + long_data + "}"),
      "administrator's sign-up");
  EXPECT_EQ(users(), before);
  expect_refused(admin("PUT", "/" + id, R"({"app_metadata":)" + long_data + "}"), "administrator's change");
  const std::string token(session.at("access_token").as_string());
  const auto change = [&](const std::string& data) {
    return live().ask(
        {.method = "PUT", .target = "/auth/v1/user", .body = R"({"data":)" + data + "}", .bearer = token});
  };
  expect_refused(change(long_data), "change");
  EXPECT_EQ(change(bio(10'000)).status, 200);
  expect_refused(change(R"({"more":")" + std::string(10'000, 'x') + R"("})"), "change on top of another");
}

TEST(Metadata, do_not_tell_whether_an_address_is_taken) {
  const stack::AuthConfig confirming{.email = {.enable_confirmations = true}};
  const std::string taken(live().sign_up("taken").at("user").at("email").as_string());
  for (const std::string& data :
       {bio(20'000), keys(1100, "1e20"), std::string(R"({"a":"b\u0000"})"), std::string(R"({"a":1e400})")}) {
    const Answer of_taken = sign_up(taken, data, &confirming);
    const Answer of_free = sign_up(live().fresh_email("takex"), data, &confirming);
    EXPECT_GE(of_taken.status, 400) << data.substr(0, 40);
    EXPECT_EQ(of_taken.status, of_free.status) << data.substr(0, 40);
    EXPECT_EQ(of_taken.text("error_code"), of_free.text("error_code")) << data.substr(0, 40);
  }
}

TEST(Metadata, of_the_greatest_length_that_is_accepted_can_sign_in) {
  const json::object session = live().sign_up("greatest");
  const std::string token(session.at("access_token").as_string());
  std::size_t accepted = 0;
  for (std::size_t refused = 24'000; refused - accepted > 1;) {
    const std::size_t middle = (accepted + refused) / 2;
    const Answer answer = live().ask(
        {.method = "PUT", .target = "/auth/v1/user", .body = R"({"data":)" + bio(middle) + "}", .bearer = token});
    (answer.status == 200 ? accepted : refused) = middle;
  }
  EXPECT_GT(accepted, 12U * 1024);
  expect_usable(sign_in(session.at("user").at("email").as_string()), std::to_string(accepted) + " bytes");
}

TEST(Metadata, that_a_trigger_makes_too_long_are_refused_as_well) {
  static_cast<void>(
      live().sql("create function public.chatter() returns trigger language plpgsql as $$ begin"
                 " new.raw_user_meta_data = jsonb_build_object('a', repeat('x', 40000)); return new; end $$"));
  static_cast<void>(
      live().sql("create trigger chatter before insert on auth.users for each row"
                 " when (new.email like 'chatter%') execute function public.chatter()"));
  const std::string email = live().fresh_email("chatter");
  EXPECT_EQ(sign_up(email, "{}").status, 422);
  EXPECT_TRUE(live().sql("select from auth.users where email = '" + email + "'").empty());
  static_cast<void>(live().sql("drop trigger chatter on auth.users"));
}

TEST(Metadata, that_only_sql_can_have_written_are_a_clear_error_at_the_sign_in) {
  const json::object session = live().sign_up("direct");
  const std::string id = "'" + std::string(session.at("user").at("id").as_string()) + "'";
  static_cast<void>(
      live().sql("update auth.users set raw_app_meta_data = jsonb_build_object('a', repeat('x', 40000))"
                 " where id = " +
                 id));
  const Answer answer = sign_in(session.at("user").at("email").as_string());
  EXPECT_EQ(answer.status, 422);
  EXPECT_TRUE(answer.text("msg").contains("access token")) << answer.body;
  EXPECT_EQ(live().sql("select from auth.sessions where user_id = " + id).size(), 1U);
}

TEST(Metadata, that_only_sql_can_have_written_are_in_the_way_of_no_ban_and_no_password) {
  const json::object session = live().sign_up("directly");
  const std::string id(session.at("user").at("id").as_string());
  const std::string token(session.at("access_token").as_string());
  const auto set_metadata = [&](const std::string& value) {
    static_cast<void>(live().sql("update auth.users set raw_user_meta_data = " + value + " where id = '" + id + "'"));
  };
  const auto change = [&](const std::string& body) {
    return live().ask({.method = "PUT",
                       .target = "/auth/v1/admin/users/" + id,
                       .body = body,
                       .bearer = live().others_token(R"({"role":"service_role"})"),
                       .api_key = "service"});
  };
  for (const char* metadata :
       {"jsonb_build_object('a', repeat('x', 40000))", "(repeat('{\"a\":', 200) || '1' || repeat('}', 200))::jsonb"}) {
    set_metadata(metadata);
    const Answer own = live().ask({.method = "PUT",
                                   .target = "/auth/v1/user",
                                   .body = R"({"password":"another horse battery)" + std::string(metadata, 5) + "\"}",
                                   .bearer = token});
    EXPECT_EQ(own.status, 200) << own.body.substr(0, 200);
    EXPECT_EQ(change(R"({"ban_duration":"1h"})").status, 200) << metadata;
    EXPECT_EQ(change(R"({"ban_duration":"none"})").status, 200) << metadata;
    EXPECT_EQ(change(R"({"user_metadata":{"b":1}})").status, 422) << metadata;
    EXPECT_EQ(change(R"({"email":"longer.)" + live().fresh_email("l") + "\"}").status, 422) << metadata;
  }
  EXPECT_EQ(change(R"({"password":"a third horse battery"})").status, 200);
  EXPECT_EQ(change(R"({"user_metadata":{"a":null}})").status, 200);
}

}  // namespace
}  // namespace bailey::test
