#pragma once

#include <bailey/base/clock.hpp>
#include <bailey/jwt/rejection.hpp>

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::jwt {

// What a token says (RFC 7519 section 4.1 and Supabase's own). Absent strings are "".
struct Claims {
  std::string subject;
  std::string role;
  std::string email;
  std::string issuer;
  std::string session_id;
  std::vector<std::string> audience;
  std::optional<UnixSeconds> expires_at;  // fractions are cut off: never later than the token says
  std::optional<UnixSeconds> not_before;  // fractions are rounded up: never earlier
  std::optional<UnixSeconds> issued_at;
  bool is_anonymous = false;
  std::string json;  // the claims as received, a JSON object
};

// Reads a JSON object of claims. Refuses (`malformed`): anything but an object, a member twice at any depth, text that
// is not UTF-8, depth over 32, a claim above of another type, dates that are not finite or not in the years 1970 to
// 9999.
[[nodiscard]] std::expected<Claims, Rejection> parse_claims(std::string json);

// Reads a token's claims without verifying it: only its form is checked. Use it only for a token whose signature has
// been verified elsewhere.
[[nodiscard]] std::expected<Claims, Rejection> read_unverified(
    std::string_view token, std::size_t token_limit_bytes = default_token_limit_bytes);

}  // namespace bailey::jwt
