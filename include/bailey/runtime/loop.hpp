#pragma once

#include <bailey/runtime/task.hpp>
#include <bailey/runtime/timer_wheel.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <typeindex>
#include <utility>

namespace bailey {

// One event loop: an io_context run by one thread, the coarse timer wheel of that thread, and what the thread keeps for
// itself (its database pool, its HTTP client). Everything here is for the loop's own thread only, but `post` and
// `stop`.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // The loop the calling thread is running. Calling it outside of one is a programming error and throws
  // Error("no_loop").
  [[nodiscard]] static Loop& current();
  [[nodiscard]] static Loop* current_or_null() noexcept;

  [[nodiscard]] LoopExecutor executor() noexcept;
  [[nodiscard]] boost::asio::io_context& io() noexcept;
  // Ticks by itself while the loop runs. Time in which the loop was stalled by a handler does not count, so a peer is
  // not blamed for it.
  [[nodiscard]] TimerWheel& timers() noexcept { return timers_; }

  // Runs `work` on this loop. Any thread.
  void post(std::move_only_function<void()> work);

  // Starts a task that the loop owns: it is cancelled when the loop stops and awaited before its locals go. An
  // exception that leaves the task is logged as `name`. To be called on the loop or before it runs.
  void spawn(std::string name, Task<> task);

  // What this loop keeps under `owner` (the address of the shareable handle it belongs to), made on first use by
  // `make`, which returns a std::unique_ptr<T>. It lives until the loop is destroyed, or `drop_local`.
  template <class T, class Factory>
  T& local(const void* owner, Factory&& make) {
    return fill<T>(slot_for(owner, typeid(T), nullptr), std::forward<Factory>(make));
  }

  // The same for an owner that may go before the loop: once `users` has expired nobody asks any more, and what is kept
  // goes when anything is next made here. Until then it must keep the owner's address from being used again.
  template <class T, class Factory>
  T& local(const void* owner, const std::weak_ptr<const void>& users, Factory&& make) {
    return fill<T>(slot_for(owner, typeid(T), &users), std::forward<Factory>(make));
  }
  // Forgets what is kept under `owner`: to be called when the handle goes and its address may be used again.
  void drop_local(const void* owner) noexcept;

  // Runs until `stop`; sets `current` for the calling thread meanwhile. Once only.
  void run();
  // Cancels the tasks spawned, gives them `patience` to end, then makes `run` return. Any thread.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(5));

  // Pretends that so much more time has passed for `timers`: for tests.
  void advance_timers(std::chrono::milliseconds by);

 private:
  using Slot = std::unique_ptr<void, void (*)(void*)>;
  struct State;
  [[nodiscard]] Slot& slot_for(const void* owner, std::type_index type, const std::weak_ptr<const void>* users);
  template <class T, class Factory>
  static T& fill(Slot& slot, Factory&& make) {
    if (!slot)
      slot = Slot(std::forward<Factory>(make)().release(), [](void* object) { delete static_cast<T*>(object); });
    return *static_cast<T*>(slot.get());
  }

  TimerWheel timers_;  // outlives the tasks in state_, whose frames hold entries
  std::unique_ptr<State> state_;
};

}  // namespace bailey
