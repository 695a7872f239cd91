#pragma once

#include <atomic>
#include <cstdint>

namespace bailey {

// A number written by one thread and read by any.
class Counter {
 public:
  void add(std::uint64_t by = 1) noexcept { set(get() + by); }
  void subtract(std::uint64_t by = 1) noexcept { set(get() - by); }
  void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

}  // namespace bailey
