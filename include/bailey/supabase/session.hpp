#pragma once

#include <bailey/base/uuid.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bailey {

// One way a user signs in: "email", "google", …
struct AuthIdentity {
  std::string id;  // the provider's name for the user
  std::optional<std::string> identity_id;
  std::optional<std::string> user_id;
  std::string provider;
  std::optional<boost::json::value> identity_data;
  std::optional<std::string> created_at;
  std::optional<std::string> updated_at;
  std::optional<std::string> last_sign_in_at;
};

// A user as Supabase Auth describes one. Times are RFC 3339 text in UTC, as sent.
struct AuthUser {
  Uuid id;
  std::optional<std::string> aud;
  std::optional<std::string> role;
  std::optional<std::string> email;
  std::optional<std::string> phone;
  std::optional<std::string> new_email;
  std::optional<std::string> new_phone;
  std::optional<boost::json::value> app_metadata;   // set by the server: roles and providers; safe to decide by
  std::optional<boost::json::value> user_metadata;  // set by the user: never decide by it
  std::optional<std::vector<AuthIdentity>> identities;
  std::optional<bool> is_anonymous;
  std::optional<std::string> created_at;
  std::optional<std::string> updated_at;
  std::optional<std::string> confirmed_at;
  std::optional<std::string> email_confirmed_at;
  std::optional<std::string> phone_confirmed_at;
  std::optional<std::string> last_sign_in_at;
  std::optional<std::string> banned_until;
};

// Tokens of a signed-in user. Secrets: the access token opens the user's rows until it expires, the refresh token for
// as long as the session lasts, once.
struct Session {
  std::string access_token;
  std::string refresh_token;
  std::int64_t expires_in = 0;             // seconds from when it was issued
  std::optional<std::int64_t> expires_at;  // Unix seconds; filled in from the clock when the server does not say
  std::string token_type;                  // "bearer"
  AuthUser user;
  std::optional<std::string> provider_token;  // of an OAuth provider
  std::optional<std::string> provider_refresh_token;
};

// The answer to a sign-up: a session when the project confirms users at once, else the user who has yet to confirm.
struct SignUpResult {
  std::optional<AuthUser> user;
  std::optional<Session> session;
};

}  // namespace bailey
