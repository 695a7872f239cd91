#include "web/ip_network.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace bailey::web_detail {

namespace {

constexpr std::string_view mapped_prefix{"\0\0\0\0\0\0\0\0\0\0\xff\xff", 12};

bool is_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size();
}

// Whether the first `count` bits are the same.
bool begin_alike(std::string_view a, std::string_view b, unsigned count) noexcept {
  const std::size_t whole = count / 8;
  if (a.substr(0, whole) != b.substr(0, whole)) return false;
  if (count % 8 == 0) return true;
  const unsigned mask = 0xff00U >> (count % 8) & 0xffU;
  return ((static_cast<unsigned char>(a[whole]) ^ static_cast<unsigned char>(b[whole])) & mask) == 0;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) noexcept {
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.empty() || text.size() >= terminated.size() || text.contains('\0')) return std::nullopt;
  text.copy(terminated.data(), text.size());
  IpAddress address;
  if (::inet_pton(AF_INET, terminated.data(), address.bytes_.data()) == 1) return address;
  if (::inet_pton(AF_INET6, terminated.data(), address.bytes_.data()) != 1) return std::nullopt;
  address.is_v4_ = false;
  if (!address.bytes().starts_with(mapped_prefix)) return address;
  IpAddress mapped;
  std::copy_n(address.bytes_.begin() + mapped_prefix.size(), 4, mapped.bytes_.begin());
  return mapped;
}

std::optional<IpAddress> IpAddress::parse_node(std::string_view text) noexcept {
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && !(rest.starts_with(':') && is_port(rest.substr(1)))) return std::nullopt;
    const std::string_view inner = text.substr(1, close - 1);
    return inner.contains(':') ? parse(inner) : std::nullopt;
  }
  const std::size_t colon = text.find(':');
  const bool has_port = colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
  if (!has_port) return parse(text);
  return is_port(text.substr(colon + 1)) ? parse(text.substr(0, colon)) : std::nullopt;
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(is_v4_ ? AF_INET : AF_INET6, bytes_.data(), text.data(), text.size());
  return text.data();
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  const std::optional<IpAddress> address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  IpNetwork network;
  network.address_ = *address;
  const unsigned width = address->is_v4() ? 32 : 128;
  network.prefix_bits_ = width;
  if (slash == std::string_view::npos) return network;
  const std::string_view digits = text.substr(slash + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), network.prefix_bits_);
  if (error != std::errc() || end != digits.data() + digits.size() || network.prefix_bits_ > width) return std::nullopt;
  for (unsigned bit = network.prefix_bits_; bit < width; ++bit)
    if ((static_cast<unsigned char>(address->bytes()[bit / 8]) >> (7 - bit % 8) & 1U) != 0) return std::nullopt;
  return network;
}

bool IpNetwork::contains(const IpAddress& address) const noexcept {
  return address.is_v4() == address_.is_v4() && begin_alike(address.bytes(), address_.bytes(), prefix_bits_);
}

bool contains(const std::vector<IpNetwork>& networks, const IpAddress& address) noexcept {
  return std::ranges::any_of(networks, [&](const IpNetwork& network) { return network.contains(address); });
}

}  // namespace bailey::web_detail
