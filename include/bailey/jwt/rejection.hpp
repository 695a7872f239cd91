#pragma once

#include <cstddef>
#include <string_view>

namespace bailey::jwt {

// How long a token may be unless the caller says otherwise. The whole of it fits into the header fields a server of
// ours takes (http::ServerOptions::header_limit_bytes), with 8 KiB left for the others.
inline constexpr std::size_t default_token_limit_bytes = 24 * 1024;

// Why a token is refused. For logs, metrics and tests: a client is told "invalid" or "expired" and no more.
enum class Rejection {
  malformed,  // not three strict base64url parts of JSON objects
  too_large,
  algorithm,        // none, unknown, or another than the key's
  unsafe_header,    // brings its own key: jku, jwk, x5u, x5c
  critical_header,  // crit: asks for something we do not do
  unknown_key,      // no key for its kid and algorithm
  signature,
  claims,  // signed by a trusted key, but no JSON object, or one of the claims we read is of another type than it must
           // be
  missing_expiry,
  expired,
  not_yet_valid,
  issuer,
  audience,
};

// The name as above, for a log.
[[nodiscard]] std::string_view to_string(Rejection rejection) noexcept;

}  // namespace bailey::jwt
