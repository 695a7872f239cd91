#pragma once

#include <chrono>

namespace bailey {

// Wall-clock time to the second, as tokens count it (RFC 7519 NumericDate).
using UnixSeconds = std::chrono::sys_seconds;

// Where the wall-clock time comes from. What depends on time takes one, so that a test can say what time it is.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual UnixSeconds now() const noexcept = 0;
};

// The machine's clock. Stateless, any thread.
[[nodiscard]] const Clock& system_clock() noexcept;

}  // namespace bailey
