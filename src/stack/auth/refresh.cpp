// Refresh tokens: each may be used once, then its successor counts. A second use is a repeated request when the client
// has not used the successor yet, or comes soon after; otherwise the token was stolen, and the session's tokens end.
//
// The user's row and the session's are locked first, so that refreshes of one session happen one after the other: of
// parallel requests with one token the first rotates, the others are given what it made.
#include "stack/auth/refresh.hpp"

#include "stack/auth/auth_error.hpp"
#include "stack/auth/session.hpp"
#include "stack/auth/user_lock.hpp"

namespace bailey::stack::auth {
namespace {

// How the transaction ended. A refusal is a value, not an exception: what it wrote must be committed.
using Outcome = std::variant<http::Response, AuthError>;

AuthError not_found() { return {400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found"}; }
AuthError expired(std::string_view why) {
  return {400, "session_expired", "Invalid Refresh Token: Session Expired" + std::string(why)};
}

struct SessionState {
  Uuid session, user;
  bool is_over = false;
  std::chrono::milliseconds age{}, idle{};
};

Task<std::optional<SessionState>> lock_session(pg::Transaction& transaction, std::string token) {
  std::vector<pg::Statement> statements;
  statements.emplace_back("select set_config('lock_timeout', '5s', true)");
  std::vector<pg::Parameter> by_token{std::move(token)};
  statements.push_back(lock_user(by_token.front(), UserLock::change,
                                 "(select s.user_id from auth.sessions s join auth.refresh_tokens t"
                                 " on t.session_id = s.id where t.token = $1)"));
  statements.emplace_back(
      "select s.id, s.user_id, coalesce(s.not_after < now(), false),"
      " (extract(epoch from now() - s.created_at) * 1000)::bigint,"
      " (extract(epoch from (now() at time zone 'utc') - coalesce(s.refreshed_at, s.created_at at time zone 'utc'))"
      " * 1000)::bigint"
      " from auth.sessions s where s.id = (select session_id from auth.refresh_tokens where token = $1) for update",
      std::move(by_token));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(statements));
  const pg::Rows& session = rows.at(2);
  if (session.empty()) co_return std::nullopt;
  co_return SessionState{.session = session.get<Uuid>(0, 0),
                         .user = session.get<Uuid>(0, 1),
                         .is_over = session.get<bool>(0, 2),
                         .age = std::chrono::milliseconds(session.get<std::int64_t>(0, 3)),
                         .idle = std::chrono::milliseconds(session.get<std::int64_t>(0, 4))};
}

std::optional<AuthError> end_of(const SessionState& session, const AuthConfig& config) {
  if (session.is_over) return expired("");
  if (config.session_timebox.count() > 0 && session.age > config.session_timebox) return expired("");
  if (config.session_inactivity_timeout.count() > 0 && session.idle > config.session_inactivity_timeout) {
    return expired(" (Inactivity)");
  }
  return std::nullopt;
}

std::vector<pg::Statement> rotation(const std::string& old_token, const std::string& new_token, const User& user,
                                    const Uuid& session, const Origin& origin) {
  std::vector<pg::Statement> statements;
  std::vector<pg::Parameter> revoked{old_token};
  statements.emplace_back(
      "update auth.refresh_tokens set revoked = true, updated_at = now() where token = $1 and not revoked",
      std::move(revoked));
  statements.push_back(insert_refresh_token(new_token, user.id, session, old_token));
  std::vector<pg::Parameter> refreshed{session, origin.user_agent, origin.address};
  statements.emplace_back(
      "update auth.sessions set refreshed_at = now() at time zone 'utc', updated_at = now(), user_agent = $2, ip = $3"
      " where id = $1",
      std::move(refreshed));
  std::vector<pg::Parameter> touched{user.id};
  statements.emplace_back("update auth.users set updated_at = now() where id = $1", std::move(touched));
  statements.push_back(audit("token_refreshed", "token", user, origin));
  statements.push_back(audit("token_revoked", "token", user, origin));
  return statements;
}

Task<Outcome> refresh(pg::Transaction& transaction, const AuthContext& context, std::string presented, Origin origin) {
  const std::optional<SessionState> session = co_await lock_session(transaction, presented);
  if (!session) co_return not_found();

  // Read after the locks, so that what a parallel request has just done is seen.
  std::vector<pg::Parameter> by_token{presented};
  std::vector<pg::Parameter> by_session{session->session};
  std::vector<pg::Parameter> by_user{session->user};
  std::vector<pg::Statement> reads;
  reads.emplace_back(
      "select revoked, (extract(epoch from clock_timestamp() - updated_at) * 1000)::bigint from auth.refresh_tokens"
      " where token = $1",
      std::move(by_token));
  reads.emplace_back(
      "select token, parent from auth.refresh_tokens where session_id = $1 and not revoked order by id desc limit 1",
      by_session);
  reads.emplace_back(
      "select authentication_method, extract(epoch from updated_at)::bigint from auth.mfa_amr_claims"
      " where session_id = $1 order by updated_at desc",
      by_session);
  append(reads, select_user(user_by_id, by_user));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(reads));
  std::optional<User> user = read_user_with_identities(rows.at(3), rows.at(4));
  if (rows.at(0).empty() || !user || user->is_deleted) co_return not_found();
  if (user->is_banned) co_return AuthError(400, "user_banned", "Invalid Refresh Token: User Banned");
  if (const auto ended = end_of(*session, context.config)) co_return *ended;

  const pg::Rows& active = rows.at(1);
  const PresentedToken token{
      .revoked = rows.at(0).get<bool>(0, 0),
      .is_parent_of_active = !active.empty() && active.text(0, 1) == presented,
      .since_change = std::chrono::milliseconds(rows.at(0).get<std::int64_t>(0, 1)),
  };
  const RefreshDecision decision = decide(token, context.config.refresh_token_reuse_interval);
  if (decision == RefreshDecision::refuse) {
    if (context.config.enable_refresh_token_rotation) {
      // Dated back, so that none of them passes for a request that is repeated within the interval.
      std::vector<pg::Parameter> family{session->session, context.config.refresh_token_reuse_interval.count()};
      pg::Statement revoke(
          "update auth.refresh_tokens set revoked = true, updated_at = now() - make_interval(secs => $2)"
          " where session_id = $1 and not revoked",
          std::move(family));
      static_cast<void>(co_await transaction.run(std::move(revoke)));
    }
    co_return AuthError(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used");
  }

  Grant grant{.session_id = session->session};
  for (std::size_t row = 0; row < rows.at(2).size(); ++row) {
    grant.methods.push_back({rows.at(2).get<std::string>(row, 0), rows.at(2).get<std::int64_t>(row, 1)});
  }
  if (decision == RefreshDecision::give_active) {
    grant.refresh_token = active.get<std::string>(0, 0);
    grant.user = std::move(*user);
    co_return to_response(context, grant);
  }
  grant.refresh_token = new_refresh_token();
  std::vector<pg::Statement> writes = rotation(presented, grant.refresh_token, *user, session->session, origin);
  append(writes, select_user(user_by_id, by_user));
  const std::vector<pg::Rows> written = co_await transaction.run_group(std::move(writes));
  user = read_user_with_identities(written.at(written.size() - 2), written.at(written.size() - 1));
  if (!user) co_return not_found();
  grant.user = std::move(*user);
  co_return to_response(context, grant);
}

}  // namespace

RefreshDecision decide(const PresentedToken& token, std::chrono::seconds reuse_interval) {
  if (!token.revoked) return RefreshDecision::rotate;
  if (token.is_parent_of_active) return RefreshDecision::give_active;
  return token.since_change < reuse_interval ? RefreshDecision::rotate : RefreshDecision::refuse;
}

Task<http::Response> refresh_grant(const AuthContext& context, const Request& request, const RefreshBody& body) {
  const std::string presented = body.refresh_token.value_or("");
  if (presented.empty()) throw AuthError(400, "validation_failed", "refresh_token required");
  if (!is_refresh_token(presented)) throw AuthError(400, "validation_failed", "Refresh token is not valid");
  const Origin origin = origin_of(request);
  auto work = [&](pg::Transaction& transaction) -> Task<Outcome> {
    return refresh(transaction, context, presented, origin);
  };
  Outcome outcome = co_await context.database.transaction(std::move(work));
  if (const auto* refused = std::get_if<AuthError>(&outcome)) throw AuthError(*refused);
  co_return std::get<http::Response>(std::move(outcome));
}

}  // namespace bailey::stack::auth
