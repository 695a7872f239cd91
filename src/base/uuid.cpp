#include <bailey/base/uuid.hpp>

#include <cstdint>

#include <bailey/base/ascii.hpp>
#include <bailey/base/random.hpp>

namespace bailey {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// Behind which bytes a hyphen stands: 8-4-4-4-12 digits.
constexpr bool hyphen_before(std::size_t byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) noexcept {
  if (text.size() != 36 && text.size() != 32) return std::nullopt;
  const bool hyphenated = text.size() == 36;
  std::array<std::byte, 16> bytes{};
  std::size_t at = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (hyphenated && hyphen_before(i) && text[at++] != '-') return std::nullopt;
    const int high = ascii::hex_value(text[at]);
    const int low = ascii::hex_value(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<std::byte>(high * 16 + low);
    at += 2;
  }
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
  std::array<char, 36> text{};
  std::size_t at = 0;
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    if (hyphen_before(i)) text[at++] = '-';
    const auto value = std::to_integer<std::uint8_t>(bytes_[i]);
    text[at++] = hex_digits[value >> 4];
    text[at++] = hex_digits[value & 0x0F];
  }
  out.append(text.data(), text.size());
}

std::string Uuid::to_string() const {
  std::string text;
  append_to(text);
  return text;
}

}  // namespace bailey
