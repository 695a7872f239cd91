#pragma once

#include <atomic>
#include <cstddef>

namespace bailey::http {

// A bound on the memory of all request bodies of a server together, on all its loops. Any thread. A body that finds no
// room is refused, never kept waiting: what it waited for might be another that waits.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t limit_bytes) noexcept : limit_bytes_(limit_bytes) {}

  [[nodiscard]] std::size_t limit_bytes() const noexcept { return limit_bytes_; }
  [[nodiscard]] std::size_t used_bytes() const noexcept { return used_bytes_.load(std::memory_order_relaxed); }
  // Whether so much would fit now. A promise of nothing: others may take it.
  [[nodiscard]] bool has_room_for(std::size_t bytes) const noexcept {
    const std::size_t used = used_bytes();
    return used <= limit_bytes_ && bytes <= limit_bytes_ - used;
  }

  // What one body holds, given back when it is destroyed. On one thread; the budget must outlive it.
  class Share {
   public:
    explicit Share(BodyBudget& budget) noexcept : budget_(budget) {}
    ~Share() { give_back(); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    // Holds so much from now on, unless it held as much already. False when there is no room: then it holds what it
    // held.
    [[nodiscard]] bool grow_to(std::size_t bytes) noexcept {
      if (bytes <= held_bytes_) return true;
      if (!budget_.take(bytes - held_bytes_)) return false;
      held_bytes_ = bytes;
      return true;
    }
    // The same, and holds less from now on where it held more.
    [[nodiscard]] bool change_to(std::size_t bytes) noexcept {
      if (bytes >= held_bytes_) return grow_to(bytes);
      budget_.used_bytes_.fetch_sub(held_bytes_ - bytes, std::memory_order_relaxed);
      held_bytes_ = bytes;
      return true;
    }
    void give_back() noexcept { static_cast<void>(change_to(0)); }

   private:
    BodyBudget& budget_;
    std::size_t held_bytes_ = 0;
  };

 private:
  [[nodiscard]] bool take(std::size_t bytes) noexcept {
    std::size_t used = used_bytes();
    do {
      if (used > limit_bytes_ || bytes > limit_bytes_ - used) return false;
    } while (!used_bytes_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    return true;
  }

  const std::size_t limit_bytes_;
  std::atomic<std::size_t> used_bytes_ = 0;
};

}  // namespace bailey::http
