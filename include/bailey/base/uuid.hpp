#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bailey {

// A UUID (RFC 9562): 16 bytes, a value. Default-constructed it is the nil UUID. Ordered as its bytes are.
class Uuid {
 public:
  constexpr Uuid() noexcept = default;
  explicit constexpr Uuid(std::array<std::byte, 16> bytes) noexcept : bytes_(bytes) {}

  // 36 characters with hyphens or 32 hexadecimal digits, in any case; nothing else (no braces, no "urn:uuid:").
  [[nodiscard]] static std::optional<Uuid> parse(std::string_view text) noexcept;

  // Version 4, from the operating system's entropy.
  [[nodiscard]] static Uuid random();

  // Lower case with hyphens, 36 characters.
  [[nodiscard]] std::string to_string() const;
  void append_to(std::string& out) const;

  [[nodiscard]] std::span<const std::byte, 16> bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool is_nil() const noexcept { return *this == Uuid(); }

  friend auto operator<=>(const Uuid&, const Uuid&) noexcept = default;

 private:
  std::array<std::byte, 16> bytes_{};
};

}  // namespace bailey

template <>
struct std::hash<bailey::Uuid> {
  // Unkeyed: fit for ids we made, not for keys strangers choose.
  std::size_t operator()(const bailey::Uuid& uuid) const noexcept {
    std::array<std::size_t, 16 / sizeof(std::size_t)> words;
    std::memcpy(words.data(), uuid.bytes().data(), 16);
    std::size_t mixed = 0;
    for (const std::size_t word : words) mixed = (mixed ^ word) * std::size_t{0x9E3779B97F4A7C15};
    return mixed ^ (mixed >> 32);
  }
};
