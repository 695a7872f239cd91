#pragma once

#include <bailey/runtime/task.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace bailey {

// Tasks that somebody owns: started without waiting for each, ended together. All run on one loop, that of the first
// `spawn`, which cancels them, too, when it stops, and waits for them.
//
//   TaskGroup group("import");
//   for (Part& part : parts) group.spawn(load(std::move(part)));  // each task owns what it uses
//   const bool ended = co_await group.drain(30s);
//
// A destructor cannot wait. When the owner is left between `spawn` and the end of `drain`, by an exception or because
// it was cancelled, the group goes at once and the tasks end only later. So give each task what it uses: parameters by
// value, shared handles, nothing of the owner's frame. Tasks that are to use that frame belong into `when_all`, which
// is left only when they have ended.
class TaskGroup {
 public:
  // `name` is what failures are logged under.
  explicit TaskGroup(std::string name);
  // Cancels the tasks that still run and logs a warning: they end in later turns of the loop, after the group. `drain`
  // first. Any thread.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Starts a task on this loop. An exception that leaves it is logged; one that comes of a cancellation is not. Throws
  // Error("task_group_closed") once the group is drained, Error("wrong_loop") on another loop than the first time, and
  // Error("no_loop") on none; then the task never runs.
  void spawn(Task<> task);

  // How many run. On their loop.
  [[nodiscard]] std::size_t size() const noexcept;
  // Cancels those that run, from another thread than theirs in a turn of their loop. The group stays open. Any thread.
  void cancel();

  // Lets nothing more in and waits until all have ended, `patience` at most (to the tick of the loop's wheel, 100 ms);
  // then cancels the rest and waits for them as long again. Whether all have ended by then. Cancelling the task that
  // awaits this cancels the group's tasks, and it goes on, by boost::system::system_error (operation_aborted), when
  // they have ended, or after `patience`. Throws Error("wrong_loop") on another loop than theirs.
  [[nodiscard]] Task<bool> drain(std::chrono::milliseconds patience);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace bailey
