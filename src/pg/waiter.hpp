#pragma once

#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/task.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <utility>

namespace bailey::pg::detail {

class WaiterQueue;

// A suspended task: what waits for a group, a connection or a notification. It lives in the frame of the task that
// awaits it; destroying it unhooks it from wherever it waits. All on one loop.
class Waiter {
 public:
  explicit Waiter(Loop& loop) : loop_(loop) {}
  virtual ~Waiter() = default;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  // Suspends until `settle`. What is settled already must not be awaited. Afterwards `error`, if set, is to be thrown.
  [[nodiscard]] Task<> wait() {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<LoopExecutor>, void()>(
        [this](auto handler) { start(std::move(handler)); }, use_task);
  }

  // Resumes the task, at once, inside this call: the last thing a caller does with its waiter.
  void settle() {
    timers().cancel(expiry_);
    if (slot_.is_connected()) slot_.clear();
    if (AnyHandler handler = take_handler()) std::move(handler)();
  }
  // Resumes the task in a later turn of the loop.
  void settle_later();
  // Lets go of the task without resuming it: its frames are destroyed. For the end of the loop.
  void drop() noexcept { const AnyHandler gone = take_handler(); }

  void arm(std::chrono::milliseconds timeout) {
    if (timeout.count() > 0) timers().arm(expiry_, timeout);
  }
  void disarm() noexcept { timers().cancel(expiry_); }
  [[nodiscard]] bool is_settled() const noexcept { return settled_; }
  void mark_settled() noexcept { settled_ = true; }

  std::exception_ptr error;

  // The queue it waits in, and its neighbours there.
  WaiterQueue* in = nullptr;
  Waiter* next = nullptr;
  Waiter* previous = nullptr;

 protected:
  [[nodiscard]] TimerWheel& timers() noexcept { return loop_.timers(); }
  // Unhooks from wherever it waits; the task is about to be resumed with `error`.
  virtual void detach() noexcept = 0;

 private:
  using AnyHandler = boost::asio::any_completion_handler<void()>;

  [[nodiscard]] AnyHandler take_handler() noexcept {
    AnyHandler taken;
    taken.swap(handler_);
    return taken;
  }

  template <class Handler>
  void start(Handler handler) {
    slot_ = boost::asio::get_associated_cancellation_slot(handler);
    AnyHandler any(std::move(handler));
    handler_.swap(any);  // not assigned: the assignment of Boost 1.81 recurses without end
    if (slot_.is_connected()) slot_.assign([this](boost::asio::cancellation_type) { on_cancel(); });
  }
  void on_cancel();
  void on_expiry();

  Loop& loop_;
  bool settled_ = false;
  boost::asio::cancellation_slot slot_;
  AnyHandler handler_;
  TimerWheel::Entry expiry_{[this] { on_expiry(); }};
};

// First come, first served. Intrusive: a waiter is in one queue at most.
class WaiterQueue {
 public:
  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] Waiter* front() const noexcept { return first_; }
  void push_back(Waiter& waiter) noexcept;
  void push_front(Waiter& waiter) noexcept;
  void remove(Waiter& waiter) noexcept;
  Waiter* pop_front() noexcept;

 private:
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace bailey::pg::detail
