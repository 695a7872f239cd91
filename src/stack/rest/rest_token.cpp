#include "stack/rest/rest_token.hpp"

#include <bailey/http/headers.hpp>

#include <boost/json.hpp>

#include <algorithm>

namespace bailey::stack::rest {
namespace {

using query::RestError;

// The token of "Bearer <token>", possibly empty; nullopt for another scheme or none, which PostgREST takes for no
// token.
std::optional<std::string_view> bearer(std::string_view authorization) {
  constexpr std::string_view scheme = "Bearer";
  if (!http::equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
  std::string_view rest = authorization.substr(scheme.size());
  if (!rest.empty() && rest.front() != ' ') return std::nullopt;
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return rest;
}

RestError describe(jwt::Rejection rejection, std::string_view token) {
  const auto parts = 1 + std::ranges::count(token, '.');
  switch (rejection) {
    case jwt::Rejection::expired: return {401, "PGRST303", "JWT expired"};
    case jwt::Rejection::not_yet_valid: return {401, "PGRST303", "JWT not yet valid"};
    case jwt::Rejection::audience: return {401, "PGRST303", "JWT not in audience"};
    case jwt::Rejection::algorithm: return {401, "PGRST301", "Wrong or unsupported encoding algorithm"};
    case jwt::Rejection::unknown_key:
    case jwt::Rejection::signature:
      return {401, "PGRST301", "No suitable key or wrong key type", "None of the keys was able to decode the JWT"};
    default:
      if (parts != 3) return {401, "PGRST301", "Expected 3 parts in JWT; got " + std::to_string(parts)};
      return {401, "PGRST301", "JWT cryptographic operation failed"};
  }
}

// PostgREST puts the role it took into the claims SQL sees. The claims are a JSON object the verifier has parsed.
std::string with_role(std::string_view claims, std::string_view role) {
  boost::json::value parsed = boost::json::parse(claims);
  parsed.as_object()["role"] = role;
  return boost::json::serialize(parsed);
}

pg::RlsScope scope_of(const jwt::Claims& claims) {
  if (claims.role.empty()) return {std::string(anon_role), with_role(claims.json, anon_role), {}};
  return {claims.role, claims.json, {}};
}

}  // namespace

std::expected<pg::RlsScope, RestError> scope_of(std::string_view authorization, const jwt::Verifier& verifier,
                                                detail::TokenCache& known, UnixSeconds now) {
  const auto token = bearer(authorization);
  if (!token) return pg::RlsScope{std::string(anon_role), R"({"role":"anon"})", {}};
  if (token->empty()) return std::unexpected(RestError(401, "PGRST301", "Empty JWT is sent in Authorization header"));
  if (const auto* entry = known.find(*token)) {
    const auto checked = verifier.check_times(entry->identity.claims(), now);
    if (!checked) return std::unexpected(describe(checked.error(), *token));
    return scope_of(entry->identity.claims());
  }
  auto claims = verifier.verify(*token, now);
  if (!claims) return std::unexpected(describe(claims.error(), *token));
  const UnixSeconds holds_until =
      claims->expires_at ? *claims->expires_at + verifier.options().leeway : UnixSeconds::max();
  const Identity identity = Identity::verified(std::move(*claims), std::string(*token));
  known.insert(identity, holds_until, now);
  return scope_of(identity.claims());
}

}  // namespace bailey::stack::rest
