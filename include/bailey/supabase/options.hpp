#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/http/client.hpp>
#include <bailey/supabase/token_verifier.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bailey {

// Where a Supabase project is, the keys that open it, and how it is asked. Supabase takes a copy.
struct SupabaseOptions {
  std::string url;            // "https://<project>.supabase.co", "http://127.0.0.1:54321"; a path prefix is kept
  Secret anon_key{};          // the anon (JWT) or publishable (sb_publishable_…) key: sent with every request
  Secret service_role_key{};  // the service_role (JWT) or secret (sb_secret_…) key, which bypasses row-level security
  Secret jwt_secret{};        // of projects that sign tokens with HS256; others publish their keys
  // When it is set, database requests go directly to PostgreSQL instead of to `url`/rest/v1. The connection's user must
  // be a member of the roles anon, authenticated and service_role, as Supabase's `authenticator` and `postgres` are.
  std::optional<Secret> database_url{};

  std::string schema = "public";  // of `from` with one argument

  std::chrono::milliseconds request_timeout{30'000};      // one HTTP request, or one statement: no role has more
  std::chrono::milliseconds retry_delay{1'000};           // before the first retry of a read; doubles, at most 30 s
  unsigned retry_limit = 3;                               // reads over HTTP answered 503 or 520; 0: never
  std::size_t response_limit_bytes = 64UZ * 1024 * 1024;  // of an answer; more is an error, never a part of it

  // For the direct way only.
  std::vector<std::string> exposed_schemas{"public"};  // the only schemas that may be asked; `schema` is added
  std::vector<std::string> extra_search_path{"public", "extensions"};
  std::vector<std::string> database_roles{"anon", "authenticated", "service_role"};  // a token's role must be one
  std::optional<std::int64_t> max_rows = 1000;  // that a read returns, as Supabase's [api] max_rows; nullopt: no bound
  std::size_t database_connections_per_loop = 8;  // as pg::Options::connections_per_loop
  bool named_statements = true;                   // false behind a pooler in transaction mode

  TokenVerifierOptions tokens{};  // how tokens are verified; its url, api_key, jwt_secret and client are filled in
  http::Client http{};            // every HTTP request goes out through it
};

}  // namespace bailey
