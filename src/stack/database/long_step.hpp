#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace bailey::stack {

// While it lives, the log says every few seconds what is waited for, and for how long already: whoever sits before a
// start that does not go on learns why. It ends nothing itself.
class LongStep {
 public:
  static constexpr std::chrono::milliseconds interval{5'000};

  // `waits_for` says whom the step waits for, "" for nobody. It is called on a thread of the step's own before each
  // line, must not throw, and the step's end waits for it.
  explicit LongStep(std::string what, std::function<std::string()> waits_for = {},
                    std::chrono::milliseconds every = interval);
  ~LongStep();
  LongStep(const LongStep&) = delete;
  LongStep& operator=(const LongStep&) = delete;

 private:
  void tell(std::chrono::milliseconds every);

  std::string what_;
  std::function<std::string()> waits_for_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool has_ended_ = false;
  std::thread teller_;
};

}  // namespace bailey::stack
