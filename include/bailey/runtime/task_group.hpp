#pragma once

#include <bailey/runtime/task.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace bailey {

// Tasks that somebody owns: started together with nobody's waiting for each, ended together. On one loop's thread. The
// loop cancels them, too, when it stops.
class TaskGroup {
 public:
  // `name` is what failures are logged under.
  explicit TaskGroup(std::string name);
  // Cancels the tasks that still run; they end in later turns of the loop.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Starts a task on this loop. An exception that leaves it is logged; one that comes of a cancellation is not. Throws
  // Error("task_group_closed") once the group is drained.
  void spawn(Task<> task);

  // How many run.
  [[nodiscard]] std::size_t size() const noexcept;
  // Cancels those that run. The group stays open.
  void cancel();

  // Lets nothing more in and waits until all have ended, `patience` at most; then cancels the rest and waits for them
  // as long again. Whether all have ended by then. Cancelling the task that awaits this cancels the group's tasks.
  [[nodiscard]] Task<bool> drain(std::chrono::milliseconds patience);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace bailey
