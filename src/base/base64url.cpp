// RFC 4648, both alphabets. Decoding accepts exactly what encoding produces, so a text and its bytes determine each
// other: tokens compare as texts, and nothing can be hidden in spare bits.
#include <bailey/base/base64url.hpp>

#include <array>
#include <cstdint>

namespace bailey {
namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t no_digit = 0xFF;

consteval std::array<std::uint8_t, 256> inverse(std::string_view alphabet) {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}
constexpr auto standard_values = inverse(standard);
constexpr auto url_safe_values = inverse(url_safe);

std::string encode_with(std::string_view alphabet, std::string_view bytes, bool padded) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text.push_back(alphabet[(bits >> (count - 6)) & 63]);
  }
  if (count > 0) text.push_back(alphabet[(bits << (6 - count)) & 63]);
  while (padded && text.size() % 4 != 0) text.push_back('=');
  return text;
}

std::optional<std::string> decode_with(const std::array<std::uint8_t, 256>& values, std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::uint8_t value = values[static_cast<unsigned char>(c)];
    if (value == no_digit) return std::nullopt;
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<char>(static_cast<unsigned char>(bits >> count)));
    }
  }
  const std::uint32_t left_over = bits & ((1U << count) - 1U);
  if (left_over != 0) return std::nullopt;
  return bytes;
}

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string base64url_encode(std::string_view bytes) { return encode_with(url_safe, bytes, false); }
std::string base64url_encode(std::span<const std::byte> bytes) { return base64url_encode(as_text(bytes)); }

std::optional<std::string> base64url_decode(std::string_view text) { return decode_with(url_safe_values, text); }

std::string base64_encode(std::string_view bytes) { return encode_with(standard, bytes, true); }
std::string base64_encode(std::span<const std::byte> bytes) { return base64_encode(as_text(bytes)); }

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return decode_with(standard_values, text);
}

}  // namespace bailey
