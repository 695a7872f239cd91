// What is known of the tasks is touched on their loop only; `cancel` and the end of the group find the way there from
// elsewhere. A loop that ends says of each task that it has, so that nothing here points into a loop that has gone.
#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/task_group.hpp>
#include <bailey/runtime/waiter.hpp>

#include "runtime/spawned.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <list>
#include <mutex>
#include <optional>
#include <utility>

namespace bailey {

struct TaskGroup::State {
  explicit State(std::string given) : name(std::move(given)) {}

  // The group's loop, which the first call decides. Throws on another.
  Loop& here() {
    Loop& current = Loop::current();
    const std::lock_guard lock(mutex);
    if (!home) {
      home.emplace(current.handle());
    } else if (!home->is_current()) {
      throw Error("wrong_loop", "the tasks of \"" + name + "\" run on another loop: spawn and drain them there");
    }
    return current;
  }

  // Calls `what` on the group's loop: at once there, from elsewhere in a turn of that loop.
  static void on_loop(const std::shared_ptr<State>& self, void (State::*what)()) {
    std::optional<LoopHandle> elsewhere;
    {
      const std::lock_guard lock(self->mutex);
      if (!self->home) return;  // nothing was ever started
      if (!self->home->is_current()) elsewhere = self->home;
    }
    if (!elsewhere) return (self.get()->*what)();
    elsewhere->post([self, what] { (self.get()->*what)(); });
  }

  static Task<bool> drain(std::shared_ptr<State> self, std::chrono::milliseconds patience);
  static Task<std::exception_ptr> end(std::shared_ptr<State> self, std::chrono::milliseconds patience);

  void cancel() {
    for (detail::Spawned* const task : running) task->cancel.emit(boost::asio::cancellation_type::terminal);
  }

  void abandon() {
    closed = true;
    if (running.empty()) return;
    log::warning("a group of tasks has gone before its tasks: drain it first",
                 {{"tasks", name}, {"running", running.size()}});
    cancel();
  }

  const std::string name;
  std::mutex mutex;  // guards the next
  std::optional<LoopHandle> home;

  void ended(std::list<detail::Spawned*>::iterator task) {
    running.erase(task);
    if (!running.empty()) return;
    while (detail::Waiter* const waiter = draining.pop_front()) waiter->settle_later();
  }

  std::list<detail::Spawned*> running;
  detail::WaiterQueue draining;
  bool closed = false;

 private:
  class Drain;
};

// Waits until no task runs. It is cancelled, too, only when it has been patient with the tasks: they may use the frame
// that it stands in.
class TaskGroup::State::Drain final : public detail::Waiter {
 public:
  Drain(State& state, Loop& loop, std::chrono::milliseconds patience)
      : Waiter(loop), state_(state), patience_(std::max(patience, std::chrono::milliseconds(1))) {
    state_.draining.push_back(*this);
    arm(patience_);
  }
  ~Drain() override {
    if (in != nullptr) in->remove(*this);
  }
  Drain(const Drain&) = delete;
  Drain& operator=(const Drain&) = delete;

  [[nodiscard]] bool was_cancelled() const noexcept { return was_cancelled_; }

 private:
  bool withdraw(Reason reason) noexcept override {
    if (in == nullptr) return false;
    if (reason == Reason::cancelled) was_cancelled_ = true;
    if (!std::exchange(has_told_, true)) {
      state_.cancel();
      arm(patience_);
      return false;
    }
    if (reason == Reason::cancelled) return false;
    in->remove(*this);
    return true;
  }

  State& state_;
  const std::chrono::milliseconds patience_;
  bool has_told_ = false;  // the tasks, to end
  bool was_cancelled_ = false;
};

Task<bool> TaskGroup::State::drain(std::shared_ptr<State> self, std::chrono::milliseconds patience) {
  Loop& loop = self->here();
  self->closed = true;
  if (self->running.empty()) co_return true;
  Drain drain(*self, loop, patience);
  co_await drain.wait();
  if (drain.was_cancelled()) throw boost::system::system_error(boost::asio::error::operation_aborted);
  const bool have_ended = self->running.empty();
  co_return have_ended;
}

Task<std::exception_ptr> TaskGroup::State::end(std::shared_ptr<State> self, std::chrono::milliseconds patience) {
  std::exception_ptr cancelled;
  for (bool has_warned = false;;) {
    try {
      static_cast<void>(co_await drain(self, patience));
    } catch (const boost::system::system_error&) {
      cancelled = std::current_exception();
    }
    if (self->running.empty()) co_return cancelled;
    if (!std::exchange(has_warned, true))
      log::warning("tasks do not end though they were cancelled",
                   {{"tasks", self->name}, {"running", self->running.size()}});
  }
}

Task<std::exception_ptr> detail::end_group(TaskGroup& group, std::chrono::milliseconds patience) {
  return TaskGroup::State::end(group.state_, patience);
}

TaskGroup::TaskGroup(std::string name) : state_(std::make_shared<State>(std::move(name))) {}

TaskGroup::~TaskGroup() { State::on_loop(state_, &State::abandon); }

void TaskGroup::spawn(Task<> task) { spawn(state_->name, std::move(task)); }

void TaskGroup::spawn(std::string name, Task<> task) {
  Loop& loop = state_->here();
  if (state_->closed) throw Error("task_group_closed", "the tasks of \"" + state_->name + "\" are being ended");
  const auto place = state_->running.emplace(state_->running.end());
  detail::spawn(loop, std::move(name), std::move(task), *place, [state = state_, place] { state->ended(place); });
}

std::size_t TaskGroup::size() const noexcept { return state_->running.size(); }

void TaskGroup::cancel() { State::on_loop(state_, &State::cancel); }

Task<bool> TaskGroup::drain(std::chrono::milliseconds patience) { return State::drain(state_, patience); }

}  // namespace bailey
