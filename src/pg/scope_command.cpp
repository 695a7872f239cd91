// Who is acting, as SQL. num_nulls() keeps the claims from being sent back with every answer; its arguments are
// evaluated from left to right: settings first, with the rights of the connection's user, then the role, as PostgREST
// does. A group without a scope resets role and claims too: a function that set them for the session reaches no later
// group. The same goes for the settings that auth.uid() and its kin prefer to the claims (those of older PostgREST,
// which is how hosted Supabase's functions still read), and for row_security. They are set without a look at what they
// are: to look costs as much as to set.
//
// It fails where the session has something temporary in it: that was left by an earlier group, whoever it acted as, and
// its name would come before those of the schemas. Most sessions have no temporary schema, which costs nothing to see.
// In one that has, the schema may be empty again (ON COMMIT DROP); that takes a query, which is text so that only such
// a session plans and runs it. As a subquery it would cost every group as much as half of this command.
#include "pg/scope_command.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/error.hpp>
#include <bailey/pg/sql_error.hpp>

#include <algorithm>
#include <array>

namespace bailey::pg::detail {
namespace {

constexpr std::array<std::string_view, 14> reserved{"role",
                                                    "session_authorization",
                                                    "request.jwt.claims",
                                                    "request.jwt.claim",
                                                    "request.jwt.claim.sub",
                                                    "request.jwt.claim.role",
                                                    "request.jwt.claim.email",
                                                    "transaction_read_only",
                                                    "is_superuser",
                                                    "row_security",
                                                    "session_replication_role",
                                                    "default_transaction_read_only",
                                                    "client_encoding",
                                                    "standard_conforming_strings"};

constexpr std::string_view resets =
    "pg_catalog.set_config('request.jwt.claim','',true),pg_catalog.set_config('request.jwt.claim.sub','',true),"
    "pg_catalog.set_config('request.jwt.claim.role','',true),pg_catalog.set_config('request.jwt.claim.email','',true),"
    "pg_catalog.set_config('row_security','on',true),";

// Divides by zero for anything that the schema contains, which depends on it (2615 is pg_namespace). The zero is one of
// the row's, so that it is not divided by beforehand.
constexpr std::string_view look_for_leftovers =
    "case when pg_catalog.oideq(pg_catalog.pg_my_temp_schema(),0) then null else "
    "pg_catalog.query_to_xml('select pg_catalog.int4div(1,pg_catalog.int4mul(refobjsubid,0)) from pg_catalog.pg_depend "
    "where refclassid operator(pg_catalog.=) 2615 and refobjid operator(pg_catalog.=) pg_catalog.pg_my_temp_schema()',"
    "false,true,'') end,";

bool is_letter(char c) noexcept { return ascii::is_letter(c) || c == '_'; }

void refuse_nul(std::string_view text) {
  if (text.find('\0') == std::string_view::npos) return;
  SqlErrorFields fields;
  fields.sqlstate = "22021";
  fields.message = "invalid byte sequence for encoding \"UTF8\": 0x00";
  fields.severity = "ERROR";
  throw SqlError(std::move(fields));
}

}  // namespace

std::string scope_sql(ScopeShape shape) {
  std::size_t parameter = 2;
  const auto next = [&parameter] { return '$' + std::to_string(++parameter); };
  std::string sql = "select pg_catalog.num_nulls(";
  sql += look_for_leftovers;
  if (shape.read_only) sql += "pg_catalog.set_config('transaction_read_only','on',true),";
  if (shape.timeout) sql += "pg_catalog.set_config('statement_timeout'," + next() + ",true),";
  for (std::size_t setting = 0; setting < shape.settings; ++setting) {
    sql += "pg_catalog.set_config(" + next();
    sql += ',' + next() + ",true),";
  }
  sql += resets;
  return sql + "pg_catalog.set_config('role',$1,true),pg_catalog.set_config('request.jwt.claims',$2,true))";
}

bool is_setting_allowed(std::string_view name) noexcept {
  if (name.empty() || name.size() > 63 || !is_letter(name.front())) return false;
  if (!std::ranges::all_of(
          name, [](char c) { return is_letter(c) || ascii::is_digit(c) || c == '.' || c == '$' || c == '-'; }))
    return false;
  return std::ranges::none_of(reserved,
                              [name](std::string_view word) { return ascii::equal_ignoring_case(word, name); });
}

void check_scope(const RlsScope& scope, const Options& options) {
  // NONE is no role: it would leave the statements with the rights of the connection's own user.
  const bool allowed = options.role_check == RoleCheck::by_caller
                           ? !scope.role.empty() && scope.role != "none"
                           : std::ranges::find(options.roles, scope.role) != options.roles.end();
  if (!allowed) throw Error("role_not_allowed", "This role is not allowed here.", 403);
  refuse_nul(scope.role);
  refuse_nul(scope.claims);
  for (const auto& [name, value] : scope.settings) {
    if (!is_setting_allowed(name)) throw Error("setting_not_allowed", "A setting of the scope is not allowed.", 500);
    refuse_nul(value);
  }
}

}  // namespace bailey::pg::detail
