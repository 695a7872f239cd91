#pragma once

#include <bailey/runtime/waiter.hpp>

#include <exception>

namespace bailey::pg::detail {

// What waits for a group, a connection or a notification, and what came of it. On one loop.
class Waiter : public bailey::detail::Waiter {
 public:
  using bailey::detail::Waiter::Waiter;

  [[nodiscard]] bool is_settled() const noexcept { return settled_; }
  void mark_settled() noexcept { settled_ = true; }

  std::exception_ptr error;  // to be thrown once it goes on

 protected:
  // Unhooks from wherever it waits; the task is about to be resumed with `error`.
  virtual void detach() noexcept = 0;

 private:
  bool withdraw(Reason reason) noexcept override;

  bool settled_ = false;
};

class WaiterQueue : public bailey::detail::WaiterQueue {
 public:
  [[nodiscard]] Waiter* front() const noexcept { return static_cast<Waiter*>(bailey::detail::WaiterQueue::front()); }
  Waiter* pop_front() noexcept { return static_cast<Waiter*>(bailey::detail::WaiterQueue::pop_front()); }
};

}  // namespace bailey::pg::detail
