// A place that becomes free is handed to the first in line at once, before its task runs again. So nobody overtakes,
// and should that task's frame go in between, the permit that its waiter holds hands the place on.
#include <bailey/runtime/semaphore.hpp>
#include <bailey/runtime/waiter.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace bailey {

struct Semaphore::State {
  class Wait;

  static Task<std::optional<Permit>> acquire(std::shared_ptr<State> self, std::chrono::milliseconds patience,
                                             bool limited);
  static Task<Permit> acquire_without_end(std::shared_ptr<State> self) {
    std::optional<Permit> permit = co_await acquire(std::move(self), {}, false);
    co_return std::move(*permit);
  }
  static std::optional<Permit> take(const std::shared_ptr<State>& self) {
    if (self->free == 0) return std::nullopt;
    --self->free;
    return Permit(self);
  }
  void give_back(std::shared_ptr<State> self);

  std::size_t free = 0;
  detail::WaiterQueue line;
};

class Semaphore::State::Wait final : public detail::Waiter {
 public:
  Wait(State& state, Loop& loop) : Waiter(loop), state_(state) { state_.line.push_back(*this); }
  ~Wait() override {
    if (in != nullptr) in->remove(*this);
  }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  std::optional<Permit> permit;
  bool cancelled = false;

 private:
  bool withdraw(Reason reason) noexcept override {
    if (in == nullptr) return false;
    in->remove(*this);
    cancelled = reason == Reason::cancelled;
    return true;
  }

  State& state_;
};

void Semaphore::State::give_back(std::shared_ptr<State> self) {
  detail::Waiter* const first = line.pop_front();
  if (first == nullptr) {
    ++free;
    return;
  }
  static_cast<Wait*>(first)->permit = Permit(std::move(self));
  first->settle_later();
}

Semaphore::Permit::~Permit() {
  if (state_) {
    State& state = *state_;
    state.give_back(std::move(state_));
  }
}

Semaphore::Semaphore(std::size_t places) : state_(std::make_shared<State>()) { state_->free = places; }

Task<std::optional<Semaphore::Permit>> Semaphore::State::acquire(std::shared_ptr<State> self,
                                                                 std::chrono::milliseconds patience, bool limited) {
  if (auto permit = take(self)) co_return std::move(permit);
  if (limited && patience.count() <= 0) co_return std::nullopt;
  Wait wait(*self, Loop::current());
  if (limited) wait.arm(patience);
  co_await wait.wait();
  if (wait.cancelled) throw boost::system::system_error(boost::asio::error::operation_aborted);
  co_return std::move(wait.permit);
}

Task<Semaphore::Permit> Semaphore::acquire() const { return State::acquire_without_end(state_); }

Task<std::optional<Semaphore::Permit>> Semaphore::acquire_for(std::chrono::milliseconds patience) const {
  return State::acquire(state_, patience, true);
}

std::optional<Semaphore::Permit> Semaphore::try_acquire() const { return State::take(state_); }

std::size_t Semaphore::free_places() const noexcept { return state_->free; }
std::size_t Semaphore::waiting() const noexcept { return state_->line.size(); }

}  // namespace bailey
