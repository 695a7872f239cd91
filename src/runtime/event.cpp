// A waiter is in the queue exactly as long as nobody has decided what becomes of it: who takes it out, under the lock,
// has decided. So a set, a timeout and a cancellation at the same moment resume the task once.
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/waiter.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <mutex>
#include <optional>
#include <utility>

namespace bailey {

struct Event::State {
  class Wait;

  static Task<bool> wait(std::shared_ptr<State> self, std::chrono::milliseconds patience, bool limited);

  static Task<> wait_without_end(std::shared_ptr<State> self) { co_await wait(std::move(self), {}, false); }

  std::mutex mutex;
  bool is_set = false;
  detail::WaiterQueue waiting;
};

class Event::State::Wait final : public detail::SharedWaiter {
 public:
  Wait(State& state, Loop& loop) : SharedWaiter(loop), state_(state) {}
  ~Wait() override {
    const std::lock_guard lock(state_.mutex);
    if (in != nullptr) in->remove(*this);
  }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  using Waiter::Reason;
  std::optional<Reason> ended_by;  // nothing: the event

 private:
  bool withdraw(Reason reason) noexcept override {
    const std::lock_guard lock(state_.mutex);
    if (in == nullptr) return false;
    in->remove(*this);
    ended_by = reason;
    return true;
  }

  State& state_;
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
  Wait wait(*self, Loop::current());
  {
    const std::lock_guard lock(self->mutex);
    if (self->is_set) co_return true;
    if (limited && patience.count() <= 0) co_return false;
    self->waiting.push_back(wait);
  }
  if (limited) wait.arm(patience);
  co_await wait.wait();
  if (wait.ended_by == Wait::Reason::cancelled)
    throw boost::system::system_error(boost::asio::error::operation_aborted);
  co_return !wait.ended_by;
}

Task<> Event::wait() const { return State::wait_without_end(state_); }

Task<bool> Event::wait_for(std::chrono::milliseconds patience) const { return State::wait(state_, patience, true); }

}  // namespace bailey
