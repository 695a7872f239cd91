#include "stack/gateway/private_host.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include <arpa/inet.h>

namespace bailey::stack::gateway {
namespace {

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint8_t, 16>;

template <class Address>
std::optional<Address> read_address(int family, std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> copy{};
  if (text.size() >= copy.size()) return std::nullopt;
  std::ranges::copy(text, copy.begin());
  Address address{};
  if (inet_pton(family, copy.data(), address.data()) != 1) return std::nullopt;
  return address;
}

std::optional<V4> v4_of(std::string_view host) { return read_address<V4>(AF_INET, host); }

std::optional<V6> v6_of(std::string_view host) {
  if (!host.starts_with('[') || !host.ends_with(']')) return std::nullopt;
  return read_address<V6>(AF_INET6, host.substr(1, host.size() - 2));
}

bool is_private(const V4& address) {
  const auto [a, b, c, d] = address;
  return a == 127 || a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168) || (a == 169 && b == 254) ||
         (a | b | c | d) == 0;
}

bool is_private(const V6& address) {
  const auto zero_until = [&](int end) {
    return std::all_of(address.begin(), address.begin() + end, [](std::uint8_t byte) { return byte == 0; });
  };
  const bool holds_v4 = zero_until(10) && address[10] == 0xff && address[11] == 0xff;
  if (holds_v4) return is_private(V4{address[12], address[13], address[14], address[15]});
  if (zero_until(15)) return address[15] <= 1;  // unspecified, loopback
  return (address[0] & 0xfe) == 0xfc || (address[0] == 0xfe && (address[1] & 0xc0) == 0x80);
}

bool is_below(std::string_view name, std::string_view domain) {
  return name.size() > domain.size() && ascii::equal_ignoring_case(name.substr(name.size() - domain.size()), domain);
}

}  // namespace

bool is_address(std::string_view host) { return v4_of(host) || v6_of(host); }

bool is_private_host(std::string_view host) {
  if (const auto address = v4_of(host)) return is_private(*address);
  if (const auto address = v6_of(host)) return is_private(*address);
  const auto in_names = [](char c) {
    return ascii::is_letter(c) || ascii::is_digit(c) || c == '-' || c == '_' || c == '.';
  };
  if (!std::ranges::all_of(host, in_names)) return false;
  if (host.ends_with('.')) host.remove_suffix(1);
  constexpr std::array<std::string_view, 6> own_domains{".localhost", ".local", ".internal",
                                                        ".test",      ".lan",   ".home.arpa"};
  const bool below_one = std::ranges::any_of(own_domains, [&](auto domain) { return is_below(host, domain); });
  return !host.empty() && (below_one || !host.contains('.'));
}

}  // namespace bailey::stack::gateway
