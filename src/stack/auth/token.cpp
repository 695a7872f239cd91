// POST /token: the grants. Password: an unknown address, a user without a password and a wrong password take the same
// time and get the same answer. Checking takes long enough for the user to change meanwhile: the session is written for
// who has the very hash that was checked. Refresh: see refresh.cpp.
#include "http/form_text.hpp"
#include "stack/auth/auth_error.hpp"
#include "stack/auth/email_address.hpp"
#include "stack/auth/endpoints.hpp"
#include "stack/auth/refresh.hpp"
#include "stack/auth/session.hpp"
#include "stack/forwarded.hpp"

namespace bailey::stack::auth {
namespace {

AuthError wrong_credentials() { return {400, "invalid_credentials", "Invalid login credentials"}; }
AuthError banned() { return {400, "user_banned", "User is banned"}; }

// While the password was checked: what is said as if the sign-in had come a moment later.
Task<AuthError> what_happened_meanwhile(pg::Transaction& transaction, const SignIn& sign_in) {
  std::vector<pg::Parameter> by_id{sign_in.user};
  std::vector<pg::Statement> lookup = select_user(user_by_id, std::move(by_id));
  const std::vector<pg::Rows> rows = co_await transaction.run_group(std::move(lookup));
  const std::optional<User> user = read_user_with_identities(rows.at(0), rows.at(1));
  const bool may_sign_in = user && !user->is_deleted && user->encrypted_password == sign_in.checked_hash;
  co_return may_sign_in && user->is_banned ? banned() : wrong_credentials();
}

struct PasswordBody {
  std::optional<std::string> email, phone;
  std::optional<Secret> password;
};

Task<http::Response> password_grant(const AuthContext& context, const Request& request, const PasswordBody& body) {
  const std::string email = normalise_email(body.email.value_or(""));
  const bool has_phone = !body.phone.value_or("").empty();
  if (!email.empty() && has_phone) {
    throw AuthError(400, "validation_failed", "Only an email address or phone number should be provided on login.");
  }
  if (has_phone) throw AuthError(422, "phone_provider_disabled", "Phone logins are disabled");
  if (email.empty()) throw AuthError(400, "validation_failed", "missing email or phone");
  if (!context.config.email.enable_signup) {
    throw AuthError(422, "email_provider_disabled", "Email logins are disabled");
  }
  const Secret password = body.password.value_or(Secret());

  std::vector<pg::Parameter> key{email, requested_audience(request)};
  std::vector<pg::Statement> lookup = select_user(user_by_email, std::move(key));
  const std::vector<pg::Rows> found = co_await context.database.run_group(std::move(lookup));
  std::optional<User> user = read_user_with_identities(found.at(0), found.at(1));
  if (user && user->is_deleted) user.reset();
  if (user && user->is_banned) throw banned();

  std::optional<std::string> hash = user ? user->encrypted_password : std::nullopt;
  const bool matches = co_await context.passwords.matches(password, hash);
  if (!user || !matches) throw wrong_credentials();
  if (!user->email_confirmed_at) throw AuthError(400, "email_not_confirmed", "Email not confirmed");

  Weakness weakness = weakness_of(password.reveal(), context.config);
  const SignIn sign_in{
      .user = user->id, .method = "password", .origin = origin_of(request), .checked_hash = std::move(hash)};
  const auto work = [&](pg::Transaction& transaction) -> Task<http::Response> {
    std::vector<pg::Statement> login;
    login.push_back(audit("login", "account", *user, sign_in.origin, R"({"provider":"email"})"));
    std::optional<Grant> grant = co_await open_session(transaction, context, sign_in, std::move(login));
    if (!grant) {
      const AuthError refusal = co_await what_happened_meanwhile(transaction, sign_in);
      throw refusal;
    }
    grant->weak_password = weakness.reasons.empty() ? Maybe<Weakness>::null() : Maybe<Weakness>(std::move(weakness));
    co_return to_response(context, *grant);
  };
  co_return co_await context.database.transaction(work);
}

// Each grant has a body of its own, so which it is comes first.
Task<http::Response> token(const AuthContext& context, const Request& request, Body body) {
  const std::string grant = http::detail::form_value(query_of(request), "grant_type");
  if (grant == "password") {
    const auto sent = read_sent<PasswordBody>(*body);
    co_return co_await password_grant(context, request, sent);
  }
  if (grant == "refresh_token") {
    const auto sent = read_sent<RefreshBody>(*body);
    co_return co_await refresh_grant(context, request, sent);
  }
  throw AuthError(400, "invalid_credentials", "unsupported_grant_type");
}

}  // namespace

Router token_routes() {
  Router routes;
  routes.post("/token", token, when_refused("Database error granting user"));
  return routes;
}

}  // namespace bailey::stack::auth
