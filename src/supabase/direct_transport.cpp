#include "supabase/direct_transport.hpp"

#include <bailey/jwt/claims.hpp>
#include <bailey/query/rest_error.hpp>
#include <bailey/query/token_scope.hpp>

#include "supabase/query_error.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace bailey::client_detail {

namespace {

constexpr std::string_view anon_role = "anon";
constexpr std::string_view service_role = "service_role";

// The claims of a key of ours, if it is a token. It comes from the configuration, so nothing needs verifying, and it is
// believed for nothing but what SQL may read of it: the role is given by us.
std::string claims_of_key(const Secret& key, std::string_view role) {
  const auto claims = jwt::read_unverified(key.reveal());
  if (claims && claims->role == role) return claims->json;
  return R"({"role":")" + std::string(role) + R"("})";
}

Task<query::ApiResponse> answer(query::ApiResponse response) { co_return response; }

// As a REST server takes tokens, which is not as a guard does.
TokenVerifierOptions as_rest_takes_them(TokenVerifierOptions tokens) {
  tokens.leeway = std::max(tokens.leeway, query::token_leeway);
  tokens.require_subject = false;
  tokens.require_expiry = false;
  return tokens;
}

}  // namespace

DirectTransport::DirectTransport(pg::Database database, query::ExecutorOptions executor, TokenVerifierOptions tokens,
                                 DirectTransportOptions options)
    : database_(std::move(database)),
      executor_(database_, std::move(executor)),
      verifier_(as_rest_takes_them(std::move(tokens))),
      options_(std::move(options)),
      anon_claims_(claims_of_key(options_.anon_key, anon_role)),
      service_role_claims_(claims_of_key(options_.service_role_key, service_role)) {}

std::optional<Expected<Identity>> DirectTransport::identify(const Identity& identity) const {
  if (identity.is_anonymous() || identity.is_service_role() || identity.is_verified()) return identity;
  const std::string_view token = identity.token();
  if (options_.anon_key.equals(token)) return Identity::anonymous();
  if (!options_.service_role_key.empty() && options_.service_role_key.equals(token)) return Identity::service_role();
  return verifier_.verify_now(token);
}

Task<query::ApiResponse> DirectTransport::send(query::ApiRequest request, Identity identity,
                                               const RequestTrace& /*trace*/) const {
  if (const auto known = identify(identity)) {
    if (!*known) return answer(query::to_response(refusal(known->error(), identity.token())));
    return run(std::move(request), **known);
  }
  return verify_and_run(std::move(request), std::move(identity));
}

pg::ScopedDatabase DirectTransport::database(const Identity& identity) const {
  const auto known = identify(identity);
  if (!known)
    throw PostgrestError("unverified_token",
                         "Nothing is known of the token that the SQL would run with: verify it first.", 500);
  if (!*known) throw to_error(refusal(known->error(), identity.token()));
  auto scope = scope_of(**known);
  if (!scope) throw to_error(scope.error());
  const query::ExecutorOptions& options = executor_.options();
  scope->settings.emplace_back("search_path", query::search_path(options.schemas.front(), options.extra_search_path));
  const std::string role = scope->role;
  try {
    return database_.as(*std::move(scope));
  } catch (const Error& error) {
    if (error.code() != "role_not_allowed") throw PostgrestError(error.code(), error.message(), error.http_status());
    throw PostgrestError("42501", "permission denied to set role \"" + role + '"', 403);
  }
}

std::expected<pg::RlsScope, query::RestError> DirectTransport::scope_of(const Identity& identity) const {
  if (identity.is_verified()) return query::scope_of(identity.claims(), anon_role, system_clock().now());
  if (identity.is_service_role()) return pg::RlsScope{std::string(service_role), service_role_claims_, {}};
  return pg::RlsScope{std::string(anon_role), anon_claims_, {}};
}

Task<query::ApiResponse> DirectTransport::run(query::ApiRequest request, const Identity& identity) const {
  auto scope = scope_of(identity);
  if (!scope) return answer(query::to_response(scope.error()));
  return executor_.run(std::move(request), *std::move(scope));
}

Task<query::ApiResponse> DirectTransport::verify_and_run(query::ApiRequest request, Identity identity) const {
  Expected<Identity> verdict = co_await verifier_.verify(std::string(identity.token()));
  if (!verdict) co_return query::to_response(refusal(verdict.error(), identity.token()));
  co_return co_await run(std::move(request), *verdict);
}

query::RestError DirectTransport::refusal(const Error& error, std::string_view token) const {
  if (error.http_status() != 401) return {error.http_status(), error.code(), error.message()};
  const bool expired = error.code() == "expired_token";  // by the clock alone, perhaps, without a key to check it
  const jwt::Rejection why = expired ? jwt::Rejection::expired : verifier_.reason_against(token);
  return query::refusal_of(why, token);
}

}  // namespace bailey::client_detail
