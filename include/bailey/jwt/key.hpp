#pragma once

#include <bailey/base/error.hpp>
#include <bailey/base/secret.hpp>
#include <bailey/jwt/algorithm.hpp>

#include <boost/json/object.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace bailey::jwt {

namespace detail {
class KeyMaterial;
}

// One key with the one algorithm it may be used for (RFC 7517). An HMAC secret and a public key are different things
// inside, so a public key can never be taken for a secret.
//
// Immutable; copies share the key. Any thread, at the same time. Errors: "invalid_key" (500), whose text names what is
// wrong and never holds key material.
class Key {
 public:
  // RSA of 2048 to 8192 bits (RS256), EC P-256 (ES256), OKP Ed25519 (EdDSA), oct of at least 32 bytes (HS256); the
  // private half is taken if it is there, and must belong to the public one. `alg`, `use` and `key_ops`, where present,
  // must fit.
  [[nodiscard]] static Expected<Key> from_jwk(const boost::json::object& jwk);

  // HS256. The bytes of the secret are the key, as they are (Supabase does not decode them); at least 32 of them.
  [[nodiscard]] static Expected<Key> from_secret(const Secret& secret, std::string kid = {});

  // New keys from the operating system's entropy.
  [[nodiscard]] static Key generate_es256(std::string kid);
  [[nodiscard]] static Key generate_rs256(std::string kid);
  [[nodiscard]] static Key generate_eddsa(std::string kid);

  [[nodiscard]] Algorithm algorithm() const noexcept;
  [[nodiscard]] const std::string& kid() const noexcept;  // "" when it has none
  [[nodiscard]] bool can_sign() const noexcept;

  // What may be published: kty, kid, alg, use, key_ops and the public members. Empty for HS256, which has nothing
  // public.
  [[nodiscard]] boost::json::object public_jwk() const;

  // The whole key as JSON text, to be stored. What cannot sign gives its public form.
  [[nodiscard]] Secret private_jwk() const;

  // A token in compact form (RFC 7515 section 7.1) with `alg`, `typ` "JWT" and, if the key has one, `kid` in its
  // header. `claims_json` is a JSON object and goes in as it is. Errors: "invalid_claims" when it is not an object,
  // "invalid_key" when this key cannot sign.
  [[nodiscard]] Expected<std::string> sign(std::string_view claims_json) const;

  // Whether `signature` (the decoded bytes, for ES256 r and s of 32 bytes each) is this key's over `signed_part`.
  [[nodiscard]] bool accepts(std::string_view signed_part, std::string_view signature) const noexcept;

  // For the module's own sources.
  explicit Key(std::shared_ptr<const detail::KeyMaterial> material) noexcept : material_(std::move(material)) {}

 private:
  std::shared_ptr<const detail::KeyMaterial> material_;  // shared: key sets are swapped while others still verify
};

// The longest `kid` we take, in a key or in a token.
inline constexpr std::size_t kid_limit_bytes = 256;

}  // namespace bailey::jwt
