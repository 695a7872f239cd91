#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::jwt::detail {

// A P-256 signature: JOSE has r and s as 32 bytes each (RFC 7518 section 3.4), OpenSSL wants and gives DER.
inline constexpr std::size_t p256_signature_bytes = 64;

struct DerSignature {
  std::array<unsigned char, 72> bytes;
  std::size_t size;
};

// Nothing if the length is not exactly 64 bytes or r or s is zero.
[[nodiscard]] std::optional<DerSignature> der_from_raw(std::string_view raw) noexcept;

// Nothing if it is not a DER signature whose numbers fit in 32 bytes.
[[nodiscard]] std::optional<std::string> raw_from_der(std::string_view der);

}  // namespace bailey::jwt::detail
