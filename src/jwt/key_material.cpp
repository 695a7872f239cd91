#include "jwt/key_material.hpp"

#include <bailey/base/error.hpp>

#include "jwt/ecdsa_signature.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/rsa.h>

#include <array>

namespace bailey::jwt::detail {
namespace {

constexpr std::size_t digest_bytes = 32;
using Digest = std::array<unsigned char, digest_bytes>;

const unsigned char* bytes(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// SHA-256 of OpenSSL's default provider, looked up once: the lookup costs more than the hash of a token.
const EVP_MD* sha256() noexcept {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return fetched;
}

[[noreturn]] void fail() { throw Error("crypto_unavailable", "The cryptographic library failed"); }

bool hash(EVP_MD_CTX* context, std::string_view message, Digest& out) noexcept {
  return EVP_DigestInit_ex2(context, sha256(), nullptr) == 1 &&
         EVP_DigestUpdate(context, message.data(), message.size()) == 1 &&
         EVP_DigestFinal_ex(context, out.data(), nullptr) == 1;
}

bool mac_of(EVP_MAC_CTX* context, std::string_view message, Digest& out) noexcept {
  std::size_t size = 0;
  return EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&  // the key it has
         EVP_MAC_update(context, bytes(message), message.size()) == 1 &&
         EVP_MAC_final(context, out.data(), &size, out.size()) == 1 && size == out.size();
}

bool set_scheme(EVP_PKEY_CTX* context, Algorithm algorithm) noexcept {
  if (algorithm == Algorithm::rs256 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) <= 0) return false;
  return EVP_PKEY_CTX_set_signature_md(context, sha256()) > 0;
}

}  // namespace

// A context for the time of one verification.
class KeyMaterial::Lease {
 public:
  explicit Lease(const KeyMaterial& material) : material_(material) {
    {
      const std::lock_guard lock(material_.mutex_);
      if (!material_.idle_.empty()) {
        context_ = std::move(material_.idle_.back());
        material_.idle_.pop_back();
        return;
      }
    }
    context_ = material_.new_context();
  }
  ~Lease() {
    try {
      const std::lock_guard lock(material_.mutex_);
      material_.idle_.push_back(std::move(context_));
    } catch (...) {
      // No memory to keep it: it is freed with the lease.
    }
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  Context* operator->() noexcept { return &context_; }

 private:
  const KeyMaterial& material_;
  Context context_;
};

KeyMaterial::KeyMaterial(Algorithm algorithm, std::string kid, EvpKey key, bool has_private_half)
    : algorithm_(algorithm), kid_(std::move(kid)), can_sign_(has_private_half), key_(std::move(key)) {}

KeyMaterial::KeyMaterial(std::string kid, Secret secret)
    : algorithm_(Algorithm::hs256),
      kid_(std::move(kid)),
      can_sign_(true),
      secret_(std::move(secret)),
      mac_(EVP_MAC_fetch(nullptr, "HMAC", nullptr)) {
  if (!mac_) fail();
}

KeyMaterial::~KeyMaterial() = default;

KeyMaterial::Context KeyMaterial::new_context() const {
  Context context;
  if (algorithm_ == Algorithm::hs256) {
    context.mac.reset(EVP_MAC_CTX_new(mac_.get()));
    std::array<char, 7> digest_name{"SHA256"};
    const std::array<OSSL_PARAM, 2> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name.data(), 0), OSSL_PARAM_construct_end()};
    const std::string_view secret = secret_.reveal();
    if (!context.mac || EVP_MAC_init(context.mac.get(), bytes(secret), secret.size(), parameters.data()) != 1) fail();
    return context;
  }
  context.digest.reset(EVP_MD_CTX_new());
  if (!context.digest) fail();
  if (algorithm_ == Algorithm::eddsa) return context;
  context.key.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  if (!context.key || EVP_PKEY_verify_init(context.key.get()) <= 0 || !set_scheme(context.key.get(), algorithm_))
    fail();
  return context;
}

bool KeyMaterial::verify(std::string_view message, std::string_view signature) const noexcept {
  const ErrorScope scope;
  try {
    switch (algorithm_) {
      case Algorithm::hs256: return verify_hmac(message, signature);
      case Algorithm::rs256:
      case Algorithm::es256: return verify_prehashed(message, signature);
      case Algorithm::eddsa: return verify_eddsa(message, signature);
    }
  } catch (...) {
    // Out of memory, or OpenSSL without the algorithm: what cannot be checked is not accepted.
  }
  return false;
}

bool KeyMaterial::verify_hmac(std::string_view message, std::string_view signature) const {
  if (signature.size() != digest_bytes) return false;
  Lease context(*this);
  Digest expected;
  if (!mac_of(context->mac.get(), message, expected)) return false;
  return CRYPTO_memcmp(expected.data(), signature.data(), expected.size()) == 0;
}

bool KeyMaterial::verify_prehashed(std::string_view message, std::string_view signature) const {
  std::optional<DerSignature> der;
  if (algorithm_ == Algorithm::es256) {
    der = der_from_raw(signature);
    if (!der) return false;
    signature = std::string_view(reinterpret_cast<const char*>(der->bytes.data()), der->size);
  } else if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()))) {
    return false;
  }
  Lease context(*this);
  Digest digest;
  if (!hash(context->digest.get(), message, digest)) return false;
  return EVP_PKEY_verify(context->key.get(), bytes(signature), signature.size(), digest.data(), digest.size()) == 1;
}

bool KeyMaterial::verify_eddsa(std::string_view message, std::string_view signature) const {
  Lease context(*this);
  EVP_MD_CTX* const digest = context->digest.get();
  return EVP_MD_CTX_reset(digest) == 1 &&
         EVP_DigestVerifyInit_ex(digest, nullptr, nullptr, nullptr, nullptr, key_.get(), nullptr) == 1 &&
         EVP_DigestVerify(digest, bytes(signature), signature.size(), bytes(message), message.size()) == 1;
}

std::optional<std::string> KeyMaterial::sign(std::string_view message) const {
  if (!can_sign_) return std::nullopt;
  const ErrorScope scope;
  if (algorithm_ == Algorithm::hs256) {
    Lease context(*this);
    Digest mac;
    if (!mac_of(context->mac.get(), message, mac)) fail();
    return std::string(mac.begin(), mac.end());
  }
  const EvpDigestContext context(EVP_MD_CTX_new());
  const char* const digest_name = algorithm_ == Algorithm::eddsa ? nullptr : "SHA256";
  std::size_t size = 0;
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), nullptr, digest_name, nullptr, nullptr, key_.get(), nullptr) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, bytes(message), message.size()) != 1) {
    fail();
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes(message),
                     message.size()) != 1) {
    fail();
  }
  signature.resize(size);
  return algorithm_ == Algorithm::es256 ? raw_from_der(signature) : signature;
}

}  // namespace bailey::jwt::detail
