#include <bailey/base/clock.hpp>

namespace bailey {
namespace {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] UnixSeconds now() const noexcept override {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }
};

}  // namespace

const Clock& system_clock() noexcept {
  static const SystemClock clock;
  return clock;
}

}  // namespace bailey
