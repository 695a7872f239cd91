#include <bailey/jwt/algorithm.hpp>
#include <bailey/jwt/rejection.hpp>

namespace bailey::jwt {

std::string_view to_string(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::hs256: return "HS256";
    case Algorithm::rs256: return "RS256";
    case Algorithm::es256: return "ES256";
    case Algorithm::eddsa: return "EdDSA";
  }
  return {};
}

std::optional<Algorithm> algorithm_named(std::string_view name) noexcept {
  for (const Algorithm algorithm : {Algorithm::hs256, Algorithm::rs256, Algorithm::es256, Algorithm::eddsa}) {
    if (name == to_string(algorithm)) return algorithm;
  }
  return std::nullopt;
}

std::string_view to_string(Rejection rejection) noexcept {
  switch (rejection) {
    case Rejection::malformed: return "malformed";
    case Rejection::too_large: return "too_large";
    case Rejection::algorithm: return "algorithm";
    case Rejection::unsafe_header: return "unsafe_header";
    case Rejection::critical_header: return "critical_header";
    case Rejection::unknown_key: return "unknown_key";
    case Rejection::signature: return "signature";
    case Rejection::claims: return "claims";
    case Rejection::missing_expiry: return "missing_expiry";
    case Rejection::expired: return "expired";
    case Rejection::not_yet_valid: return "not_yet_valid";
    case Rejection::issuer: return "issuer";
    case Rejection::audience: return "audience";
  }
  return {};
}

}  // namespace bailey::jwt
