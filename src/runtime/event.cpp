// Who sets the event takes all that wait out of the queue, under the lock, and lets them go on.
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/waiter.hpp>

#include <mutex>
#include <utility>
#include <variant>

namespace bailey {

struct Event::State {
  using Wait = detail::QueuedWaiter<std::monostate>;

  static Task<bool> wait(std::shared_ptr<State> self, std::chrono::milliseconds patience, bool limited);

  static Task<> wait_without_end(std::shared_ptr<State> self) { co_await wait(std::move(self), {}, false); }

  std::mutex mutex;
  bool is_set = false;
  detail::WaiterQueue waiting;
};

Event::Event() : state_(std::make_shared<State>()) {}

void Event::set() {
  const std::lock_guard lock(state_->mutex);
  state_->is_set = true;
  while (detail::Waiter* const waiter = state_->waiting.pop_front()) static_cast<State::Wait*>(waiter)->release();
}

void Event::reset() noexcept {
  const std::lock_guard lock(state_->mutex);
  state_->is_set = false;
}

bool Event::is_set() const noexcept {
  const std::lock_guard lock(state_->mutex);
  return state_->is_set;
}

Task<bool> Event::State::wait(std::shared_ptr<State> self, std::chrono::milliseconds patience, bool limited) {
  Wait wait(Loop::current(), self->mutex);
  {
    const std::lock_guard lock(self->mutex);
    if (self->is_set) co_return true;
    if (limited && patience.count() <= 0) co_return false;
    self->waiting.push_back(wait);
  }
  if (limited) wait.arm(patience);
  co_await wait.wait();
  wait.throw_if_cancelled();
  co_return !wait.has_expired();
}

Task<> Event::wait() const { return State::wait_without_end(state_); }

Task<bool> Event::wait_for(std::chrono::milliseconds patience) const { return State::wait(state_, patience, true); }

}  // namespace bailey
