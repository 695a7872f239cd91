// What the operations of one WebSocket hold, until each has come to its end: one that its client has had enough of may
// take its time to stop, and holds its variables as long.
#pragma once

#include <bailey/runtime/event.hpp>

#include <cstddef>
#include <optional>

namespace bailey::graphql {

// On one loop, and longer there than its shares.
class OperationLoad {
 public:
  // One operation's part, by the bytes of the message that has asked for it.
  class Share {
   public:
    Share(OperationLoad& load, std::size_t bytes) noexcept : load_(load), bytes_(bytes) {
      ++load_.operations_;
      load_.bytes_ += bytes_;
    }
    ~Share() {
      --load_.operations_;
      load_.bytes_ -= bytes_;
      if (load_.ended_) load_.ended_->set();
    }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

   private:
    OperationLoad& load_;
    std::size_t bytes_;
  };

  struct Limits {
    std::size_t operations;
    std::size_t bytes;  // a single one may have more
  };
  explicit OperationLoad(Limits limits) noexcept : limits_(limits) {}

  // Whether there may be another one beside so many of so many bytes in all.
  [[nodiscard]] bool admits(std::size_t bytes, std::size_t operations, std::size_t their_bytes) const noexcept {
    if (operations >= limits_.operations) return false;
    return operations == 0 || (their_bytes <= limits_.bytes && bytes <= limits_.bytes - their_bytes);
  }
  // Waits until there may be another one beside all there are. One waits at a time.
  [[nodiscard]] Task<> room_for(std::size_t bytes) {
    while (!admits(bytes, operations_, bytes_)) {
      ended_.emplace();
      co_await ended_->wait();
      ended_.reset();
    }
  }

 private:
  Limits limits_;
  std::size_t operations_ = 0;
  std::size_t bytes_ = 0;
  std::optional<Event> ended_;
};

}  // namespace bailey::graphql
