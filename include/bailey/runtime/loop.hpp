#pragma once

#include <bailey/runtime/task.hpp>
#include <bailey/runtime/timer_wheel.hpp>

#include <functional>
#include <memory>
#include <typeindex>
#include <unordered_map>

namespace bailey {

// One event loop: an io_context run by one thread, the coarse timer wheel of that thread, and what the thread keeps for
// itself (its database pool, its HTTP client). Everything here is for the loop's own thread only, but `post`.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // The loop the calling thread is running. Calling it outside of one is a programming error and throws Error.
  [[nodiscard]] static Loop& current();

  [[nodiscard]] LoopExecutor executor() noexcept { return io_.get_executor(); }
  [[nodiscard]] boost::asio::io_context& io() noexcept { return io_; }
  [[nodiscard]] TimerWheel& timers() noexcept { return timers_; }

  // Runs `work` on this loop. Any thread.
  void post(std::move_only_function<void()> work);

  // Starts a task that the loop owns: it is cancelled when the loop stops and awaited before its locals go. An exception
  // that leaves the task is logged as `name`.
  void spawn(std::string name, Task<> task);

  // What this loop keeps under `owner` (the address of the shareable handle it belongs to), made on first use.
  // `T` must be constructible from the arguments. It lives until the loop ends.
  template <class T, class Factory>
  T& local(const void* owner, Factory&& make) {
    Slot& slot = slot_for(owner, typeid(T));
    if (!slot) slot = Slot(std::forward<Factory>(make)().release(), [](void* object) { delete static_cast<T*>(object); });
    return *static_cast<T*>(slot.get());
  }

  // Runs until `stop`; sets `current` for the calling thread meanwhile.
  void run();
  void stop();

 private:
  using Slot = std::unique_ptr<void, void (*)(void*)>;
  [[nodiscard]] Slot& slot_for(const void* owner, std::type_index type);

  boost::asio::io_context io_;
  TimerWheel timers_;
  struct Locals;
  std::unique_ptr<Locals> locals_;
};

}  // namespace bailey
