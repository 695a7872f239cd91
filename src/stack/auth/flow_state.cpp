#include "stack/auth/flow_state.hpp"

#include "stack/auth/auth_error.hpp"
#include "stack/auth/user_lock.hpp"

namespace bailey::stack::auth {
namespace {

// Milliseconds a flow has been open. One that began with a magic link is measured from when the link was followed.
constexpr std::string_view age_sql =
    "(extract(epoch from clock_timestamp() - case when authentication_method = 'magiclink'"
    " then coalesce(auth_code_issued_at, created_at) else created_at end) * 1000)::bigint";

bool is_open(std::optional<std::int64_t> age, std::chrono::seconds lifetime) {
  return age && std::chrono::milliseconds(*age) <= lifetime;
}

pg::Parameter text_or_null(const std::string& text) {
  return text.empty() ? pg::Parameter::null() : pg::Parameter(text);
}
pg::Parameter id_or_null(const std::optional<Uuid>& id) { return id ? pg::Parameter(*id) : pg::Parameter::null(); }

std::optional<CodeChallenge> challenge_of(const pg::Rows& rows, std::size_t column) {
  const auto challenge = rows.get<std::optional<std::string>>(0, column);
  const auto method = rows.get<std::optional<std::string>>(0, column + 1);
  if (!challenge || challenge->empty() || !method) return std::nullopt;
  const std::optional<ChallengeMethod> known = challenge_method_of(*method);
  if (!known) return std::nullopt;
  return CodeChallenge{.challenge = *challenge, .method = *known};
}

std::string text_of(const pg::Rows& rows, std::size_t column) {
  return rows.get<std::optional<std::string>>(0, column).value_or("");
}

}  // namespace

pg::Statement insert_flow(const Flow& flow) {
  const auto& challenge = flow.challenge;
  std::vector<pg::Parameter> values{flow.id,
                                    id_or_null(flow.user),
                                    challenge ? pg::Parameter(Uuid::random()) : pg::Parameter::null(),
                                    challenge ? pg::Parameter(to_text(challenge->method)) : pg::Parameter::null(),
                                    challenge ? pg::Parameter(challenge->challenge) : pg::Parameter::null(),
                                    flow.provider_type,
                                    flow.authentication_method,
                                    text_or_null(flow.invite_token),
                                    text_or_null(flow.referrer),
                                    id_or_null(flow.oauth_client_state),
                                    id_or_null(flow.linking_target),
                                    flow.email_optional};
  return {
      "insert into auth.flow_state (id, user_id, auth_code, code_challenge_method, code_challenge, provider_type,"
      " authentication_method, invite_token, referrer, oauth_client_state_id, linking_target_id, email_optional,"
      " provider_access_token, provider_refresh_token, created_at, updated_at)"
      " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '', now(), now())",
      std::move(values)};
}

Task<std::string> issue_auth_code(pg::Transaction& transaction, Uuid user, std::string authentication_method) {
  std::vector<pg::Parameter> values{user, std::move(authentication_method)};
  pg::Statement issue(
      "update auth.flow_state set auth_code_issued_at = clock_timestamp(), updated_at = now()"
      " where id = (select id from auth.flow_state where user_id = $1 and authentication_method = $2"
      " order by created_at desc, id desc limit 1)"
      " returning coalesce(auth_code, ''), coalesce(code_challenge, '')",
      std::move(values));
  const pg::Rows rows = co_await transaction.run(std::move(issue));
  constexpr const char* none = "No associated flow state found. ";
  if (rows.empty()) {
    throw AuthError(400, "flow_state_not_found", std::string(none) + "422: No valid flow state found for user.");
  }
  if (text_of(rows, 1).empty()) {
    throw AuthError(400, "flow_state_not_found",
                    std::string(none) + "422: Flow state does not have an auth code (not a PKCE flow).");
  }
  co_return text_of(rows, 0);
}

Task<Flow> lock_flow(pg::Transaction& transaction, std::string state, std::chrono::seconds lifetime) {
  const std::optional<Uuid> id = Uuid::parse(state);
  if (!id) throw AuthError(400, "bad_oauth_state", "OAuth state parameter is invalid");
  std::vector<pg::Parameter> by_id{*id};
  pg::Statement read(
      "select code_challenge, code_challenge_method::text, user_id, provider_type, authentication_method,"
      " invite_token, referrer, oauth_client_state_id, linking_target_id, email_optional, " +
          std::string(age_sql) + " from auth.flow_state where id = $1 for update",
      std::move(by_id));
  const pg::Rows rows = co_await transaction.run(std::move(read));
  if (rows.empty()) throw AuthError(400, "bad_oauth_state", "OAuth state not found or expired");
  if (!is_open(rows.get<std::optional<std::int64_t>>(0, 10), lifetime)) {
    throw AuthError(400, "bad_oauth_state", "OAuth state has expired");
  }
  Flow flow{.id = *id,
            .provider_type = rows.get<std::string>(0, 3),
            .authentication_method = rows.get<std::string>(0, 4),
            .challenge = challenge_of(rows, 0),
            .user = rows.get<std::optional<Uuid>>(0, 2),
            .invite_token = text_of(rows, 5),
            .referrer = text_of(rows, 6),
            .oauth_client_state = rows.get<std::optional<Uuid>>(0, 7),
            .linking_target = rows.get<std::optional<Uuid>>(0, 8),
            .email_optional = rows.get<bool>(0, 9)};
  // It has no user until its provider has answered.
  if (flow.challenge && flow.user) throw AuthError(400, "flow_state_already_used", "State has already been used");
  co_return flow;
}

Task<std::string> complete_flow(pg::Transaction& transaction, Flow flow, Uuid user, ProviderTokens tokens) {
  if (!flow.challenge) {
    std::vector<pg::Parameter> by_id{flow.id};
    pg::Statement end("delete from auth.flow_state where id = $1", std::move(by_id));
    static_cast<void>(co_await transaction.run(std::move(end)));
    co_return "";
  }
  std::vector<pg::Parameter> values{flow.id, user, std::move(tokens.access_token), std::move(tokens.refresh_token)};
  pg::Statement complete(
      "update auth.flow_state set user_id = $2, provider_access_token = $3, provider_refresh_token = $4,"
      " auth_code_issued_at = clock_timestamp(), updated_at = now() where id = $1 returning auth_code",
      std::move(values));
  const pg::Rows rows = co_await transaction.run(std::move(complete));
  if (rows.empty()) throw AuthError(400, "bad_oauth_state", "OAuth state not found or expired");
  co_return text_of(rows, 0);
}

Task<ExchangedFlow> exchange_auth_code(pg::Transaction& transaction, std::string auth_code, std::string verifier,
                                       std::chrono::seconds lifetime) {
  std::vector<pg::Parameter> by_code{auth_code};
  std::vector<pg::Statement> reads;
  reads.push_back(lock_user(by_code.front(), UserLock::change,
                            "(select user_id from auth.flow_state where auth_code = $1 limit 1)"));
  reads.emplace_back(
      "select f.code_challenge, f.code_challenge_method::text, f.id, u.id, f.provider_type, f.authentication_method,"
      " f.provider_access_token, f.provider_refresh_token, f.age"
      " from (select *, " +
          std::string(age_sql) +
          " as age from auth.flow_state where auth_code = $1 for update) f join auth.users u on u.id = f.user_id",
      std::move(by_code));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(reads));
  const pg::Rows& found = rows.at(1);
  if (rows.at(0).empty() || found.empty()) {
    throw AuthError(404, "flow_state_not_found", "invalid flow state, no valid flow state found");
  }
  if (!is_open(found.get<std::optional<std::int64_t>>(0, 8), lifetime)) {
    throw AuthError(422, "flow_state_expired", "invalid flow state, flow state has expired");
  }
  const std::optional<CodeChallenge> challenge = challenge_of(found, 0);
  if (!challenge || !challenge->is_of(verifier)) {
    throw AuthError(400, "bad_code_verifier", "code challenge does not match previously saved code verifier");
  }
  std::vector<pg::Parameter> by_id{found.get<Uuid>(0, 2)};
  pg::Statement take("delete from auth.flow_state where id = $1", std::move(by_id));
  static_cast<void>(co_await transaction.run(std::move(take)));
  co_return ExchangedFlow{
      .user = found.get<Uuid>(0, 3),
      .provider_type = found.get<std::string>(0, 4),
      .authentication_method = found.get<std::string>(0, 5),
      .provider_tokens = {.access_token = text_of(found, 6), .refresh_token = text_of(found, 7)},
  };
}

}  // namespace bailey::stack::auth
