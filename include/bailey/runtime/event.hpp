#pragma once

#include <bailey/runtime/task.hpp>

#include <chrono>
#include <memory>

namespace bailey {

// Something that happens once, or until `reset`: tasks wait for it. Tasks of any loop may wait and any thread may set
// it. Copies share it; it lives as long as a copy or a task that waits.
class Event {
 public:
  Event();

  // Lets all that wait go on, and all that come later, until `reset`.
  void set();
  void reset() noexcept;
  [[nodiscard]] bool is_set() const noexcept;

  // Goes on when it is set; at once when it is set already. Cancelling the task ends it with
  // boost::system::system_error (operation_aborted).
  [[nodiscard]] Task<> wait() const;
  // The same, `patience` at most (to the tick of the loop's wheel, 100 ms). Whether it was set.
  [[nodiscard]] Task<bool> wait_for(std::chrono::milliseconds patience) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace bailey
