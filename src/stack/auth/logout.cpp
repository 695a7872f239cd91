// POST /logout: ends sessions. Their refresh tokens go with them; access tokens stay what they are until they expire,
// but no longer name a session here.
#include "http/form_text.hpp"
#include "stack/auth/endpoints.hpp"
#include "stack/auth/user_lock.hpp"
#include "stack/forwarded.hpp"

namespace bailey::stack::auth {
namespace {

Task<NoContent> log_out(const AuthContext& context, const Request& request, const Caller& caller) {
  const std::string scope = http::detail::form_value(query_of(request), "scope");
  std::string sql = "delete from auth.sessions where user_id = $1";
  std::vector<pg::Parameter> parameters{caller.user.id};
  if (scope != "" && scope != "global" && scope != "local" && scope != "others") {
    throw AuthError(400, "validation_failed", "Unsupported logout scope \"" + scope + "\"");
  }
  if (caller.session_id && (scope == "local" || scope == "others")) {
    sql += scope == "local" ? " and id = $2" : " and id <> $2";
    parameters.emplace_back(*caller.session_id);
  }
  std::vector<pg::Statement> statements;
  statements.push_back(lock_user(caller.user.id));
  statements.emplace_back(std::move(sql), std::move(parameters));
  statements.push_back(audit("logout", "account", caller.user, origin_of(request)));
  static_cast<void>(co_await context.database.run_group(std::move(statements)));
  co_return NoContent{};
}

}  // namespace

Router logout_routes() {
  Router routes;
  routes.post("/logout", log_out, when_refused("Error logging out user"));
  return routes;
}

}  // namespace bailey::stack::auth
