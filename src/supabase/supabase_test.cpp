#include <bailey/jwt/key.hpp>
#include <bailey/pg/database.hpp>
#include <bailey/supabase/supabase.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace bailey {
namespace {

SupabaseOptions options_with(std::string url) {
  SupabaseOptions options;
  options.url = std::move(url);
  options.anon_key = Secret("anon-key");
  return options;
}

std::string code_of(SupabaseOptions options) {
  try {
    const Supabase supabase(std::move(options));
    return "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.message().find("canary"), std::string::npos) << error.message();
    return error.code();
  }
}

TEST(Supabase, takes_an_http_url_and_refuses_others) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"https://abc.supabase.co", "accepted"},
      {"http://127.0.0.1:54321/", "accepted"},
      {"https://example.com/supabase", "accepted"},
      {"", "missing_setting"},
      {"abc.supabase.co", "invalid_setting"},
      {"ftp://abc.supabase.co", "invalid_setting"},
      {"https://", "invalid_setting"},
      {"https:///path", "invalid_setting"},
      {"https://a b", "invalid_setting"},
      {"https://a\r\nX: y", "invalid_setting"},
      {"https://a?x=1", "invalid_setting"},
      {"https://user:canary@a", "invalid_setting"},
  };
  for (const auto& [url, code] : cases) EXPECT_EQ(code_of(options_with(url)), code) << url;
}

TEST(Supabase, needs_an_anon_key) {
  SupabaseOptions options;
  options.url = "https://abc.supabase.co";
  EXPECT_EQ(code_of(std::move(options)), "missing_setting");
}

// Tokens whose signature is of no interest here: it is the project that checks it.
std::string key_of_role(std::string_view claims) {
  return *jwt::Key::from_secret(Secret("canary-canary-canary-canary-canary"))->sign(claims);
}

TEST(Supabase, refuses_a_key_in_the_place_of_another) {
  const std::string anon = key_of_role(R"({"role":"anon"})");
  const std::string service = key_of_role(R"({"role":"service_role"})");
  const std::string user = key_of_role(R"({"role":"authenticated","sub":"canary"})");
  struct Case {
    std::string anon_key, service_role_key, jwt_secret, code;
  };
  const std::vector<Case> cases{
      {anon, service, "", "accepted"},
      {"sb_publishable_x", "sb_secret_x", "", "accepted"},
      {key_of_role("{}"), "", "", "accepted"},
      {"key-of-a-gateway-of-ones-own", "another-key", "", "accepted"},
      {service, "", "", "invalid_setting"},
      {"sb_secret_canary", "", "", "invalid_setting"},
      {user, "", "", "invalid_setting"},
      {service, anon, "", "invalid_setting"},
      {anon, anon, "", "invalid_setting"},
      {anon, "sb_publishable_canary", "", "invalid_setting"},
      {anon, user, "", "invalid_setting"},
      {anon, key_of_role("{}"), "", "invalid_setting"},
      {"canary", "canary", "", "invalid_setting"},
      {"canary\n", "", "", "invalid_setting"},
      {"Bearer canary", "", "", "invalid_setting"},
      {anon, " canary", "", "invalid_setting"},
      {anon, "", anon, "invalid_setting"},
      {anon, "", service, "invalid_setting"},
      {anon, "", "sb_secret_canary-canary-canary-canary", "invalid_setting"},
      {"canary-canary-canary-canary-canary", "", "canary-canary-canary-canary-canary", "invalid_setting"},
      {anon, "canary-canary-canary-canary-canary", "canary-canary-canary-canary-canary", "invalid_setting"},
      {anon, "", "canary-canary-canary-canary-canary", "accepted"},
  };
  for (const Case& each : cases) {
    for (const bool directly : {false, true}) {
      SupabaseOptions options;
      options.url = "https://abc.supabase.co";
      options.anon_key = Secret(each.anon_key);
      options.service_role_key = Secret(each.service_role_key);
      options.jwt_secret = Secret(each.jwt_secret);
      if (directly) options.database_url = Secret("postgresql://authenticator@127.0.0.1:1/postgres");
      EXPECT_EQ(code_of(std::move(options)), each.code)
          << each.anon_key << " | " << each.service_role_key << " | " << each.jwt_secret;
    }
  }
}

TEST(Supabase, handle_cannot_be_assigned_to) {
  static_assert(std::is_copy_constructible_v<Supabase>);
  static_assert(!std::is_copy_assignable_v<Supabase> && !std::is_move_assignable_v<Supabase>);
}

TEST(Supabase, as_gives_another_handle_and_leaves_the_first) {
  const Supabase nobody(options_with("https://abc.supabase.co"));
  const Supabase alice = nobody.as("token-of-alice");
  const Supabase bob = alice.as("token-of-bob");
  EXPECT_TRUE(nobody.identity().is_anonymous());
  EXPECT_EQ(alice.identity().token(), "token-of-alice");
  EXPECT_EQ(bob.identity().token(), "token-of-bob");
  EXPECT_EQ(&nobody.options(), &bob.options());
}

TEST(Supabase, acts_as_service_role_only_with_its_key) {
  SupabaseOptions options = options_with("https://abc.supabase.co");
  EXPECT_THROW((void)Supabase(options).as_service_role(), Error);
  options.service_role_key = Secret("service-key");
  EXPECT_TRUE(Supabase(options).as_service_role().identity().is_service_role());
}

TEST(Supabase, asks_the_database_directly_when_told_where_it_is) {
  SupabaseOptions options = options_with("https://abc.supabase.co");
  EXPECT_FALSE(Supabase(options).uses_database_directly());
  EXPECT_FALSE(Supabase(options).database_stats());
  options.database_url = Secret("postgresql://authenticator@127.0.0.1:1/postgres");
  EXPECT_TRUE(Supabase(options).uses_database_directly());
  ASSERT_TRUE(Supabase(options).database_stats());
  EXPECT_EQ(Supabase(options).database_stats()->connections, 0U);
}

void set(const char* name, const char* value) {
  ASSERT_EQ(value == nullptr ? unsetenv(name) : setenv(name, value, 1), 0);
}

TEST(Supabase, comes_from_the_environment) {
  for (const char* name : {"SUPABASE_ANON_KEY", "SUPABASE_SERVICE_ROLE_KEY", "SUPABASE_SECRET_KEY",
                           "SUPABASE_JWT_SECRET", "DATABASE_URL", "SUPABASE_URL"})
    set(name, nullptr);
  EXPECT_THROW((void)Supabase::from_env(), Error);
  set("SUPABASE_URL", "http://127.0.0.1:54321");
  set("SUPABASE_PUBLISHABLE_KEY", "sb_publishable_x");
  EXPECT_TRUE(Supabase::from_env().options().anon_key.equals("sb_publishable_x"));
  set("SUPABASE_ANON_KEY", "anon");
  EXPECT_TRUE(Supabase::from_env().options().anon_key.equals("anon"));
  EXPECT_TRUE(Supabase::from_env().options().service_role_key.empty());
  for (const char* name : {"SUPABASE_ANON_KEY", "SUPABASE_PUBLISHABLE_KEY", "SUPABASE_URL"}) set(name, nullptr);
}

TEST(Supabase, names_the_variable_of_the_environment_it_cannot_use) {
  struct Case {
    const char *url, *database_url, *code, *variable;
  };
  set("SUPABASE_ANON_KEY", "anon");
  for (const Case& unusable : {Case{nullptr, nullptr, "missing_setting", "SUPABASE_URL"},
                               Case{"localhost", nullptr, "invalid_setting", "SUPABASE_URL"},
                               Case{"http://user:canary@localhost", nullptr, "invalid_setting", "SUPABASE_URL"},
                               Case{"http://localhost", "canary", "invalid_connection_string", "DATABASE_URL"}}) {
    set("SUPABASE_URL", unusable.url);
    set("DATABASE_URL", unusable.database_url);
    try {
      static_cast<void>(Supabase::from_env());
      ADD_FAILURE() << "accepted, and should name " << unusable.variable;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), unusable.code);
      EXPECT_TRUE(error.message().contains(unusable.variable)) << error.message();
      EXPECT_FALSE(error.message().contains("canary")) << error.message();
    }
  }
  for (const char* name : {"SUPABASE_ANON_KEY", "SUPABASE_URL", "DATABASE_URL"}) set(name, nullptr);
}

TEST(Supabase, names_the_variable_that_holds_the_wrong_key) {
  struct Case {
    const char *variable, *value;
  };
  set("SUPABASE_URL", "http://localhost");
  for (const Case& wrong :
       {Case{"SUPABASE_ANON_KEY", "sb_secret_canary"}, Case{"SUPABASE_PUBLISHABLE_KEY", "sb_secret_canary"},
        Case{"SUPABASE_SERVICE_ROLE_KEY", "sb_publishable_canary"},
        Case{"SUPABASE_SECRET_KEY", "sb_publishable_canary"},
        Case{"SUPABASE_JWT_SECRET", "sb_secret_canary-canary-canary-canary"}}) {
    const bool is_for_anon = std::string_view(wrong.variable) == "SUPABASE_PUBLISHABLE_KEY";
    set("SUPABASE_ANON_KEY", is_for_anon ? nullptr : "anon");
    set(wrong.variable, wrong.value);
    try {
      static_cast<void>(Supabase::from_env());
      ADD_FAILURE() << "accepted, and should name " << wrong.variable;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "invalid_setting");
      EXPECT_TRUE(error.message().contains(wrong.variable)) << error.message();
      EXPECT_FALSE(error.message().contains("canary")) << error.message();
    }
    set(wrong.variable, nullptr);
  }
  for (const char* name : {"SUPABASE_ANON_KEY", "SUPABASE_URL"}) set(name, nullptr);
}

}  // namespace
}  // namespace bailey
