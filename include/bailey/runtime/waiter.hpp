#pragma once

#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/task.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

namespace bailey::detail {

class WaiterQueue;

// One suspended task of one loop. Event, Semaphore, Channel and the database's pools are made of it. It lives in
// the frame of the task that waits, and costs no allocation and no system call, with a timeout or without. When its
// loop ends first the task is never resumed; its frames are destroyed.
class Waiter {
  using Handler = boost::asio::any_completion_handler<void()>;

 public:
  explicit Waiter(Loop& loop) noexcept : loop_(loop) {}
  virtual ~Waiter() { leave_loop(); }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  // Suspends until it is settled. Once, and not when it is settled already.
  [[nodiscard]] Task<> wait() {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<LoopExecutor>, void()>(
        [this](auto handler) { start(std::move(handler)); }, use_task);
  }
  // Expiry of the timeout withdraws and settles it. Zero or less: none.
  void arm(std::chrono::milliseconds timeout) noexcept {
    if (timeout.count() > 0) loop_.timers().arm(expiry_, timeout);
  }
  void disarm() noexcept { loop_.timers().cancel(expiry_); }

  // Resumes the task, at once, inside this call: the last thing a caller does with the waiter. On its loop.
  void settle();
  // Resumes the task in a later turn of its loop. On its loop.
  void settle_later();
  // Lets go of the task without resuming it: its frames are destroyed. For the end of a loop.
  void drop() noexcept { const Handler gone = take_handler(); }

  [[nodiscard]] Loop& loop() const noexcept { return loop_; }

  // The queue it waits in, and its neighbours there.
  WaiterQueue* in = nullptr;
  Waiter* next = nullptr;
  Waiter* previous = nullptr;

 protected:
  enum class Reason { cancelled, expired };
  // Takes the waiter out of wherever it waits, since the task is to go on for this reason. False when it has been
  // settled by another already, and is about to be resumed for that.
  virtual bool withdraw(Reason reason) noexcept = 0;

 private:
  friend class bailey::Loop;

  template <class H>
  void start(H handler) {
    slot_ = boost::asio::get_associated_cancellation_slot(handler);
    Handler any(std::move(handler));
    handler_.swap(any);  // not assigned: the assignment of Boost 1.81 recurses without end
    if (slot_.is_connected()) {
      slot_.assign([this](boost::asio::cancellation_type) {
        if (withdraw(Reason::cancelled)) settle_later();
      });
    }
    join_loop();
  }
  [[nodiscard]] Handler take_handler() noexcept;
  void join_loop() noexcept;
  void leave_loop() noexcept;

  Loop& loop_;
  const std::string* activity_ = nullptr;
  Waiter* next_of_loop_ = nullptr;
  Waiter** link_of_loop_ = nullptr;  // what points to it; null when the task does not wait
  boost::asio::cancellation_slot slot_;
  Handler handler_;
  TimerWheel::Entry expiry_{[this] {
    if (withdraw(Reason::expired)) settle_later();
  }};
};

// One that others may settle from any thread. What it waits in has a lock, under which it is put into a queue and taken
// out of it; who takes it out calls `release`, then or later.
class SharedWaiter : public Waiter {
 public:
  explicit SharedWaiter(Loop& loop) : Waiter(loop), home_(loop.handle()) {}

  // Resumes the task in a later turn of its loop. Any thread; once, by whoever took it out of its queue. Nothing of the
  // waiter may be used afterwards.
  void release();

 private:
  LoopHandle home_;
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

// One that waits in a queue for a value. It is in the queue exactly as long as nobody has decided what becomes of it:
// who takes it out, under the lock, has decided. So a value, a timeout and a cancellation at the same moment resume the
// task once.
template <class Value>
class QueuedWaiter final : public SharedWaiter {
 public:
  // The mutex guards the queue and `value`, and outlives the waiter.
  QueuedWaiter(Loop& loop, std::mutex& mutex) : SharedWaiter(loop), mutex_(mutex) {}
  ~QueuedWaiter() override {
    const std::lock_guard lock(mutex_);
    if (in != nullptr) in->remove(*this);
  }
  QueuedWaiter(const QueuedWaiter&) = delete;
  QueuedWaiter& operator=(const QueuedWaiter&) = delete;

  // For the task, when it goes on. Throws boost::system::system_error (operation_aborted) when it was cancelled.
  void throw_if_cancelled() const {
    if (ended_by_ == Reason::cancelled) throw boost::system::system_error(boost::asio::error::operation_aborted);
  }
  [[nodiscard]] bool has_expired() const noexcept { return ended_by_ == Reason::expired; }

  std::optional<Value> value;  // what it was given, or what it has to give

 private:
  bool withdraw(Reason reason) noexcept override {
    const std::lock_guard lock(mutex_);
    if (in == nullptr) return false;
    in->remove(*this);
    ended_by_ = reason;
    return true;
  }

  std::mutex& mutex_;
  std::optional<Reason> ended_by_;  // nothing: `release`
};

}  // namespace bailey::detail
