// Keys made, and keys written as JWK. Numbers of EC keys have the curve's full width (RFC 7518 section 6.2.1.2), those
// of RSA keys no leading zeros (6.3.1.1).
#include <bailey/base/base64url.hpp>
#include <bailey/jwt/key.hpp>

#include "jwt/key_material.hpp"

#include <openssl/core_names.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <span>

namespace bailey::jwt {
namespace {

namespace json = boost::json;
using detail::BigNumber;
using detail::EvpKey;
using detail::KeyMaterial;

constexpr int p256_number_bytes = 32;
constexpr std::size_t ed25519_key_bytes = 32;

[[noreturn]] void fail() { throw Error("crypto_unavailable", "The cryptographic library failed"); }

std::string encoded_number(const EVP_PKEY* key, const char* parameter, int width = 0) {
  BIGNUM* value = nullptr;
  if (EVP_PKEY_get_bn_param(key, parameter, &value) != 1) fail();
  const BigNumber number(value);
  std::string content(static_cast<std::size_t>(width > 0 ? width : BN_num_bytes(value)), '\0');
  if (BN_bn2binpad(value, reinterpret_cast<unsigned char*>(content.data()), static_cast<int>(content.size())) < 0)
    fail();
  std::string encoded = base64url_encode(content);
  wipe(content);
  return encoded;
}

using RawGetter = int (*)(const EVP_PKEY*, unsigned char*, std::size_t*);

std::string encoded_raw(const EVP_PKEY* key, RawGetter get) {
  std::string content(ed25519_key_bytes, '\0');
  std::size_t size = content.size();
  if (get(key, reinterpret_cast<unsigned char*>(content.data()), &size) != 1) fail();
  std::string encoded = base64url_encode(content);
  wipe(content);
  return encoded;
}

json::object described(const KeyMaterial& material, std::string_view type, json::array operations) {
  json::object jwk;
  jwk["kty"] = type;
  if (!material.kid().empty()) jwk["kid"] = material.kid();
  jwk["use"] = "sig";
  jwk["key_ops"] = std::move(operations);
  jwk["alg"] = to_string(material.algorithm());
  return jwk;
}

void add_public_members(const KeyMaterial& material, json::object& jwk) {
  const EVP_PKEY* const key = material.key();
  switch (material.algorithm()) {
    case Algorithm::hs256: break;
    case Algorithm::es256:
      jwk["crv"] = "P-256";
      jwk["x"] = encoded_number(key, OSSL_PKEY_PARAM_EC_PUB_X, p256_number_bytes);
      jwk["y"] = encoded_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, p256_number_bytes);
      break;
    case Algorithm::rs256:
      jwk["n"] = encoded_number(key, OSSL_PKEY_PARAM_RSA_N);
      jwk["e"] = encoded_number(key, OSSL_PKEY_PARAM_RSA_E);
      break;
    case Algorithm::eddsa:
      jwk["crv"] = "Ed25519";
      jwk["x"] = encoded_raw(key, &EVP_PKEY_get_raw_public_key);
      break;
  }
}

void add_private_members(const KeyMaterial& material, json::object& jwk) {
  const EVP_PKEY* const key = material.key();
  switch (material.algorithm()) {
    case Algorithm::hs256: jwk["k"] = base64url_encode(material.secret().reveal()); break;
    case Algorithm::es256: jwk["d"] = encoded_number(key, OSSL_PKEY_PARAM_PRIV_KEY, p256_number_bytes); break;
    case Algorithm::rs256:
      jwk["d"] = encoded_number(key, OSSL_PKEY_PARAM_RSA_D);
      jwk["p"] = encoded_number(key, OSSL_PKEY_PARAM_RSA_FACTOR1);
      jwk["q"] = encoded_number(key, OSSL_PKEY_PARAM_RSA_FACTOR2);
      jwk["dp"] = encoded_number(key, OSSL_PKEY_PARAM_RSA_EXPONENT1);
      jwk["dq"] = encoded_number(key, OSSL_PKEY_PARAM_RSA_EXPONENT2);
      jwk["qi"] = encoded_number(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
      break;
    case Algorithm::eddsa: jwk["d"] = encoded_raw(key, &EVP_PKEY_get_raw_private_key); break;
  }
}

std::string_view type_name(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256: return "oct";
    case Algorithm::es256: return "EC";
    case Algorithm::rs256: return "RSA";
    case Algorithm::eddsa: return "OKP";
  }
  return {};
}

Key made(Algorithm algorithm, std::string kid, EVP_PKEY* key) {
  if (key == nullptr) fail();
  return Key(std::make_shared<const KeyMaterial>(algorithm, std::move(kid), EvpKey(key), true));
}

}  // namespace

json::object Key::public_jwk() const {
  if (algorithm() == Algorithm::hs256) return {};
  json::object jwk = described(*material_, type_name(algorithm()), {"verify"});
  add_public_members(*material_, jwk);
  return jwk;
}

Secret Key::private_jwk() const {
  if (!can_sign()) return Secret(json::serialize(public_jwk()));
  json::object jwk = described(*material_, type_name(algorithm()), {"sign", "verify"});
  add_public_members(*material_, jwk);
  add_private_members(*material_, jwk);
  return Secret(json::serialize(jwk));
}

Key Key::generate_es256(std::string kid) {
  return made(Algorithm::es256, std::move(kid), EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
}

Key Key::generate_rs256(std::string kid) {
  return made(Algorithm::rs256, std::move(kid), EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
}

Key Key::generate_eddsa(std::string kid) {
  return made(Algorithm::eddsa, std::move(kid), EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

}  // namespace bailey::jwt
