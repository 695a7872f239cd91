#pragma once

#include <bailey/supabase/auth_client.hpp>
#include <bailey/supabase/identity.hpp>
#include <bailey/supabase/options.hpp>
#include <bailey/supabase/relation.hpp>
#include <bailey/supabase/request_trace.hpp>
#include <bailey/supabase/token_verifier.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bailey {

namespace pg {
class ScopedDatabase;
struct Stats;
}  // namespace pg

// A Supabase project as one identity sees it.
//
// An immutable handle: it shares the project (connections, keys, options) with its copies, and holds the identity that
// every call is made as. `as` returns a handle of another identity; a handle cannot be assigned to, so that
// `client = client.as(token)` on a shared client, which would give one user's rows to another, does not compile. A
// handle has no signed-in state: `auth()` returns tokens, and `as(token)` returns a handle that acts with one.
//
// Copies are cheap, and any thread may hold one. Await requests on a loop; in a plain main() that is
// `run_blocking([&] -> Task<…> { … })`.
//
// Database requests go over HTTP (`<url>/rest/v1`), or directly to PostgreSQL when the options hold a `database_url`:
// same builder, same roles and claims, same rows, same errors. The direct way verifies a token that is not verified yet
// before it sends anything, and refuses an expired identity.
class Supabase {
 public:
  // The project of these options, seen as nobody (role `anon`). Throws Error "missing_setting" without a url or an anon
  // key; "invalid_setting" when the url is not an http(s) one, or a key cannot be used or is not the kind of key its
  // name says (a service_role key as anon_key would open every row to requests without a token);
  // "invalid_connection_string" when libpq cannot read the database_url. Does not connect. Errors name the environment
  // variables of from_env and repeat no key.
  explicit Supabase(SupabaseOptions options);

  // From SUPABASE_URL and SUPABASE_ANON_KEY (or SUPABASE_PUBLISHABLE_KEY), and where they are set
  // SUPABASE_SERVICE_ROLE_KEY (or SUPABASE_SECRET_KEY), SUPABASE_JWT_SECRET and DATABASE_URL.
  [[nodiscard]] static Supabase from_env();

  Supabase(const Supabase&) = default;
  Supabase(Supabase&&) noexcept = default;
  Supabase& operator=(const Supabase&) = delete;
  Supabase& operator=(Supabase&&) = delete;
  ~Supabase() = default;

  // The same project as another identity.
  [[nodiscard]] Supabase as(Identity identity) const;
  // As the bearer of an access token. It need not be verified: each request verifies it, here or on the server.
  [[nodiscard]] Supabase as(std::string_view token) const;
  // As service_role, which bypasses row-level security. Throws Error "missing_setting" when the options hold no
  // service_role key.
  [[nodiscard]] Supabase as_service_role() const;

  // The same project as the same identity, whose requests over HTTP carry these headers. Those that handlers get do
  // where trace_context() is used.
  [[nodiscard]] Supabase traced(RequestTrace trace) const;

  [[nodiscard]] const Identity& identity() const noexcept { return identity_; }

  // A table or view of the default schema, or of another exposed one.
  [[nodiscard]] Relation from(std::string relation) const;
  [[nodiscard]] Relation from(std::string schema, std::string relation) const;

  // The database for SQL of your own, as this identity: role, claims and search_path are those of a request to
  // /rest/v1. Include <bailey/pg/scoped_database.hpp>. The handle is not bound to the life of the token: keep it no
  // longer than the request it serves.
  //
  // Call it on a loop when the token is not verified yet: it is verified now, without I/O. Throws PostgrestError
  // "missing_setting" when the options hold no `database_url`, "unverified_token" when the key of the token is not
  // known here, and the error of a request for a token that is refused.
  [[nodiscard]] pg::ScopedDatabase database() const;

  [[nodiscard]] AuthClient auth() const;
  [[nodiscard]] const TokenVerifier& verifier() const noexcept;  // lives as long as any handle of the project
  [[nodiscard]] const SupabaseOptions& options() const noexcept;
  [[nodiscard]] bool uses_database_directly() const noexcept;
  // What the connections to the database do; nullopt when requests go over HTTP. Include <bailey/pg/database.hpp>. Any
  // thread.
  [[nodiscard]] std::optional<pg::Stats> database_stats() const;

 private:
  Supabase(std::shared_ptr<const client_detail::Project> project, Identity identity) noexcept;

  std::shared_ptr<const client_detail::Project> project_;  // shared by all handles and unsent requests of the project
  Identity identity_;
};

}  // namespace bailey
