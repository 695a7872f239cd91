#include <bailey/query/token_scope.hpp>

#include <bailey/base/base64url.hpp>

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

// In JSON it can only be an escape: a backslash that no other escapes, then u0000.
bool holds_nul(std::string_view json) {
  for (std::size_t at = json.find("\\u0000"); at != std::string_view::npos; at = json.find("\\u0000", at + 1)) {
    const std::size_t before = json.find_last_not_of('\\', at);
    const std::size_t backslashes = at - (before == std::string_view::npos ? 0 : before + 1) + 1;
    if (backslashes % 2 == 1) return true;
  }
  return false;
}

RestError bad_claims(std::string message) { return {401, "PGRST303", std::move(message)}; }

// Which of the claims PostgREST reads is of a wrong type. The payload is of a token that somebody trusted has signed.
std::string wrong_claim(std::string_view token) {
  namespace json = boost::json;
  const std::size_t begin = token.find('.') + 1;
  const auto payload = base64url_decode(token.substr(begin, token.find('.', begin) - begin));
  json::error_code problem;
  const json::value parsed = payload ? json::parse(*payload, problem) : json::value();
  const json::object* claims = problem ? nullptr : parsed.if_object();
  if (claims == nullptr) return "Parsing claims failed";
  for (const std::string_view name : {"exp", "nbf", "iat"}) {
    const json::value* value = claims->if_contains(name);
    if (value != nullptr && !value->is_number()) return "The JWT '" + std::string(name) + "' claim must be a number";
  }
  const json::value* audience = claims->if_contains("aud");
  const auto is_text = [](const json::value& value) { return value.is_string(); };
  const bool texts = audience == nullptr || audience->is_null() || audience->is_string() ||
                     (audience->is_array() && std::ranges::all_of(audience->get_array(), is_text));
  return texts ? "Parsing claims failed" : "The JWT 'aud' claim must be a string or an array of strings";
}

}  // namespace

std::expected<pg::RlsScope, RestError> scope_of(const jwt::Claims& claims, std::string_view anon_role,
                                                UnixSeconds now) {
  if (claims.issued_at && *claims.issued_at > now + token_leeway) {
    return std::unexpected(bad_claims("JWT issued at future"));
  }
  if (holds_nul(claims.json)) return std::unexpected(bad_claims("Parsing claims failed"));
  if (claims.role.empty()) return pg::RlsScope{std::string(anon_role), with_role(claims.json, anon_role), {}};
  return pg::RlsScope{claims.role, claims.json, {}};
}

RestError refusal_of(jwt::Rejection why, std::string_view token) {
  if (token.empty()) return {401, "PGRST301", "Empty JWT is sent in Authorization header"};
  const auto parts = 1 + std::ranges::count(token, '.');
  switch (why) {
    case jwt::Rejection::expired: return bad_claims("JWT expired");
    case jwt::Rejection::not_yet_valid: return bad_claims("JWT not yet valid");
    case jwt::Rejection::audience: return bad_claims("JWT not in audience");
    case jwt::Rejection::claims: return bad_claims(wrong_claim(token));
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
