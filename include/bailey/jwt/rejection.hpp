#pragma once

#include <string_view>

namespace bailey::jwt {

// Why a token is refused. For logs, metrics and tests: a client is told "invalid" or "expired" and no more.
enum class Rejection {
  malformed,  // not three strict base64url parts of JSON objects
  too_large,
  algorithm,        // none, unknown, or another than the key's
  unsafe_header,    // brings its own key: jku, jwk, x5u, x5c
  critical_header,  // crit: asks for something we do not do
  unknown_key,      // no key for its kid and algorithm
  signature,
  missing_expiry,
  expired,
  not_yet_valid,
  issuer,
  audience,
};

// The name as above, for a log.
[[nodiscard]] std::string_view to_string(Rejection rejection) noexcept;

}  // namespace bailey::jwt
