// POST /token: the grants. Password: an unknown address, a user without a password and a wrong password take the same
// time and get the same answer. Refresh: see refresh.cpp.
#include "http/form_text.hpp"
#include "stack/auth/auth_error.hpp"
#include "stack/auth/email_address.hpp"
#include "stack/auth/endpoints.hpp"
#include "stack/auth/json_body.hpp"
#include "stack/auth/refresh.hpp"
#include "stack/auth/session.hpp"

namespace bailey::stack::auth {
namespace {

AuthError wrong_credentials() { return {400, "invalid_credentials", "Invalid login credentials"}; }

Task<http::Response> password_grant(const Call& call) {
  const AuthContext& context = call.context;
  const JsonBody body = co_await JsonBody::read(call.request);
  const std::string email = normalise_email(body.text_or_empty("email"));
  const bool has_phone = !body.text_or_empty("phone").empty();
  if (!email.empty() && has_phone) {
    throw AuthError(400, "validation_failed", "Only an email address or phone number should be provided on login.");
  }
  if (has_phone) throw AuthError(422, "phone_provider_disabled", "Phone logins are disabled");
  if (email.empty()) throw AuthError(400, "validation_failed", "missing email or phone");
  if (!context.config.email.enable_signup) {
    throw AuthError(422, "email_provider_disabled", "Email logins are disabled");
  }
  const Secret password = body.secret("password").value_or(Secret());

  std::vector<pg::Parameter> key{email, requested_audience(call.request)};
  std::vector<pg::Statement> lookup = select_user(user_by_email, std::move(key));
  const std::vector<pg::Rows> found = co_await context.database.run_group(std::move(lookup));
  std::optional<User> user = read_user_with_identities(found.at(0), found.at(1));
  if (user && user->is_banned) throw AuthError(400, "user_banned", "User is banned");

  std::optional<std::string> hash = user ? user->encrypted_password : std::nullopt;
  const bool matches = co_await context.passwords.matches(password, std::move(hash));
  if (!user || !matches) throw wrong_credentials();
  if (!user->email_confirmed_at) throw AuthError(400, "email_not_confirmed", "Email not confirmed");

  const Origin origin = origin_of(call.request);
  const NewSession session = NewSession::make();
  std::vector<pg::Statement> statements = insert_session(session, user->id, "password", origin);
  statements.push_back(audit("login", "account", *user, origin, R"({"provider":"email"})"));
  std::vector<pg::Parameter> by_id{user->id};
  append(statements, select_user(user_by_id, std::move(by_id)));
  const std::vector<pg::Rows> rows = co_await context.database.run_group(std::move(statements));

  std::optional<User> signed_in = read_user_with_identities(rows.at(rows.size() - 2), rows.at(rows.size() - 1));
  if (!signed_in) throw wrong_credentials();  // deleted meanwhile
  Grant grant{.user = std::move(*signed_in),
              .session_id = session.id,
              .refresh_token = session.refresh_token,
              .methods = {{"password", context.clock.now().time_since_epoch().count()}}};
  Weakness weakness = weakness_of(password.reveal(), context.config);
  if (!weakness.reasons.empty()) grant.weak_password = std::move(weakness);
  co_return to_response(context, grant);
}

}  // namespace

Task<http::Response> token(const Call& call) {
  const std::string grant = http::detail::form_value(call.request.query(), "grant_type");
  if (grant == "password") co_return co_await password_grant(call);
  if (grant == "refresh_token") co_return co_await refresh_grant(call);
  throw AuthError(400, "invalid_credentials", "unsupported_grant_type");
}

}  // namespace bailey::stack::auth
