#include <bailey/base/random.hpp>

#include <sys/random.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include <bailey/base/base64url.hpp>

namespace bailey {

void random_bytes(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

std::string random_token(std::size_t bytes) {
  std::vector<std::byte> entropy(bytes);
  random_bytes(entropy);
  return base64url_encode(std::span<const std::byte>(entropy));
}

}  // namespace bailey
