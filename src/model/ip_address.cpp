#include <bailey/model/ip_address.hpp>

#include <arpa/inet.h>

#include <array>

namespace bailey {

std::expected<IpAddress, std::string> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') == std::string::npos) {
    std::array<unsigned char, 16> bytes{};
    std::array<char, INET6_ADDRSTRLEN> normal{};
    for (const int family : {AF_INET, AF_INET6})
      if (::inet_pton(family, terminated.c_str(), bytes.data()) == 1)
        return IpAddress(::inet_ntop(family, bytes.data(), normal.data(), static_cast<socklen_t>(normal.size())));
  }
  return std::unexpected(std::string(TextCodec<IpAddress>::kind_error));
}

}  // namespace bailey
