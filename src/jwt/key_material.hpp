#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/jwt/algorithm.hpp>

#include "jwt/openssl.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::jwt::detail {

// What is behind a Key: the cryptography. Immutable as seen from outside; any thread.
//
// OpenSSL's keys may be used by many threads at once, its contexts by one at a time, and setting a context up costs
// more than an HMAC. So contexts that are ready to verify are kept and lent out; there are never more than threads at
// work.
class KeyMaterial {
 public:
  KeyMaterial(Algorithm algorithm, std::string kid, EvpKey key, bool has_private_half);
  KeyMaterial(std::string kid, Secret secret);
  ~KeyMaterial();
  KeyMaterial(const KeyMaterial&) = delete;
  KeyMaterial& operator=(const KeyMaterial&) = delete;

  [[nodiscard]] Algorithm algorithm() const noexcept { return algorithm_; }
  [[nodiscard]] const std::string& kid() const noexcept { return kid_; }
  [[nodiscard]] bool can_sign() const noexcept { return can_sign_; }
  [[nodiscard]] const EVP_PKEY* key() const noexcept { return key_.get(); }
  [[nodiscard]] const Secret& secret() const noexcept { return secret_; }

  // `signature` is in JOSE's form.
  [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const noexcept;
  // In JOSE's form; nothing if the key has no private half.
  [[nodiscard]] std::optional<std::string> sign(std::string_view message) const;

 private:
  struct Context {
    EvpKeyContext key;
    EvpDigestContext digest;
    EvpMacContext mac;
  };
  class Lease;

  [[nodiscard]] Context new_context() const;
  [[nodiscard]] bool verify_hmac(std::string_view message, std::string_view signature) const;
  [[nodiscard]] bool verify_prehashed(std::string_view message, std::string_view signature) const;
  [[nodiscard]] bool verify_eddsa(std::string_view message, std::string_view signature) const;

  Algorithm algorithm_;
  std::string kid_;
  bool can_sign_;
  EvpKey key_;     // not for HS256
  Secret secret_;  // HS256 only
  EvpMac mac_;     // HS256 only

  mutable std::mutex mutex_;  // held for a push or a pop
  mutable std::vector<Context> idle_;
};

}  // namespace bailey::jwt::detail
