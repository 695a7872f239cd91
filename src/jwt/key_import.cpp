// Keys from JWK (RFC 7517, RFC 7518 section 6, RFC 8037) and from a plain secret. Whatever is taken is checked here,
// once: sizes, the point being on the curve, the private half belonging to the public one. So no verification has to.
#include <bailey/base/base64url.hpp>
#include <bailey/jwt/key.hpp>

#include "jwt/key_material.hpp"

#include <openssl/core_names.h>

#include <array>
#include <optional>

namespace bailey::jwt {
namespace {

namespace json = boost::json;
using detail::BigNumber;
using detail::EvpKey;
using detail::EvpKeyContext;
using detail::KeyMaterial;

constexpr std::size_t hmac_secret_bytes = 32;
constexpr std::size_t p256_number_bytes = 32;
constexpr std::size_t ed25519_key_bytes = 32;
constexpr int rsa_bits_least = 2048;
constexpr int rsa_bits_most = 8192;  // verification costs the square of it
constexpr int rsa_exponent_bits_most = 32;

std::unexpected<Error> invalid(std::string_view why) {
  std::string message = "This key cannot be used: ";
  return std::unexpected(Error("invalid_key", message += why));
}

std::optional<std::string_view> text(const json::object& jwk, std::string_view name) {
  const json::value* value = jwk.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

std::optional<std::string> decoded(const json::object& jwk, std::string_view name) {
  const auto encoded = text(jwk, name);
  return encoded ? base64url_decode(*encoded) : std::nullopt;
}

const unsigned char* bytes(const std::string& content) noexcept {
  return reinterpret_cast<const unsigned char*>(content.data());
}

BigNumber number(const std::string& content) {
  return BigNumber(BN_bin2bn(bytes(content), static_cast<int>(content.size()), nullptr));
}

EvpKey build_key(const char* type, OSSL_PARAM_BLD* builder, bool has_private_half) {
  const detail::Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
      EVP_PKEY_fromdata(context.get(), &key, has_private_half ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                        parameters.get()) <= 0) {
    return nullptr;
  }
  return EvpKey(key);
}

bool is_sound(EVP_PKEY* key, bool has_private_half) {
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return context && EVP_PKEY_public_check(context.get()) == 1 &&
         (!has_private_half || EVP_PKEY_pairwise_check(context.get()) == 1);
}

Expected<EvpKey> read_ec(const json::object& jwk, bool has_private_half) {
  if (text(jwk, "crv") != "P-256") return invalid("of elliptic curves only P-256 is known");
  const auto x = decoded(jwk, "x");
  const auto y = decoded(jwk, "y");
  if (!x || !y || x->size() != p256_number_bytes || y->size() != p256_number_bytes) {
    return invalid("x and y must be base64url of 32 bytes");
  }
  const std::string point = '\x04' + *x + *y;
  const detail::ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  BigNumber d;
  if (has_private_half) {
    auto secret = decoded(jwk, "d");
    if (!secret || secret->size() != p256_number_bytes) return invalid("d must be base64url of 32 bytes");
    d = number(*secret);
    wipe(*secret);
    OSSL_PARAM_BLD_push_BN_pad(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, d.get(), p256_number_bytes);
  }
  EvpKey key = build_key("EC", builder.get(), has_private_half);
  if (!key || !is_sound(key.get(), has_private_half)) return invalid("its numbers are no key on P-256");
  return key;
}

Expected<EvpKey> read_rsa(const json::object& jwk, bool has_private_half) {
  struct Member {
    const char* name;
    const char* parameter;
  };
  static constexpr std::array<Member, 8> members{{{"n", OSSL_PKEY_PARAM_RSA_N},
                                                  {"e", OSSL_PKEY_PARAM_RSA_E},
                                                  {"d", OSSL_PKEY_PARAM_RSA_D},
                                                  {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
                                                  {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
                                                  {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
                                                  {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
                                                  {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}}};
  const detail::ParameterBuilder builder(OSSL_PARAM_BLD_new());
  std::array<BigNumber, members.size()> numbers;
  for (std::size_t i = 0; i < (has_private_half ? members.size() : 2); ++i) {
    auto content = decoded(jwk, members[i].name);
    if (!content || content->empty() || content->size() > rsa_bits_most / 8) {
      return invalid(
          "n, e and, for a private key, d, p, q, dp, dq and qi must be base64url numbers of at most 8192 bits");
    }
    numbers[i] = number(*content);
    wipe(*content);
    if (i >= 2) BN_set_flags(numbers[i].get(), BN_FLG_CONSTTIME);
    OSSL_PARAM_BLD_push_BN(builder.get(), members[i].parameter, numbers[i].get());
  }
  if (BN_num_bits(numbers[0].get()) < rsa_bits_least) return invalid("RSA keys must have at least 2048 bits");
  const BIGNUM* const e = numbers[1].get();
  if (!BN_is_odd(e) || BN_is_one(e) || BN_num_bits(e) > rsa_exponent_bits_most) {
    return invalid("the RSA exponent must be odd, above 1 and of at most 32 bits");
  }
  EvpKey key = build_key("RSA", builder.get(), has_private_half);
  if (!key || !is_sound(key.get(), has_private_half)) return invalid("its numbers are no RSA key");
  return key;
}

Expected<EvpKey> read_okp(const json::object& jwk, bool has_private_half) {
  if (text(jwk, "crv") != "Ed25519") return invalid("of Edwards curves only Ed25519 is known");
  const auto x = decoded(jwk, "x");
  if (!x || x->size() != ed25519_key_bytes) return invalid("x must be base64url of 32 bytes");
  if (!has_private_half) {
    EvpKey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(*x), x->size()));
    if (!key) return invalid("x is no point on Ed25519");
    return key;
  }
  auto d = decoded(jwk, "d");
  if (!d || d->size() != ed25519_key_bytes) return invalid("d must be base64url of 32 bytes");
  EvpKey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes(*d), d->size()));
  wipe(*d);
  std::array<unsigned char, ed25519_key_bytes> derived;
  std::size_t size = derived.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), derived.data(), &size) != 1 ||
      std::string_view(reinterpret_cast<const char*>(derived.data()), size) != *x) {
    return invalid("its private half does not belong to its public one");
  }
  return key;
}

Expected<std::string> read_kid(const json::object& jwk) {
  const json::value* kid = jwk.if_contains("kid");
  if (kid == nullptr) return std::string();
  if (!kid->is_string() || kid->get_string().size() > kid_limit_bytes) {
    return invalid("kid must be a string of at most 256 bytes");
  }
  return std::string(kid->get_string());
}

// `use` and `key_ops` (RFC 7517 sections 4.2 and 4.3), and `alg`, restrict a key; they are believed.
std::optional<std::string_view> unfit_use(const json::object& jwk, Algorithm algorithm) {
  if (jwk.contains("alg") && text(jwk, "alg") != to_string(algorithm))
    return "its alg is unknown or does not fit its kind";
  if (jwk.contains("use") && text(jwk, "use") != "sig") return "its use is not sig";
  if (const json::value* operations = jwk.if_contains("key_ops")) {
    if (!operations->is_array()) return "key_ops must be an array";
    for (const json::value& operation : operations->get_array()) {
      if (operation == "verify" || operation == "sign") return std::nullopt;
    }
    return "its key_ops allow neither sign nor verify";
  }
  return std::nullopt;
}

}  // namespace

Expected<Key> Key::from_jwk(const json::object& jwk) {
  const detail::ErrorScope scope;
  const auto type = text(jwk, "kty");
  std::optional<Algorithm> algorithm;
  if (type == "EC") algorithm = Algorithm::es256;
  if (type == "RSA") algorithm = Algorithm::rs256;
  if (type == "OKP") algorithm = Algorithm::eddsa;
  if (type == "oct") algorithm = Algorithm::hs256;
  if (!algorithm) return invalid("kty must be EC, RSA, OKP or oct");
  if (const auto why = unfit_use(jwk, *algorithm)) return invalid(*why);
  auto kid = read_kid(jwk);
  if (!kid) return std::unexpected(kid.error());

  if (*algorithm == Algorithm::hs256) {
    auto secret = decoded(jwk, "k");
    if (!secret) return invalid("k must be base64url");
    return from_secret(Secret(std::move(*secret)), std::move(*kid));
  }
  const bool has_private_half = jwk.contains("d");
  auto key = *algorithm == Algorithm::es256   ? read_ec(jwk, has_private_half)
             : *algorithm == Algorithm::rs256 ? read_rsa(jwk, has_private_half)
                                              : read_okp(jwk, has_private_half);
  if (!key) return std::unexpected(key.error());
  return Key(std::make_shared<const KeyMaterial>(*algorithm, std::move(*kid), std::move(*key), has_private_half));
}

Expected<Key> Key::from_secret(const Secret& secret, std::string kid) {
  if (secret.reveal().size() < hmac_secret_bytes) return invalid("an HS256 secret must have at least 32 bytes");
  if (kid.size() > kid_limit_bytes) return invalid("kid must be a string of at most 256 bytes");
  return Key(std::make_shared<const KeyMaterial>(std::move(kid), secret));
}

}  // namespace bailey::jwt
