// The outer form of a token. Tokens are decoded into buffers on the stack, since signatures of strangers are checked in
// bulk; `base64url_decode` of the base module, the same rules with a string for a result, is the oracle in the tests.
#include "jwt/compact.hpp"

#include <array>
#include <cstdint>

namespace bailey::jwt::detail {
namespace {

constexpr std::uint8_t invalid = 0xff;

constexpr std::array<std::uint8_t, 256> make_table() {
  std::array<std::uint8_t, 256> table{};
  table.fill(invalid);
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr std::array<std::uint8_t, 256> values = make_table();

}  // namespace

std::expected<CompactView, Rejection> split_compact(std::string_view token, std::size_t limit_bytes) noexcept {
  if (token.size() > limit_bytes) return std::unexpected(Rejection::too_large);
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::unexpected(Rejection::malformed);
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::unexpected(Rejection::malformed);
  const CompactView parts{.header = token.substr(0, first),
                          .payload = token.substr(first + 1, second - first - 1),
                          .signature = token.substr(second + 1),
                          .signed_part = token.substr(0, second)};
  // A third dot is no character of the alphabet, so the signature's decoder refuses it; the empty ones are refused
  // here.
  if (parts.header.empty() || parts.payload.empty() || parts.signature.empty()) {
    return std::unexpected(Rejection::malformed);
  }
  if (parts.signature.find('.') != std::string_view::npos) return std::unexpected(Rejection::malformed);
  return parts;
}

std::optional<std::size_t> decode_base64url(std::string_view text, std::span<char> out) noexcept {
  if (text.size() % 4 == 1) return std::nullopt;
  const std::size_t size = decoded_size(text.size());
  if (size > out.size()) return std::nullopt;
  std::uint32_t bits = 0;
  unsigned held = 0;
  std::size_t written = 0;
  for (const char c : text) {
    const std::uint8_t value = values[static_cast<unsigned char>(c)];
    if (value == invalid) return std::nullopt;
    bits = bits << 6 | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[written++] = static_cast<char>(bits >> held & 0xff);
      bits &= (1u << held) - 1;
    }
  }
  if (bits != 0) return std::nullopt;  // bits behind the last byte
  return written;
}

}  // namespace bailey::jwt::detail
