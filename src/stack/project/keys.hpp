#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/jwt/key.hpp>
#include <bailey/jwt/key_set.hpp>
#include <bailey/stack/config.hpp>
#include <bailey/stack/project.hpp>

#include <memory>
#include <string>

namespace bailey::stack {

// The usual secret of local Supabase stacks. Public knowledge, hence good for a loopback address only.
inline constexpr std::string_view development_jwt_secret = "super-secret-jwt-token-with-at-least-32-characters-long";

// What is configured and printed: the keys a client or a server of the project is given.
struct ClientKeys {
  Secret jwt_secret;                        // HS256: the legacy API keys, and tokens the project makes itself
  std::string anon_key, service_role_key;   // legacy API keys: tokens of a role, without a user
  std::string publishable_key, secret_key;  // today's API keys: opaque, exchanged by the gateway
};

// Those of the configuration, else the ones every local Supabase has. Throws Error "invalid_key", or "invalid_setting"
// where one is of the other's kind, or two are the same.
[[nodiscard]] ClientKeys client_keys(const AuthConfig& config);

// The keys of one project.
struct ProjectKeys : ClientKeys {
  jwt::Key signing;                             // of access tokens
  std::shared_ptr<const jwt::KeySet> accepted;  // shared by the gateway's verifiers: signing keys and the JWT secret
};

// Reads or makes them. The ES256 key is made once for a project and kept in .bailey/signing_key.json, readable by its
// owner alone; with `signing_keys_path` (JSON Web Keys as the Supabase CLI writes them) that file is used instead.
// Throws Error "invalid_key" or "invalid_config".
[[nodiscard]] ProjectKeys load_keys(const Project& project, const AuthConfig& config);

}  // namespace bailey::stack
