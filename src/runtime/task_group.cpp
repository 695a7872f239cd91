// What is known of the tasks is touched on their loop only; `cancel` and the end of the group find the way there from
// elsewhere. A loop that ends says of each task that it has, so that nothing here points into a loop that has gone.
#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/task_group.hpp>

#include "runtime/spawned.hpp"

#include <boost/system/system_error.hpp>

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
      loop = &current;
    } else if (loop != &current) {
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
      if (self->loop != Loop::current_or_null()) elsewhere = self->home;
    }
    if (!elsewhere) return (self.get()->*what)();
    elsewhere->post([self, what] { (self.get()->*what)(); });
  }

  static Task<bool> drain(std::shared_ptr<State> self, std::chrono::milliseconds patience) {
    static_cast<void>(self->here());
    self->closed = true;
    if (self->running.empty()) co_return true;
    try {
      if (co_await self->empty.wait_for(patience)) co_return true;
    } catch (const boost::system::system_error&) {
      self->cancel();
      throw;
    }
    self->cancel();
    const bool ended = co_await self->empty.wait_for(patience);
    co_return ended;
  }

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
  std::mutex mutex;  // guards the next two
  std::optional<LoopHandle> home;
  const Loop* loop = nullptr;

  std::list<detail::Spawned*> running;
  Event empty;
  bool closed = false;
};

TaskGroup::TaskGroup(std::string name) : state_(std::make_shared<State>(std::move(name))) {}

TaskGroup::~TaskGroup() { State::on_loop(state_, &State::abandon); }

void TaskGroup::spawn(Task<> task) {
  Loop& loop = state_->here();
  if (state_->closed) throw Error("task_group_closed", "the tasks of \"" + state_->name + "\" are being ended");
  state_->empty.reset();
  const auto place = state_->running.emplace(state_->running.end());
  detail::spawn(loop, state_->name, std::move(task), *place, [state = state_, place] {
    state->running.erase(place);
    if (state->running.empty()) state->empty.set();
  });
}

std::size_t TaskGroup::size() const noexcept { return state_->running.size(); }

void TaskGroup::cancel() { State::on_loop(state_, &State::cancel); }

Task<bool> TaskGroup::drain(std::chrono::milliseconds patience) { return State::drain(state_, patience); }

}  // namespace bailey
