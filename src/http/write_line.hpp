#pragma once

#include <bailey/runtime/semaphore.hpp>

#include <optional>

namespace bailey::http {

// Those who write to one connection at the same time: each has its turn, first come, first served, until all it writes
// has been taken. As long as nobody has had to wait for the peer, no write can meet another, and there is no line: it
// is made by the first who is about to wait. On the connection's loop.
class WriteLine {
 public:
  using Turn = std::optional<Semaphore::Permit>;  // nothing: there is no line yet

  // Whether it is this one's turn at once. If not, await `enter`.
  [[nodiscard]] bool try_enter(Turn& turn) const {
    if (!line_) return true;
    turn = line_->try_acquire();
    return turn.has_value();
  }
  [[nodiscard]] Task<> enter(Turn& turn) const { turn.emplace(co_await line_->acquire()); }
  // Before one whose turn it is waits.
  void keep(Turn& turn) {
    if (!line_) turn = line_.emplace(1).try_acquire();
  }

  // No further turn: those in line are to look at `is_closed` when theirs comes, and nobody is to enter any more.
  // Returns when the last has left.
  [[nodiscard]] Task<> close() {
    is_closed_ = true;
    Turn last;
    if (!try_enter(last)) co_await enter(last);
  }
  [[nodiscard]] bool is_closed() const noexcept { return is_closed_; }

 private:
  std::optional<Semaphore> line_;
  bool is_closed_ = false;
};

}  // namespace bailey::http
