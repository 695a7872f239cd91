// Written out by hand in the direction of the hot path (verifying): 64 bytes in, 72 at most out, no allocation. That r
// and s are below the order of the curve is OpenSSL's own check.
#include "jwt/ecdsa_signature.hpp"

#include "jwt/openssl.hpp"

#include <openssl/ec.h>

#include <algorithm>

namespace bailey::jwt::detail {
namespace {

constexpr std::size_t number_bytes = p256_signature_bytes / 2;

using EcdsaSignature = std::unique_ptr<ECDSA_SIG, FreeWith<&ECDSA_SIG_free>>;

// A positive INTEGER (X.690 8.3): no leading zeros but one where the first bit would read as a sign.
bool append_integer(std::string_view number, DerSignature& out) noexcept {
  number.remove_prefix(std::min(number.find_first_not_of('\0'), number.size()));
  if (number.empty()) return false;
  const bool padded = (static_cast<unsigned char>(number.front()) & 0x80u) != 0;
  out.bytes[out.size++] = 0x02;
  out.bytes[out.size++] = static_cast<unsigned char>(number.size() + (padded ? 1 : 0));
  if (padded) out.bytes[out.size++] = 0;
  for (const char c : number) out.bytes[out.size++] = static_cast<unsigned char>(c);
  return true;
}

}  // namespace

std::optional<DerSignature> der_from_raw(std::string_view raw) noexcept {
  if (raw.size() != p256_signature_bytes) return std::nullopt;
  DerSignature der{.bytes = {0x30}, .size = 2};
  if (!append_integer(raw.substr(0, number_bytes), der) || !append_integer(raw.substr(number_bytes), der)) {
    return std::nullopt;
  }
  der.bytes[1] = static_cast<unsigned char>(der.size - 2);
  return der;
}

std::optional<std::string> raw_from_der(std::string_view der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size())));
  if (!signature) return std::nullopt;
  std::array<unsigned char, p256_signature_bytes> raw;
  if (BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), number_bytes) != number_bytes ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + number_bytes, number_bytes) != number_bytes) {
    return std::nullopt;
  }
  return std::string(raw.begin(), raw.end());
}

}  // namespace bailey::jwt::detail
