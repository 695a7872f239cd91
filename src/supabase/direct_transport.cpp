#include "supabase/direct_transport.hpp"

#include <bailey/jwt/claims.hpp>
#include <bailey/query/rest_error.hpp>

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

Task<query::Outcome> answer(query::Outcome outcome) { co_return outcome; }

query::Outcome refusal(const Error& error) {
  if (error.code() == "expired_token") return query::to_outcome({401, "PGRST303", "JWT expired"});
  if (error.http_status() == 401)
    return query::to_outcome(
        {401, "PGRST301", "No suitable key or wrong key type", "None of the keys was able to decode the JWT"});
  return query::to_outcome({error.http_status(), error.code(), error.message()});
}

}  // namespace

DirectTransport::DirectTransport(query::Executor executor, TokenVerifier verifier, DirectTransportOptions options)
    : executor_(std::move(executor)),
      verifier_(std::move(verifier)),
      options_(std::move(options)),
      anon_claims_(claims_of_key(options_.anon_key, anon_role)),
      service_role_claims_(claims_of_key(options_.service_role_key, service_role)) {}

Task<query::Outcome> DirectTransport::send(query::Query query, Identity identity) const {
  if (identity.is_anonymous() || identity.is_service_role() || identity.is_verified())
    return run(std::move(query), identity);

  const std::string_view token = identity.token();
  if (options_.anon_key.equals(token)) return run(std::move(query), Identity::anonymous());
  if (!options_.service_role_key.empty() && options_.service_role_key.equals(token))
    return run(std::move(query), Identity::service_role());
  if (auto verdict = verifier_.verify_now(token)) {
    if (!*verdict) return answer(refusal(verdict->error()));
    return run(std::move(query), **verdict);
  }
  return verify_and_run(std::move(query), std::move(identity));
}

Task<query::Outcome> DirectTransport::run(query::Query query, const Identity& identity) const {
  pg::RlsScope scope;
  if (identity.is_service_role()) {
    scope.role = service_role;
    scope.claims = service_role_claims_;
  } else if (identity.is_verified()) {
    scope.role = identity.role().empty() ? anon_role : identity.role();
    scope.claims = identity.claims_json();
  } else {
    scope.role = anon_role;
    scope.claims = anon_claims_;
  }
  return executor_.run(std::move(query), std::move(scope));
}

Task<query::Outcome> DirectTransport::verify_and_run(query::Query query, Identity identity) const {
  Expected<Identity> verdict = co_await verifier_.verify(std::string(identity.token()));
  if (!verdict) co_return refusal(verdict.error());
  co_return co_await run(std::move(query), *verdict);
}

}  // namespace bailey::client_detail
