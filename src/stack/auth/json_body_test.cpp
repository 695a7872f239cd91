#include "stack/auth/json_body.hpp"

#include <gtest/gtest.h>

#include "stack/auth/auth_error.hpp"

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
  const auto nested = [](std::size_t levels) {
    return R"({"data":)" + std::string(levels, '[') + std::string(levels, ']') + "}";
  };
  EXPECT_NO_THROW(static_cast<void>(JsonBody::parse(nested(31))));
  EXPECT_EQ(code_of([&] { static_cast<void>(JsonBody::parse(nested(32))); }), "bad_json");
}

TEST(JsonBody, refuses_metadata_with_numbers_out_of_range) {
  const JsonBody body = JsonBody::parse(R"({"good":{"a":[1e308,-0.0]},"bad":{"a":[{"b":1e400}]}})");
  EXPECT_NE(body.object("good"), nullptr);
  EXPECT_EQ(code_of([&] { static_cast<void>(body.object("bad")); }), "bad_json");
}

}  // namespace
}  // namespace bailey::stack::auth
