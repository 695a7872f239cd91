// What passes is told by the kernel's coarse clock: that of its latest tick, a few milliseconds ago at most, from
// memory, where the fine one asks the processor. The wall clock is not: a token may be good from this very second.
#include <bailey/base/clock.hpp>

#include <ctime>

namespace bailey {
namespace {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] UnixSeconds now() const noexcept override {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }
  [[nodiscard]] SteadyTime steady_now() const noexcept override {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return SteadyTime(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
  }
};

}  // namespace

const Clock& system_clock() noexcept {
  static const SystemClock clock;
  return clock;
}

}  // namespace bailey
