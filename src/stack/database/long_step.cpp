#include "stack/database/long_step.hpp"

#include <bailey/base/log.hpp>

#include <utility>

namespace bailey::stack {

LongStep::LongStep(std::string what, std::function<std::string()> waits_for, std::chrono::milliseconds every)
    : what_(std::move(what)), waits_for_(std::move(waits_for)), teller_([this, every] { tell(every); }) {}

LongStep::~LongStep() {
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
  }
  ended_.notify_all();
  teller_.join();
}

void LongStep::tell(std::chrono::milliseconds every) {
  const auto begin = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, every, [this] { return has_ended_; })) {
    const auto passed = std::chrono::steady_clock::now() - begin;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(passed).count();
    lock.unlock();
    const std::string holders = waits_for_ ? waits_for_() : "";
    if (holders.empty()) {
      log::info("this takes long", {{"step", what_}, {"seconds", seconds}});
    } else {
      log::info("this takes long", {{"step", what_}, {"seconds", seconds}, {"waits_for", holders}});
    }
    lock.lock();
  }
}

}  // namespace bailey::stack
