#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/jwt/key.hpp>
#include <bailey/jwt/verifier.hpp>
#include <bailey/pg/database.hpp>
#include <bailey/stack/config.hpp>
#include <bailey/web/request.hpp>

#include <memory>
#include <string>

#include "stack/auth/password.hpp"
#include "stack/auth/user.hpp"

namespace bailey::stack::auth {

// What every endpoint of Supabase Auth works with. Made once, shared by all loops, never changed.
struct AuthContext {
  AuthContext(AuthConfig settings, std::string issuer_url, jwt::Key key,
              std::shared_ptr<const jwt::KeySet> accepted_keys, pg::Database auth_database,
              const Clock& wall_clock = system_clock());

  AuthConfig config;
  std::string issuer;  // `iss` of our tokens
  jwt::Key signing;
  jwt::Verifier verifier;  // no leeway; `exp` need not be there, as in GoTrue
  pg::Database database;   // as supabase_auth_admin
  const Clock& clock;
  mutable PasswordHasher passwords;

  [[nodiscard]] bool autoconfirms_email() const { return !config.email.enable_confirmations; }
};

inline constexpr std::string_view default_audience = "authenticated";
inline constexpr std::string_view default_role = "authenticated";

// The audience users are looked up in: the header X-JWT-AUD, else ours.
[[nodiscard]] std::string requested_audience(const Request& request);

// Who sends a request, for sessions and the audit log.
struct Origin {
  std::string address;
  std::string user_agent;
};
[[nodiscard]] Origin origin_of(const Request& request);

// An entry of auth.audit_log_entries, to be sent with the statements it tells of. `traits` is JSON, or empty.
[[nodiscard]] pg::Statement audit(std::string_view action, std::string_view log_type, const User& actor,
                                  const Origin& origin, std::string_view traits = {});

// Moves the statements of one vector behind those of another.
void append(std::vector<pg::Statement>& to, std::vector<pg::Statement> from);

}  // namespace bailey::stack::auth
