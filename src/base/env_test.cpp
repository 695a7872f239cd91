#include <bailey/base/env.hpp>

#include <gtest/gtest.h>

#include <cstdlib>

namespace bailey {
namespace {

class Env : public testing::Test {
 protected:
  void SetUp() override { ::unsetenv("BAILEY_ENV_TEST"); }
  void TearDown() override { ::unsetenv("BAILEY_ENV_TEST"); }
  static void set(const char* value) { ::setenv("BAILEY_ENV_TEST", value, 1); }
};

TEST_F(Env, gives_the_value_when_set) {
  set("here");
  EXPECT_EQ(env::get("BAILEY_ENV_TEST"), "here");
  EXPECT_EQ(env::required("BAILEY_ENV_TEST").value(), "here");
  EXPECT_EQ(env::required_secret("BAILEY_ENV_TEST").value().reveal(), "here");
}

TEST_F(Env, takes_empty_for_not_set) {
  EXPECT_FALSE(env::get("BAILEY_ENV_TEST"));
  set("");
  EXPECT_FALSE(env::get("BAILEY_ENV_TEST"));
  EXPECT_FALSE(env::get_secret("BAILEY_ENV_TEST"));
}

TEST_F(Env, names_the_variable_that_is_missing) {
  const auto value = env::required("BAILEY_ENV_TEST");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code(), "missing_setting");
  EXPECT_NE(value.error().message().find("BAILEY_ENV_TEST"), std::string::npos);
  EXPECT_FALSE(env::required_secret("BAILEY_ENV_TEST"));
}

TEST_F(Env, reads_integers_in_their_range_only) {
  EXPECT_EQ(env::integer("BAILEY_ENV_TEST", 8000, 0, 65535).value(), 8000);
  set("54321");
  EXPECT_EQ(env::integer("BAILEY_ENV_TEST", 8000, 0, 65535).value(), 54321);
  for (const char* wrong : {"65536", "-1", "80a", "8.5", " 80", "99999999999999999999"}) {
    set(wrong);
    const auto value = env::integer("BAILEY_ENV_TEST", 8000, 0, 65535);
    ASSERT_FALSE(value) << wrong;
    EXPECT_EQ(value.error().code(), "invalid_setting");
  }
}

TEST_F(Env, does_not_repeat_a_wrong_value_in_the_error) {
  set("hunter2");
  EXPECT_EQ(env::integer("BAILEY_ENV_TEST", 1, 0, 9).error().message().find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace bailey
