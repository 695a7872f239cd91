#include "stack/auth/session.hpp"

#include <bailey/base/random.hpp>

#include <algorithm>
#include <array>

#include "stack/auth/json_writer.hpp"

namespace bailey::stack::auth {
namespace {

constexpr std::size_t refresh_token_length = 12;
constexpr std::string_view base32 = "abcdefghijklmnopqrstuvwxyz234567";

std::string methods_json(const std::vector<AuthenticationMethod>& methods) {
  std::string list = "[";
  for (const AuthenticationMethod& method : methods) {
    if (list.size() > 1) list += ',';
    JsonObjectWriter entry;
    entry.text("method", method.method).number("timestamp", method.timestamp);
    list += std::move(entry).finish();
  }
  return list + "]";
}

}  // namespace

NewSession NewSession::make() { return {Uuid::random(), new_refresh_token()}; }

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

std::vector<pg::Statement> insert_session(const NewSession& session, const Uuid& user, std::string_view method,
                                          const Origin& origin) {
  std::vector<pg::Statement> statements;
  statements.reserve(5);
  std::vector<pg::Parameter> row{session.id, user, origin.user_agent, origin.address};
  statements.emplace_back(
      "insert into auth.sessions (id, user_id, created_at, updated_at, aal, user_agent, ip)"
      " values ($1, $2, now(), now(), 'aal1', $3, $4)",
      std::move(row));
  std::vector<pg::Parameter> claim{Uuid::random(), session.id, method};
  statements.emplace_back(
      "insert into auth.mfa_amr_claims (id, session_id, created_at, updated_at, authentication_method)"
      " values ($1, $2, now(), now(), $3)",
      std::move(claim));
  statements.push_back(insert_refresh_token(session.refresh_token, user, session.id, ""));
  std::vector<pg::Parameter> user_only{user};
  statements.emplace_back("update auth.users set last_sign_in_at = now(), updated_at = now() where id = $1", user_only);
  std::vector<pg::Parameter> identity{user, method == "password" ? "email" : ""};
  statements.emplace_back(
      "update auth.identities set last_sign_in_at = now(), updated_at = now() where user_id = $1 and provider = $2",
      std::move(identity));
  return statements;
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

std::string access_token(const AuthContext& context, const Grant& grant, UnixSeconds now) {
  const std::int64_t issued = now.time_since_epoch().count();
  JsonObjectWriter claims;
  claims.text("iss", context.issuer)
      .text("sub", grant.user.id.to_string())
      .text("aud", grant.user.aud)
      .number("exp", issued + context.config.jwt_expiry.count())
      .number("iat", issued)
      .text("email", grant.user.email)
      .text("phone", grant.user.phone)
      .raw("app_metadata", grant.user.app_metadata)
      .raw("user_metadata", grant.user.user_metadata)
      .text("role", grant.user.role)
      .text("aal", "aal1")
      .raw("amr", methods_json(grant.methods))
      .text("session_id", grant.session_id.to_string())
      .boolean("is_anonymous", grant.user.is_anonymous);
  auto token = context.signing.sign(std::move(claims).finish());
  if (!token) throw token.error();
  return std::move(*token);
}

http::Response to_response(const AuthContext& context, const Grant& grant) {
  const UnixSeconds now = context.clock.now();
  JsonObjectWriter body;
  body.text("access_token", access_token(context, grant, now))
      .text("token_type", "bearer")
      .number("expires_in", context.config.jwt_expiry.count())
      .number("expires_at", now.time_since_epoch().count() + context.config.jwt_expiry.count())
      .text("refresh_token", grant.refresh_token)
      .raw("user", grant.user.to_json());
  if (grant.weak_password) {
    JsonObjectWriter weak;
    weak.text("message", grant.weak_password->message).raw("reasons", json_texts(grant.weak_password->reasons));
    body.raw("weak_password", std::move(weak).finish());
  }
  http::Response response = http::Response::json(200, std::move(body).finish());
  response.headers.set("sb-auth-user-id", grant.user.id.to_string());
  response.headers.set("sb-auth-session-id", grant.session_id.to_string());
  response.headers.set("sb-auth-refresh-token-prefix", grant.refresh_token.substr(0, 5));
  return response;
}

}  // namespace bailey::stack::auth
