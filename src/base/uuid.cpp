#include <bailey/base/uuid.hpp>

#include <array>
#include <cstdint>
#include <cstring>

#include <bailey/base/ascii.hpp>
#include <bailey/base/random.hpp>

namespace bailey {
namespace {

// The two digits of every byte.
constexpr auto digit_pairs = [] {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t byte = 0; byte < pairs.size(); ++byte) pairs[byte] = {digits[byte >> 4], digits[byte & 15]};
  return pairs;
}();

// What a hexadecimal digit is worth; for all else more than any of them.
constexpr auto digit_values = [] {
  std::array<std::uint8_t, 256> values{};
  for (std::size_t byte = 0; byte < values.size(); ++byte)
    values[byte] = static_cast<std::uint8_t>(ascii::hex_value(static_cast<char>(byte)));
  return values;
}();

// Behind which bytes a hyphen stands: 8-4-4-4-12 digits.
constexpr bool hyphen_before(std::size_t byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) noexcept {
  if (text.size() != 36 && text.size() != 32) return std::nullopt;
  const bool hyphenated = text.size() == 36;
  std::array<std::byte, 16> bytes{};
  unsigned seen = 0;
  const char* at = text.data();  // its size is known
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (hyphenated && hyphen_before(i) && *at++ != '-') return std::nullopt;
    const unsigned high = digit_values[static_cast<unsigned char>(at[0])];
    const unsigned low = digit_values[static_cast<unsigned char>(at[1])];
    seen |= high | low;
    bytes[i] = static_cast<std::byte>(high << 4 | low);
    at += 2;
  }
  if (seen > 15) return std::nullopt;
  return Uuid(bytes);
}

Uuid Uuid::random() {
  std::array<std::byte, 16> bytes{};
  random_bytes(bytes);
  bytes[6] = (bytes[6] & std::byte{0x0F}) | std::byte{0x40};  // version 4
  bytes[8] = (bytes[8] & std::byte{0x3F}) | std::byte{0x80};  // the RFC's variant
  return Uuid(bytes);
}

void Uuid::append_to(std::string& out) const {
  std::array<char, 36> text;
  char* to = text.data();
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    if (hyphen_before(i)) *to++ = '-';
    std::memcpy(to, digit_pairs[std::to_integer<std::uint8_t>(bytes_[i])].data(), 2);
    to += 2;
  }
  out.append(text.data(), text.size());
}

std::string Uuid::to_string() const {
  std::string text;
  append_to(text);
  return text;
}

}  // namespace bailey
