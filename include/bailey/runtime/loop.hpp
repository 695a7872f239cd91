#pragma once

#include <bailey/runtime/task.hpp>
#include <bailey/runtime/timer_wheel.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bailey {

class Loop;
template <class T>
class LoopLocal;
namespace detail {
class LoopLocalKey;
class Waiter;
struct LoopAddress;
struct Spawned;
void spawn(Loop& loop, std::string name, Task<> task, Spawned*& place, std::function<void()> on_end);
}  // namespace detail

// A loop as others may keep it: copies are cheap and may outlive the loop. Any thread.
class LoopHandle {
 public:
  // Runs `work` on the loop. False when the loop has gone: then `work` is dropped.
  bool post(std::move_only_function<void()> work) const;

 private:
  friend class Loop;
  explicit LoopHandle(std::shared_ptr<detail::LoopAddress> address) noexcept : address_(std::move(address)) {}
  std::shared_ptr<detail::LoopAddress> address_;
};

// One event loop: an io_context run by one thread, the coarse timer wheel of that thread, and what the thread keeps for
// itself (LoopLocal). Everything here is for the loop's own thread only, but `post`, `handle` and `stop`.
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

  // Runs `work` on this loop. Any thread, while the loop exists.
  void post(std::move_only_function<void()> work);
  // For others to keep. Any thread.
  [[nodiscard]] LoopHandle handle() const;
  // Runs a copy of `work` on every loop of the runtime that this one belongs to, this one included. A loop of no
  // runtime is its only one. Never inside the call.
  void broadcast(const std::function<void()>& work);

  // Starts a task that the loop owns: it is cancelled when the loop stops and awaited before its locals go. An
  // exception that leaves the task is logged as `name`. To be called on the loop or before it runs.
  void spawn(std::string name, Task<> task);

  // What runs on the loop right now, for the message about a loop that is stalled: a route, say. It must outlive the
  // loop; null: nobody knows. A task has its own again when it goes on after a wait of ours.
  void set_activity(const std::string* activity) noexcept { activity_.store(activity, std::memory_order_relaxed); }
  // Any thread.
  [[nodiscard]] const std::string* activity() const noexcept { return activity_.load(std::memory_order_relaxed); }
  // Grows about ten times a second while the loop runs and is not stalled; 0 when it does not run. Any thread.
  [[nodiscard]] std::uint64_t ticks() const noexcept { return ticks_.load(std::memory_order_relaxed); }

  // Runs until `stop`; sets `current` for the calling thread meanwhile. Once only.
  void run();
  // Cancels the tasks spawned, gives them `patience` to end, then makes `run` return. Any thread.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(5));

  // Pretends that so much more time has passed for `timers`: for tests.
  void advance_timers(std::chrono::milliseconds by);

 private:
  template <class T>
  friend class LoopLocal;
  friend class detail::LoopLocalKey;
  friend class detail::Waiter;
  friend class Runtime;
  friend void detail::spawn(Loop&, std::string, Task<>, detail::Spawned*&, std::function<void()>);
  struct State;
  struct Local {
    std::uint64_t key;
    std::unique_ptr<void, void (*)(void*)> object;
  };

  [[nodiscard]] void* find_local(std::uint64_t key) const noexcept {
    for (const Local& local : locals_)
      if (local.key == key) return local.object.get();
    return nullptr;
  }
  void drop_local(std::uint64_t key) noexcept;
  void start(std::string name, Task<> task, detail::Spawned*& place, std::function<void()> on_end);

  TimerWheel timers_;  // outlives the tasks in state_, whose frames hold entries
  std::vector<Local> locals_;
  detail::Waiter* waiting_ = nullptr;  // the tasks that wait here, to be let go at the end
  bool ending_ = false;
  std::atomic<const std::string*> activity_ = nullptr;
  std::atomic<std::uint64_t> ticks_ = 0;
  std::shared_ptr<detail::LoopAddress> address_;
  std::shared_ptr<const std::vector<LoopHandle>> peers_;  // the loops of its runtime
  std::unique_ptr<State> state_;
};

}  // namespace bailey
