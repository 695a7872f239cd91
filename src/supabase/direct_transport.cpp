#include "supabase/direct_transport.hpp"

#include <bailey/jwt/claims.hpp>
#include <bailey/query/rest_error.hpp>
#include <bailey/query/token_scope.hpp>

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

DirectTransport::DirectTransport(query::Executor executor, TokenVerifierOptions tokens, DirectTransportOptions options)
    : executor_(std::move(executor)),
      verifier_(as_rest_takes_them(std::move(tokens))),
      options_(std::move(options)),
      anon_claims_(claims_of_key(options_.anon_key, anon_role)),
      service_role_claims_(claims_of_key(options_.service_role_key, service_role)) {}

Task<query::ApiResponse> DirectTransport::send(query::ApiRequest request, Identity identity) const {
  if (identity.is_anonymous() || identity.is_service_role() || identity.is_verified())
    return run(std::move(request), identity);

  const std::string_view token = identity.token();
  if (options_.anon_key.equals(token)) return run(std::move(request), Identity::anonymous());
  if (!options_.service_role_key.empty() && options_.service_role_key.equals(token))
    return run(std::move(request), Identity::service_role());
  if (auto verdict = verifier_.verify_now(token)) {
    if (!*verdict) return answer(refusal(verdict->error(), token));
    return run(std::move(request), **verdict);
  }
  return verify_and_run(std::move(request), std::move(identity));
}

Task<query::ApiResponse> DirectTransport::run(query::ApiRequest request, const Identity& identity) const {
  pg::RlsScope scope;
  if (identity.is_service_role()) {
    scope.role = service_role;
    scope.claims = service_role_claims_;
  } else if (identity.is_verified()) {
    auto verified = query::scope_of(identity.claims(), anon_role, system_clock().now());
    if (!verified) return answer(query::to_response(verified.error()));
    scope = std::move(*verified);
  } else {
    scope.role = anon_role;
    scope.claims = anon_claims_;
  }
  return executor_.run(std::move(request), std::move(scope));
}

Task<query::ApiResponse> DirectTransport::verify_and_run(query::ApiRequest request, Identity identity) const {
  Expected<Identity> verdict = co_await verifier_.verify(std::string(identity.token()));
  if (!verdict) co_return refusal(verdict.error(), identity.token());
  co_return co_await run(std::move(request), *verdict);
}

query::ApiResponse DirectTransport::refusal(const Error& error, std::string_view token) const {
  if (error.http_status() != 401) return query::to_response({error.http_status(), error.code(), error.message()});
  const bool expired = error.code() == "expired_token";  // by the clock alone, perhaps, without a key to check it
  const jwt::Rejection why = expired ? jwt::Rejection::expired : verifier_.reason_against(token);
  return query::to_response(query::refusal_of(why, token));
}

}  // namespace bailey::client_detail
