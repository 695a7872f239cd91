#include <bailey/query/token_scope.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <string>

namespace bailey::query {

namespace {

// The claims are a JSON object the verifier has parsed.
std::string with_role(std::string_view claims, std::string_view role) {
  boost::json::value parsed = boost::json::parse(claims);
  parsed.as_object()["role"] = role;
  return boost::json::serialize(parsed);
}

}  // namespace

pg::RlsScope scope_of(const jwt::Claims& claims, std::string_view anon_role) {
  if (claims.role.empty()) return {std::string(anon_role), with_role(claims.json, anon_role), {}};
  return {claims.role, claims.json, {}};
}

RestError refusal_of(jwt::Rejection why, std::string_view token) {
  if (token.empty()) return {401, "PGRST301", "Empty JWT is sent in Authorization header"};
  const auto parts = 1 + std::ranges::count(token, '.');
  switch (why) {
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

}  // namespace bailey::query
