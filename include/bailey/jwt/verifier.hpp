#pragma once

#include <bailey/jwt/claims.hpp>
#include <bailey/jwt/key_set.hpp>
#include <bailey/jwt/rejection.hpp>

#include <chrono>
#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::jwt {

// The part of a token's header that matters to us (RFC 7515 section 4.1). Not yet believed.
struct TokenHeader {
  Algorithm algorithm;
  std::string kid;  // "" when it names none
};

// Reads the header of a compact token and checks the form of the whole, but no signature.
[[nodiscard]] std::expected<TokenHeader, Rejection> read_header(
    std::string_view token, std::size_t token_limit_bytes = default_token_limit_bytes);

struct VerifierOptions {
  std::vector<std::string> issuers{};    // empty: any; else `iss` must be one of them, exactly
  std::vector<std::string> audiences{};  // empty: any; else one of the token's `aud` must be one of them, exactly
  std::chrono::seconds leeway{0};        // for clocks that differ: added to `exp`, taken from `nbf`
  bool require_expiry = true;            // refuse a token without `exp`
  std::size_t token_limit_bytes = default_token_limit_bytes;
};

// Decides whether a compact JWS is a token of a trusted key and valid now. The key decides the algorithm; what the
// header says must agree. Order: size, form, header, key, signature, claims, times, issuer, audience; so nothing of an
// unsigned payload is ever read. No I/O; immutable; any thread, at the same time.
class Verifier {
 public:
  explicit Verifier(std::shared_ptr<const KeySet> keys, VerifierOptions options = {});

  [[nodiscard]] std::expected<Claims, Rejection> verify(std::string_view token, UnixSeconds now) const;

  // The checks that depend on the time alone, for claims verified earlier.
  [[nodiscard]] std::expected<void, Rejection> check_times(const Claims& claims, UnixSeconds now) const;

  // Times, issuer and audience.
  [[nodiscard]] std::expected<void, Rejection> check_claims(const Claims& claims, UnixSeconds now) const;

  [[nodiscard]] const KeySet& keys() const noexcept { return *keys_; }
  [[nodiscard]] const VerifierOptions& options() const noexcept { return options_; }

 private:
  std::shared_ptr<const KeySet> keys_;
  VerifierOptions options_;
};

}  // namespace bailey::jwt
