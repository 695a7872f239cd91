#include "stack/auth/sent.hpp"

#include <gtest/gtest.h>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

struct Body {
  std::optional<std::string> email;
  std::optional<Secret> password;
  std::optional<bool> on;
  std::optional<json::object> data;
};

std::string refusal_of(std::string_view text, EmptyBody empty = EmptyBody::refused) {
  try {
    static_cast<void>(read_sent<Body>(text, empty));
  } catch (const AuthError& error) {
    return error.code() + " " + std::to_string(error.http_status()) + " " + error.message();
  }
  return "";
}

TEST(Sent, passes_over_unknown_members_and_takes_null_for_absent) {
  const Body body = read_sent<Body>(R"({"email":"a@b","password":null,"x":[1],"data":{"k":1},"on":true})");
  EXPECT_EQ(body.email, "a@b");
  EXPECT_FALSE(body.password.has_value());
  EXPECT_EQ(body.on, true);
  EXPECT_TRUE(body.data.has_value());
  EXPECT_FALSE(read_sent<Body>("null").email.has_value());
}

TEST(Sent, refuses_what_is_no_object_and_wrong_types) {
  for (const char* text : {"", "{", "[]", "1", "{\"a\":1,}", "{} x", R"({"data":{"a":[{"b":1e400}]}})"}) {
    EXPECT_TRUE(refusal_of(text).starts_with("bad_json 400 Could not parse request body as JSON: ")) << text;
  }
  struct Case {
    const char* text;
    const char* why;
  };
  for (const auto& [text, why] :
       {Case{R"({"email":1})", "email must be a string"},
        Case{R"({"email":"a\u0000b"})", "email must be a string without NUL characters"},
        Case{R"({"password":"a\u0000b"})", "password must be a string without NUL characters"},
        Case{R"({"data":"x"})", "data must be an object"}, Case{R"({"on":"yes"})", "on must be true or false"}}) {
    EXPECT_EQ(refusal_of(text), "bad_json 400 Could not parse request body as JSON: " + std::string(why)) << text;
  }
}

TEST(Sent, may_be_empty_where_nothing_is_needed) {
  EXPECT_EQ(refusal_of("", EmptyBody::allowed), "");
  EXPECT_NE(refusal_of(" ", EmptyBody::allowed), "");
}

TEST(Sent, is_not_nested_deeply) {
  const auto nested = [](std::size_t levels) {
    return R"({"data":{"a":)" + std::string(levels, '[') + std::string(levels, ']') + "}}";
  };
  EXPECT_EQ(refusal_of(nested(30)), "");
  EXPECT_NE(refusal_of(nested(31)), "");
}

}  // namespace
}  // namespace bailey::stack::auth
