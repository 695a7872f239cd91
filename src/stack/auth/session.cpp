#include "stack/auth/session.hpp"

#include <bailey/base/random.hpp>
#include <bailey/jwt/rejection.hpp>
#include <bailey/model/encode.hpp>

#include <algorithm>
#include <array>
#include <tuple>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

constexpr std::size_t refresh_token_length = 12;
// What a later token may have more than the one that is looked at when metadata are taken: another project's issuer,
// the longer header and signature of another kind of key, more methods.
constexpr std::size_t token_reserve_bytes = 2048;
constexpr std::string_view base32 = "abcdefghijklmnopqrstuvwxyz234567";

struct AccessClaims {
  Maybe<std::string> iss;
  Uuid sub;
  std::string aud;
  std::int64_t exp = 0, iat = 0;
  std::string email, phone;
  JsonText app_metadata, user_metadata;
  std::string role, aal;
  std::vector<AuthenticationMethod> amr;
  Uuid session_id;
  bool is_anonymous = false;
};

struct SessionObject {
  std::string access_token;
  std::string token_type = "bearer";
  std::int64_t expires_in = 0, expires_at = 0;
  std::string refresh_token;
  JsonText user;
  Maybe<Weakness> weak_password;
};

// The session's row, if the user is still as they were looked at: their lock and the look are of this one statement.
pg::Statement insert_session(const Uuid& session, const SignIn& sign_in) {
  std::vector<pg::Parameter> row{session, sign_in.user, sign_in.origin.user_agent, sign_in.origin.address,
                                 sign_in.checked_hash};
  return {
      "insert into auth.sessions (id, user_id, created_at, updated_at, aal, user_agent, ip)"
      " select $1::uuid, id, now(), now(), 'aal1'::auth.aal_level, $3, $4::inet from auth.users where id = $2"
      " and ($5::text is null or (encrypted_password = $5 and deleted_at is null"
      " and not coalesce(banned_until > now(), false)))"
      " for no key update returning id",
      std::move(row)};
}

// Its method, its refresh token, and the user's and the identity's date of it.
std::vector<pg::Statement> insert_rest_of_session(const Uuid& session, const std::string& refresh_token,
                                                  const SignIn& sign_in) {
  std::vector<pg::Statement> statements;
  statements.reserve(4);
  std::vector<pg::Parameter> claim{Uuid::random(), session, sign_in.method};
  statements.emplace_back(
      "insert into auth.mfa_amr_claims (id, session_id, created_at, updated_at, authentication_method)"
      " values ($1, $2, now(), now(), $3)",
      std::move(claim));
  statements.push_back(insert_refresh_token(refresh_token, sign_in.user, session, ""));
  std::vector<pg::Parameter> user{sign_in.user};
  statements.emplace_back("update auth.users set last_sign_in_at = now(), updated_at = now() where id = $1",
                          std::move(user));
  std::vector<pg::Parameter> identity{sign_in.user, sign_in.method == "password" ? "email" : ""};
  statements.emplace_back(
      "update auth.identities set last_sign_in_at = now(), updated_at = now() where user_id = $1 and provider = $2",
      std::move(identity));
  return statements;
}

AuthError metadata_too_long(std::size_t token_bytes, std::size_t limit_bytes) {
  return {422, "validation_failed",
          "The user's access token, which carries all of the metadata, would have " + std::to_string(token_bytes) +
              " bytes; at most " + std::to_string(limit_bytes) + " are possible"};
}

// Whatever its length.
std::string sign_token(const AuthContext& context, const Grant& grant, UnixSeconds now) {
  const std::int64_t issued = now.time_since_epoch().count();
  const AccessClaims claims{.iss = context.issuer.empty() ? Maybe<std::string>() : Maybe<std::string>(context.issuer),
                            .sub = grant.user.id,
                            .aud = grant.user.aud,
                            .exp = issued + context.config.jwt_expiry.count(),
                            .iat = issued,
                            .email = grant.user.email,
                            .phone = grant.user.phone,
                            .app_metadata = JsonText(grant.user.app_metadata),
                            .user_metadata = JsonText(grant.user.user_metadata),
                            .role = grant.user.role,
                            .aal = "aal1",
                            .amr = grant.methods,
                            .session_id = grant.session_id,
                            .is_anonymous = grant.user.is_anonymous};
  auto token = context.signing.sign(encode(claims));
  if (token) return std::move(*token);
  if (token.error().code() != "invalid_claims") throw token.error();
  throw AuthError(422, "validation_failed", "The user's metadata is nested too deeply for an access token");
}

}  // namespace

std::string new_refresh_token() {
  std::array<std::byte, refresh_token_length> bytes;
  random_bytes(bytes);
  std::string token;
  for (const std::byte byte : bytes) token += base32[std::to_integer<std::size_t>(byte) & 31];
  return token;
}

bool is_refresh_token(std::string_view text) {
  return text.size() == refresh_token_length &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

pg::Statement insert_refresh_token(const std::string& token, const Uuid& user, const Uuid& session,
                                   const std::string& parent) {
  std::vector<pg::Parameter> row{token, user.to_string(), parent, session};
  return {
      "insert into auth.refresh_tokens (instance_id, token, user_id, revoked, created_at, updated_at, parent, "
      "session_id)"
      " values ('00000000-0000-0000-0000-000000000000', $1, $2, false, now(), now(), $3, $4)",
      std::move(row)};
}

Task<std::optional<Grant>> open_session(pg::Transaction& transaction, const AuthContext& context, SignIn sign_in,
                                        std::vector<pg::Statement> also) {
  Grant grant{.session_id = Uuid::random(),
              .refresh_token = new_refresh_token(),
              .methods = {{std::string(sign_in.method), context.clock.now().time_since_epoch().count()}}};
  pg::Statement insert = insert_session(grant.session_id, sign_in);
  const pg::Rows session = co_await transaction.run(std::move(insert));
  if (session.empty()) co_return std::nullopt;
  std::vector<pg::Statement> rest = insert_rest_of_session(grant.session_id, grant.refresh_token, sign_in);
  append(rest, std::move(also));
  std::vector<pg::Parameter> by_id{sign_in.user};
  append(rest, select_user(user_by_id, std::move(by_id)));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(rest));
  std::optional<User> user = read_user_with_identities(rows.at(rows.size() - 2), rows.at(rows.size() - 1));
  if (!user) co_return std::nullopt;
  grant.user = std::move(*user);
  co_return grant;
}

std::string access_token(const AuthContext& context, const Grant& grant, UnixSeconds now) {
  std::string token = sign_token(context, grant, now);
  const std::size_t limit = jwt::default_token_limit_bytes;
  if (token.size() > limit) throw metadata_too_long(token.size(), limit);
  return token;
}

void require_token_fits(const AuthContext& context, const User& user) {
  const Grant grant{.user = user, .methods = {{"password", 0}}};
  const std::size_t bytes = sign_token(context, grant, context.clock.now()).size();
  const std::size_t limit = jwt::default_token_limit_bytes - token_reserve_bytes;
  if (bytes > limit) throw metadata_too_long(bytes, limit);
}

void require_token_fits(const AuthContext& context, const User& before, const User& user) {
  const auto in_token = [](const User& u) {
    return std::tie(u.aud, u.role, u.email, u.phone, u.app_metadata, u.user_metadata);
  };
  if (in_token(user) != in_token(before)) require_token_fits(context, user);
}

http::Response to_response(const AuthContext& context, const Grant& grant) {
  const UnixSeconds now = context.clock.now();
  const std::int64_t lifetime = context.config.jwt_expiry.count();
  const SessionObject session{.access_token = access_token(context, grant, now),
                              .expires_in = lifetime,
                              .expires_at = now.time_since_epoch().count() + lifetime,
                              .refresh_token = grant.refresh_token,
                              .user = grant.user.to_json(),
                              .weak_password = grant.weak_password};
  http::Response response = http::Response::json(200, encode(session));
  response.headers.set("sb-auth-user-id", grant.user.id.to_string());
  response.headers.set("sb-auth-session-id", grant.session_id.to_string());
  response.headers.set("sb-auth-refresh-token-prefix", grant.refresh_token.substr(0, 5));
  return response;
}

}  // namespace bailey::stack::auth
