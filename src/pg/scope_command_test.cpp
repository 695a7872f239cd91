#include "pg/scope_command.hpp"

#include <bailey/pg/sql_error.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace bailey::pg::detail {
namespace {

using namespace std::string_literals;

std::string refusal(const RlsScope& scope, RoleCheck role_check = RoleCheck::listed) {
  const Options options{.role_check = role_check, .roles = {"anon", "authenticated"}};
  try {
    check_scope(scope, options);
    return "";
  } catch (const Error& error) {
    return error.code();
  }
}

TEST(ScopeCommand, binds_every_value_and_sets_the_role_after_the_settings) {
  const std::string who_is_acting =
      "pg_catalog.set_config('request.jwt.claim','',true),pg_catalog.set_config('request.jwt.claim.sub','',true),"
      "pg_catalog.set_config('request.jwt.claim.role','',true),"
      "pg_catalog.set_config('request.jwt.claim.email','',true),pg_catalog.set_config('row_security','on',true),"
      "pg_catalog.set_config('role',$1,true),pg_catalog.set_config('request.jwt.claims',$2,true))";
  const auto without_look = [](std::string sql) {
    const auto look = sql.find("case when");
    const auto end = sql.find(" end,", look);
    return look == std::string::npos || end == std::string::npos ? sql : sql.erase(look, end + 5 - look);
  };
  EXPECT_EQ(without_look(scope_sql({})), "select pg_catalog.num_nulls(" + who_is_acting);
  EXPECT_EQ(without_look(scope_sql({.read_only = true, .timeout = true, .settings = 2})),
            "select pg_catalog.num_nulls(pg_catalog.set_config('transaction_read_only','on',true),"
            "pg_catalog.set_config('statement_timeout',$3,true),pg_catalog.set_config($4,$5,true),"
            "pg_catalog.set_config($6,$7,true)," +
                who_is_acting);
}

TEST(ScopeCommand, accepts_only_roles_of_the_list_letter_by_letter) {
  EXPECT_EQ(refusal({.role = "anon"}), "");
  for (const auto& role : {""s, "postgres"s, "Anon"s, " anon"s, "anon "s, "none"s, "anon\0"s, "service_role"s})
    EXPECT_EQ(refusal({.role = role}), "role_not_allowed") << role;
}

TEST(ScopeCommand, leaves_roles_to_the_caller_who_asks_for_it_but_for_none_at_all) {
  EXPECT_EQ(refusal({.role = "editor"}, RoleCheck::by_caller), "");
  EXPECT_EQ(refusal({.role = ""}, RoleCheck::by_caller), "role_not_allowed");
  EXPECT_EQ(refusal({.role = "none"}, RoleCheck::by_caller), "role_not_allowed");
  EXPECT_EQ(refusal({.role = "none\0"s}, RoleCheck::by_caller), "22021");
}

TEST(ScopeCommand, refuses_settings_that_would_say_who_is_acting) {
  for (const std::string_view name :
       {"role", "ROLE", "Role", "session_authorization", "request.jwt.claims", "Request.JWT.Claims",
        "request.jwt.claim", "request.jwt.claim.sub", "Request.JWT.Claim.Role", "request.jwt.claim.email",
        "transaction_read_only", "row_security", "", "a b", "a'b", "1a", "a;b", "rol\xc3\xa9"})
    EXPECT_FALSE(is_setting_allowed(name)) << name;
  for (const std::string_view name : {"search_path", "request.method", "request.headers", "app.settings.x",
                                      "statement_timeout", "request.header.user-agent", "_x"})
    EXPECT_TRUE(is_setting_allowed(name)) << name;
  EXPECT_FALSE(is_setting_allowed("role\0"s));
  EXPECT_EQ(refusal({.role = "anon", .settings = {{"role", "postgres"}}}), "setting_not_allowed");
}

TEST(ScopeCommand, refuses_values_that_libpq_would_cut_short) {
  EXPECT_EQ(refusal({.role = "anon", .claims = "{\"a\":\"\0\"}"s}), "22021");
  EXPECT_EQ(refusal({.role = "anon", .settings = {{"search_path", "a\0b"s}}}), "22021");
}

}  // namespace
}  // namespace bailey::pg::detail
