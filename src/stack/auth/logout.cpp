// POST /logout: ends sessions. Their refresh tokens go with them; access tokens stay what they are until they expire,
// but no longer name a session here.
#include "http/form_text.hpp"
#include "stack/auth/auth_error.hpp"
#include "stack/auth/bearer.hpp"
#include "stack/auth/endpoints.hpp"
#include "stack/auth/user_lock.hpp"

namespace bailey::stack::auth {

Task<http::Response> log_out(const Call& call) {
  const Caller caller = co_await require_caller(call.context, call.authorization);
  const std::string scope = http::detail::form_value(call.request.query(), "scope");
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
  statements.push_back(audit("logout", "account", caller.user, origin_of(call.request)));
  static_cast<void>(co_await call.context.database.run_group(std::move(statements)));
  co_return http::Response::empty(204);
}

}  // namespace bailey::stack::auth
