#include <bailey/base/error.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/task_group.hpp>

#include "runtime/spawned.hpp"

#include <boost/system/system_error.hpp>

#include <list>
#include <utility>

namespace bailey {

struct TaskGroup::State {
  explicit State(std::string given) : name(std::move(given)) {}

  static Task<bool> drain(std::shared_ptr<State> self, std::chrono::milliseconds patience) {
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

  std::string name;
  std::list<detail::Spawned*> running;
  Event empty;
  bool closed = false;
};

TaskGroup::TaskGroup(std::string name) : state_(std::make_shared<State>(std::move(name))) {}

TaskGroup::~TaskGroup() {
  state_->closed = true;
  state_->cancel();
}

void TaskGroup::spawn(Task<> task) {
  if (state_->closed) throw Error("task_group_closed", "the tasks of \"" + state_->name + "\" are being ended");
  state_->empty.reset();
  const auto place = state_->running.emplace(state_->running.end());
  detail::spawn(Loop::current(), state_->name, std::move(task), *place, [state = state_, place] {
    state->running.erase(place);
    if (state->running.empty()) state->empty.set();
  });
}

std::size_t TaskGroup::size() const noexcept { return state_->running.size(); }

void TaskGroup::cancel() { state_->cancel(); }

Task<bool> TaskGroup::drain(std::chrono::milliseconds patience) { return State::drain(state_, patience); }

}  // namespace bailey
