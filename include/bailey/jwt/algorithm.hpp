#pragma once

#include <optional>
#include <string_view>

namespace bailey::jwt {

// The signature algorithms we know (RFC 7518 section 3, RFC 8037). There is no value for "none": a token that names it,
// or anything else, has no algorithm and can never be checked.
enum class Algorithm {
  hs256,  // HMAC with SHA-256
  rs256,  // RSASSA-PKCS1-v1_5 with SHA-256
  es256,  // ECDSA on P-256 with SHA-256
  eddsa,  // Ed25519
};

// "HS256", "RS256", "ES256", "EdDSA".
[[nodiscard]] std::string_view to_string(Algorithm algorithm) noexcept;

// Exact, case-sensitive; nothing for all other names.
[[nodiscard]] std::optional<Algorithm> algorithm_named(std::string_view name) noexcept;

}  // namespace bailey::jwt
