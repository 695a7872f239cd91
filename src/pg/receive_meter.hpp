#pragma once

#include <cstdint>

namespace bailey::pg::detail {

// How many bytes somebody else's reads take from a socket: libpq tells of an answer only when it has all of it. Without
// a cost while it is stopped.
class ReceiveMeter {
 public:
  // Counts from zero. The socket stays open until `stop`.
  void start(int socket) noexcept;
  void stop() noexcept { socket_ = -1; }
  [[nodiscard]] bool is_running() const noexcept { return socket_ >= 0; }

  // To be called around each read.
  void before_read() noexcept;
  void after_read() noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

 private:
  int socket_ = -1;
  bool exact_ = false;
  int unread_ = 0;  // before the read
  std::uint64_t count_ = 0;
};

}  // namespace bailey::pg::detail
