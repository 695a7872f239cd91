#include "stack/database/port.hpp"

#include <bailey/base/error.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <cerrno>
#include <string>

#include "stack/descriptor.hpp"

namespace bailey::stack {

void require_free_port(std::uint16_t port, std::string_view purpose, std::string_view setting) {
  const Descriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int reuse = 1;
  setsockopt(probe.get(), SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno != EADDRINUSE)
    return;
  std::string message = "port " + std::to_string(port) + ", where ";
  message.append(purpose).append(
      " is to listen, is taken by another program (another local Supabase?); stop that, or set another port in "
      "supabase/config.toml: ");
  throw Error("address_in_use", message.append(setting));
}

}  // namespace bailey::stack
