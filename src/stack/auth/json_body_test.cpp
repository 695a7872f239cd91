#include "stack/auth/json_body.hpp"

#include <gtest/gtest.h>

#include "stack/auth/auth_error.hpp"
#include "stack/auth/json_writer.hpp"

namespace bailey::stack::auth {
namespace {

template <class F>
std::string code_of(F f) {
  try {
    f();
  } catch (const AuthError& error) {
    return error.code();
  }
  return "";
}

TEST(JsonBody, ignores_unknown_members_and_takes_null_for_absent) {
  const JsonBody body = JsonBody::parse(R"({"email":"a@b","password":null,"x":[1],"data":{"k":1},"on":true})");
  EXPECT_EQ(body.text("email"), "a@b");
  EXPECT_EQ(body.text("password"), std::nullopt);
  EXPECT_EQ(body.text("missing"), std::nullopt);
  EXPECT_EQ(body.flag("on"), true);
  EXPECT_NE(body.object("data"), nullptr);
}

TEST(JsonBody, refuses_what_is_no_object_and_wrong_types) {
  for (const char* text : {"", "{", "[]", "1", "{\"a\":1,}", "{} x"}) {
    EXPECT_EQ(code_of([&] { static_cast<void>(JsonBody::parse(text)); }), "bad_json") << text;
  }
  const JsonBody body = JsonBody::parse(R"({"email":1,"data":"x","flag":"yes","nul":"a\u0000b"})");
  EXPECT_EQ(code_of([&] { static_cast<void>(body.text("email")); }), "bad_json");
  EXPECT_EQ(code_of([&] { static_cast<void>(body.text("nul")); }), "bad_json");
  EXPECT_EQ(code_of([&] { static_cast<void>(body.object("data")); }), "bad_json");
  EXPECT_EQ(code_of([&] { static_cast<void>(body.flag("flag")); }), "bad_json");
  EXPECT_EQ(JsonBody::parse("", JsonBody::Empty::allowed).text("a"), std::nullopt);
}

TEST(JsonBody, refuses_deep_nesting) {
  const std::string deep = R"({"data":)" + std::string(100, '[') + std::string(100, ']') + "}";
  EXPECT_EQ(code_of([&] { static_cast<void>(JsonBody::parse(deep)); }), "bad_json");
}

TEST(CompactJson, drops_blanks_outside_of_strings_only) {
  EXPECT_EQ(compact_json(R"({"a b": [1, 2.50], "c": "x \" y", "d": 12345678901234567890123})"),
            R"({"a b":[1,2.50],"c":"x \" y","d":12345678901234567890123})");
}

}  // namespace
}  // namespace bailey::stack::auth
