#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace bailey::detail {

// SipHash-1-3 (Aumasson and Bernstein) under a secret key: strangers cannot choose texts that collide.
class SipHash {
 public:
  explicit constexpr SipHash(std::array<std::uint64_t, 2> key) noexcept : key_(key) {}

  [[nodiscard]] std::uint64_t operator()(std::string_view text) const noexcept {
    State v{key_[0] ^ 0x736f6d6570736575u, key_[1] ^ 0x646f72616e646f6du, key_[0] ^ 0x6c7967656e657261u,
            key_[1] ^ 0x7465646279746573u};
    const std::uint64_t length = text.size();
    for (; text.size() >= 8; text.remove_prefix(8)) absorb(v, word(text.data(), 8));
    absorb(v, word(text.data(), text.size()) | length << 56);
    v[2] ^= 0xff;
    for (int i = 0; i < 3; ++i) round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
  }

 private:
  using State = std::array<std::uint64_t, 4>;

  static std::uint64_t word(const char* bytes, std::size_t size) noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, size);
    if constexpr (std::endian::native == std::endian::big) value = std::byteswap(value);
    return value;
  }

  static void absorb(State& v, std::uint64_t word) noexcept {
    v[3] ^= word;
    round(v);
    v[0] ^= word;
  }

  static void round(State& v) noexcept {
    v[0] += v[1];
    v[1] = std::rotl(v[1], 13) ^ v[0];
    v[0] = std::rotl(v[0], 32);
    v[2] += v[3];
    v[3] = std::rotl(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = std::rotl(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = std::rotl(v[1], 17) ^ v[2];
    v[2] = std::rotl(v[2], 32);
  }

  std::array<std::uint64_t, 2> key_;
};

}  // namespace bailey::detail
