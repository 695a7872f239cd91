#include "stack/auth/caller.hpp"

#include <bailey/http/bearer.hpp>

#include "stack/auth/auth_error.hpp"
#include "stack/auth/user_lock.hpp"

namespace bailey::stack::auth {
namespace {

jwt::Claims require_claims(const AuthContext& context, std::string_view authorization) {
  const auto token = http::bearer_credentials(authorization);
  if (!token || token->empty() || token->contains(' '))
    throw AuthError(401, "no_authorization", "This endpoint requires a valid Bearer token");
  auto claims = context.verifier.verify(*token, context.clock.now());
  if (claims) return std::move(*claims);
  std::string message = "invalid JWT: unable to parse or verify signature, ";
  switch (claims.error()) {
    case jwt::Rejection::expired: message += "token has invalid claims: token is expired"; break;
    case jwt::Rejection::not_yet_valid: message += "token has invalid claims: token is not valid yet"; break;
    case jwt::Rejection::malformed:
    case jwt::Rejection::claims:
    case jwt::Rejection::too_large: message += "token is malformed"; break;
    default: message += "token signature is invalid"; break;
  }
  throw AuthError(403, "bad_jwt", std::move(message));
}

std::vector<pg::Statement> select_caller(const Uuid& user, const std::optional<Uuid>& session) {
  std::vector<pg::Parameter> by_id{user};
  std::vector<pg::Statement> statements = select_user(user_by_id, std::move(by_id));
  std::vector<pg::Parameter> both{session.value_or(Uuid()), user};
  statements.emplace_back("select from auth.sessions where id = $1 and user_id = $2", std::move(both));
  return statements;
}

// From the answers to these, the first of them at `first`.
User require_live(const std::vector<pg::Rows>& rows, std::size_t first, const std::optional<Uuid>& session) {
  auto user = read_user_with_identities(rows.at(first), rows.at(first + 1));
  if (!user || user->is_deleted) {
    throw AuthError(403, "user_not_found", "User from sub claim in JWT does not exist");
  }
  if (session && rows.at(first + 2).empty()) {
    throw AuthError(403, "session_not_found", "Session from session_id claim in JWT does not exist");
  }
  if (user->is_banned) throw AuthError(403, "user_banned", "User is banned");
  return std::move(*user);
}

}  // namespace

Task<Caller> require_caller(const AuthContext& context, std::string authorization) {
  jwt::Claims claims = require_claims(context, authorization);
  if (claims.subject.empty()) throw AuthError(403, "bad_jwt", "invalid claim: missing sub claim");
  const auto subject = Uuid::parse(claims.subject);
  if (!subject) throw AuthError(400, "bad_jwt", "invalid claim: sub claim must be a UUID");
  std::optional<Uuid> session;
  if (!claims.session_id.empty()) {
    session = Uuid::parse(claims.session_id);
    if (!session) throw AuthError(403, "bad_jwt", "invalid claim: session_id claim must be a UUID");
    if (session->is_nil()) session.reset();
  }

  std::vector<pg::Statement> statements = select_caller(*subject, session);
  const std::vector<pg::Rows> rows = co_await context.database.run_group(std::move(statements));
  co_return Caller{require_live(rows, 0, session), session, std::move(claims)};
}

Task<User> lock_caller(pg::Transaction& transaction, Uuid user, std::optional<Uuid> session) {
  std::vector<pg::Statement> statements;
  statements.push_back(lock_user(user));
  append(statements, select_caller(user, session));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(statements));
  co_return require_live(rows, 1, session);
}

void require_admin(const AuthContext& context, std::string_view authorization) {
  const jwt::Claims claims = require_claims(context, authorization);
  if (claims.role != "service_role" && claims.role != "supabase_admin") {
    throw AuthError(403, "not_admin", "User not allowed");
  }
}

}  // namespace bailey::stack::auth
