#pragma once

#include <chrono>

namespace bailey {

// Wall-clock time to the second, as tokens count it (RFC 7519 NumericDate).
using UnixSeconds = std::chrono::sys_seconds;

// Time as it passes: for how long something lasts or is believed. It is not set back when the wall clock is.
using SteadyTime = std::chrono::steady_clock::time_point;

// Where the time comes from. What depends on time takes one, so that a test can say what time it is.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual UnixSeconds now() const noexcept = 0;
  [[nodiscard]] virtual SteadyTime steady_now() const noexcept { return std::chrono::steady_clock::now(); }
};

// The machine's clocks. Stateless, any thread.
[[nodiscard]] const Clock& system_clock() noexcept;

}  // namespace bailey
