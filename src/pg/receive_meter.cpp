// Linux moves a socket's peek offset (SO_PEEK_OFF, socket(7)) back by what is read, which counts to the byte: Unix
// sockets always, TCP since Linux 6.9. Elsewhere what is unread before and after is looked at. As more may come in
// between, that counts too little, never too much: a read takes at least what was there, up to the room libpq makes.
#include "pg/receive_meter.hpp"

#include <algorithm>
#include <limits>

#include <sys/ioctl.h>
#include <sys/socket.h>

namespace bailey::pg::detail {
namespace {

constexpr int far = std::numeric_limits<int>::max();
constexpr int least_room = 8192;  // of libpq's buffer, before each read

bool set_offset(int socket, int offset) noexcept {
  return ::setsockopt(socket, SOL_SOCKET, SO_PEEK_OFF, &offset, sizeof(offset)) == 0;
}

int unread_bytes(int socket) noexcept {
  int count = 0;
  return ::ioctl(socket, FIONREAD, &count) == 0 ? count : 0;
}

}  // namespace

void ReceiveMeter::start(int socket) noexcept {
  socket_ = socket;
  count_ = 0;
  exact_ = set_offset(socket, far);
}

void ReceiveMeter::before_read() noexcept {
  if (!exact_) unread_ = unread_bytes(socket_);
}

void ReceiveMeter::after_read() noexcept {
  if (!exact_) {
    const int read = std::max(unread_ - unread_bytes(socket_), std::min(unread_, least_room));
    count_ += static_cast<std::uint64_t>(read);
    return;
  }
  int offset = far;
  socklen_t size = sizeof(offset);
  if (::getsockopt(socket_, SOL_SOCKET, SO_PEEK_OFF, &offset, &size) != 0 || offset < 0) return;
  count_ += static_cast<std::uint64_t>(far - offset);
  set_offset(socket_, far);
}

}  // namespace bailey::pg::detail
