#include "stack/database/long_step.hpp"

#include <bailey/base/log.hpp>

#include <utility>

namespace bailey::stack {

LongStep::LongStep(std::string what, std::chrono::milliseconds every)
    : what_(std::move(what)), teller_([this, every] { tell(every); }) {}

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
    log::info("this takes long",
              {{"step", what_}, {"seconds", std::chrono::duration_cast<std::chrono::seconds>(passed).count()}});
  }
}

}  // namespace bailey::stack
