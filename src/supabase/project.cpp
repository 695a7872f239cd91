#include "supabase/project.hpp"

#include <bailey/supabase/postgrest_error.hpp>

#include "supabase/api_key.hpp"
#include "supabase/direct_transport.hpp"
#include "supabase/http_transport.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace bailey::client_detail {

namespace {

// The base URL without a slash at its end. Its text is in no error: someone may have put a password into it.
std::string checked_url(std::string url) {
  if (url.empty()) throw Error("missing_setting", "Supabase needs the project's url (SUPABASE_URL).");
  while (url.ends_with('/')) url.pop_back();
  const std::size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  const bool clean = std::ranges::all_of(url, [](char c) { return c > ' ' && c < 127; });
  if (scheme == 0 || !clean || url.find_first_of("?#") != std::string::npos)
    throw Error("invalid_setting",
                "The project's url (SUPABASE_URL) must be http:// or https://, a host, and perhaps a path.");
  const std::string_view host = std::string_view(url).substr(scheme, url.find('/', scheme) - scheme);
  if (host.empty() || host.contains('@'))
    throw Error("invalid_setting", "The project's url (SUPABASE_URL) must name a host, without a user or password.");
  return url;
}

SupabaseOptions checked(SupabaseOptions options) {
  options.url = checked_url(std::move(options.url));
  if (options.anon_key.empty())
    throw Error("missing_setting", "Supabase needs the project's anon or publishable key (SUPABASE_ANON_KEY).");
  require_key(KeyRole::anon, options.anon_key, "The anon_key (SUPABASE_ANON_KEY)");
  require_key(KeyRole::service_role, options.service_role_key, "The service_role_key (SUPABASE_SERVICE_ROLE_KEY)");
  if (options.anon_key == options.service_role_key)
    throw Error(
        "invalid_setting",
        "The anon_key (SUPABASE_ANON_KEY) and the service_role_key (SUPABASE_SERVICE_ROLE_KEY) are the same key.");
  if (!options.jwt_secret.empty() &&
      (options.anon_key == options.jwt_secret || options.service_role_key == options.jwt_secret))
    throw Error("invalid_setting",
                "The jwt_secret (SUPABASE_JWT_SECRET) is given as a key, too, and would be sent with every request: "
                "SUPABASE_ANON_KEY or SUPABASE_SERVICE_ROLE_KEY holds it.");
  require_no_key(options.jwt_secret, "The jwt_secret (SUPABASE_JWT_SECRET)");
  if (std::ranges::find(options.exposed_schemas, options.schema) == options.exposed_schemas.end())
    options.exposed_schemas.insert(options.exposed_schemas.begin(), options.schema);
  options.tokens.url = options.url;
  options.tokens.api_key = options.anon_key;
  options.tokens.jwt_secret = options.jwt_secret;
  options.tokens.client = options.http;
  return options;
}

pg::Database database_of(const SupabaseOptions& options) {
  pg::Options database;
  database.connection_string = *options.database_url;
  database.roles = options.database_roles;
  database.connections_per_loop = options.database_connections_per_loop;
  database.statement_timeout = options.request_timeout;
  database.response_limit_bytes = options.response_limit_bytes;
  database.named_statements = options.named_statements;
  try {
    return pg::Database(std::move(database));
  } catch (const Error& error) {
    if (error.code() != "invalid_connection_string") throw;
    // The same, with the names it has here.
    throw Error(error.code(), "The project's database_url (DATABASE_URL) must be postgresql://… or key=value pairs.");
  }
}

std::unique_ptr<const Transport> transport_of(const SupabaseOptions& options) {
  if (options.database_url) {
    query::ExecutorOptions executor;
    executor.schemas = options.exposed_schemas;
    executor.extra_search_path = options.extra_search_path;
    executor.max_rows = options.max_rows;
    return std::make_unique<DirectTransport>(
        database_of(options), std::move(executor), options.tokens,
        DirectTransportOptions{.anon_key = options.anon_key, .service_role_key = options.service_role_key});
  }
  HttpTransportOptions rest;
  rest.rest_url = options.url + "/rest/v1";
  rest.anon_key = options.anon_key;
  rest.service_role_key = options.service_role_key;
  rest.timeout = options.request_timeout;
  rest.response_limit_bytes = options.response_limit_bytes;
  rest.retry = {.limit = options.retry_limit, .first_delay = options.retry_delay};
  return std::make_unique<HttpTransport>(options.http, std::move(rest));
}

}  // namespace

Project::Shared::Shared(SupabaseOptions given)
    : options(checked(std::move(given))), verifier(options.tokens), transport(transport_of(options)) {}

Project::Project(SupabaseOptions options) : shared_(std::make_shared<const Shared>(std::move(options))) {}

void Project::require_usable(const Identity& identity) const {
  if (identity.is_service_role() && options().service_role_key.empty())
    throw PostgrestError("missing_setting", "Acting as service_role needs its key, and the options hold none.", 500);
  const auto expiry = identity.expires_at();
  if (expiry && *expiry + options().tokens.leeway <= clock().now())
    throw PostgrestError("PGRST303", "JWT expired", 401);
}

}  // namespace bailey::client_detail
