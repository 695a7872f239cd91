// A place that becomes free is handed to the first in line at once, before its task runs again. So nobody overtakes,
// and should that task's frame go in between, the permit that its waiter holds hands the place on.
#include <bailey/runtime/semaphore.hpp>
#include <bailey/runtime/waiter.hpp>

#include <mutex>

namespace bailey {

struct Semaphore::State {
  using Wait = detail::QueuedWaiter<Permit>;

  static Task<std::optional<Permit>> acquire(std::shared_ptr<State> self, std::chrono::milliseconds patience,
                                             bool limited);
  static Task<Permit> acquire_without_end(std::shared_ptr<State> self) {
    std::optional<Permit> permit = co_await acquire(std::move(self), {}, false);
    co_return std::move(*permit);
  }
  static std::optional<Permit> take(const std::shared_ptr<State>& self) {
    const std::lock_guard lock(self->mutex);
    return take_locked(self);
  }
  static std::optional<Permit> take_locked(const std::shared_ptr<State>& self) {
    if (self->free == 0) return std::nullopt;
    --self->free;
    return Permit(self);
  }
  void give_back(std::shared_ptr<State> self);

  mutable std::mutex mutex;
  std::size_t free = 0;
  detail::WaiterQueue line;
};

void Semaphore::State::give_back(std::shared_ptr<State> self) {
  const std::lock_guard lock(mutex);
  auto* const first = static_cast<Wait*>(line.pop_front());
  if (first == nullptr) {
    ++free;
    return;
  }
  first->value = Permit(std::move(self));
  first->release();
}

Semaphore::Permit::~Permit() {
  if (!state_) return;
  const std::shared_ptr<State> state = std::move(state_);
  state->give_back(state);
}

Semaphore::Semaphore(std::size_t places) : state_(std::make_shared<State>()) { state_->free = places; }

Task<std::optional<Semaphore::Permit>> Semaphore::State::acquire(std::shared_ptr<State> self,
                                                                 std::chrono::milliseconds patience, bool limited) {
  Wait wait(Loop::current(), self->mutex);
  {
    const std::lock_guard lock(self->mutex);
    if (auto permit = take_locked(self)) co_return std::move(permit);
    if (limited && patience.count() <= 0) co_return std::nullopt;
    self->line.push_back(wait);
  }
  if (limited) wait.arm(patience);
  co_await wait.wait();
  wait.throw_if_cancelled();
  co_return std::move(wait.value);
}

Task<Semaphore::Permit> Semaphore::acquire() const { return State::acquire_without_end(state_); }

Task<std::optional<Semaphore::Permit>> Semaphore::acquire_for(std::chrono::milliseconds patience) const {
  return State::acquire(state_, patience, true);
}

std::optional<Semaphore::Permit> Semaphore::try_acquire() const { return State::take(state_); }

std::size_t Semaphore::free_places() const noexcept {
  const std::lock_guard lock(state_->mutex);
  return state_->free;
}
std::size_t Semaphore::waiting() const noexcept {
  const std::lock_guard lock(state_->mutex);
  return state_->line.size();
}

}  // namespace bailey
