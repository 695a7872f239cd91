#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::web_detail {

// An IPv4 or IPv6 address. An IPv4 address that is written as one of IPv6 (::ffff:192.0.2.7) is the IPv4 address.
class IpAddress {
 public:
  // "192.0.2.7", "2001:db8::7"; nullopt for anything else: ports, brackets, zones.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text) noexcept;
  // Of a node as proxies write it: also "192.0.2.7:5678", "[2001:db8::7]", "[2001:db8::7]:5678".
  [[nodiscard]] static std::optional<IpAddress> parse_node(std::string_view text) noexcept;

  [[nodiscard]] bool is_v4() const noexcept { return is_v4_; }
  // All of it: 4 or 16 bytes.
  [[nodiscard]] std::string_view bytes() const noexcept { return {bytes_.data(), is_v4_ ? 4UZ : 16UZ}; }
  // What tells one customer of a network from another: an IPv4 address, the /64 of one of IPv6.
  [[nodiscard]] std::string_view customer() const noexcept { return bytes().substr(0, 8); }
  [[nodiscard]] std::string to_string() const;

 private:
  std::array<char, 16> bytes_{};
  bool is_v4_ = true;
};

// Addresses with a prefix in common: "10.0.0.0/8", "2001:db8::/32", or one address.
class IpNetwork {
 public:
  // Nullopt also where bits are set behind the prefix: it is not clear then what was meant.
  [[nodiscard]] static std::optional<IpNetwork> parse(std::string_view text) noexcept;
  [[nodiscard]] bool contains(const IpAddress& address) const noexcept;

 private:
  IpAddress address_;
  unsigned prefix_bits_ = 0;
};

[[nodiscard]] bool contains(const std::vector<IpNetwork>& networks, const IpAddress& address) noexcept;

}  // namespace bailey::web_detail
