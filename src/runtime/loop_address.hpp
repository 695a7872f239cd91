#pragma once

#include <mutex>

namespace bailey {

class Loop;

namespace detail {

// Where a loop is, as long as it is.
struct LoopAddress {
  explicit LoopAddress(Loop* here) noexcept : loop(here) {}
  void forget() {
    const std::lock_guard lock(mutex);
    loop = nullptr;
  }

  std::mutex mutex;
  Loop* loop;
};

}  // namespace detail
}  // namespace bailey
