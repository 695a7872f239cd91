#pragma once

#include <bailey/runtime/task.hpp>
#include <bailey/runtime/timer_wheel.hpp>

#include <atomic>
#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
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

// A loop for others to keep. A value: copies are cheap and may outlive the loop. Any thread.
class LoopHandle {
 public:
  // Runs `work` in a later turn of the loop. Returns false when the loop has gone: `work` is then destroyed here.
  bool post(std::move_only_function<void()> work) const;
  // Whether the calling thread is running this loop. Not another one that was made later where this one was, as an
  // address would have it.
  [[nodiscard]] bool is_current() const noexcept;

 private:
  friend class Loop;
  explicit LoopHandle(std::shared_ptr<detail::LoopAddress> address) noexcept : address_(std::move(address)) {}
  std::shared_ptr<detail::LoopAddress> address_;
};

// One event loop: an io_context that one thread runs, with a coarse timer wheel and what the loop keeps for itself
// (LoopLocal). Use it on its own thread, unless a member says otherwise.
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

  // Runs `work` in a later turn of this loop. Any thread, while the loop exists.
  void post(std::move_only_function<void()> work);
  // For others to keep. Any thread.
  [[nodiscard]] LoopHandle handle() const;
  // Runs a copy of `work` in a later turn of each loop of this loop's runtime, this one included; without a runtime, of
  // this one alone.
  void broadcast(const std::function<void()>& work);

  // Starts a task that the loop owns: it is cancelled when the loop stops, and awaited before the LoopLocal values go.
  // An exception that leaves it is logged under `name`. On the loop, or before it runs.
  void spawn(std::string name, Task<> task);
  // The same for a callable that makes the task. It is kept until the task has ended, so it may capture.
  template <class F>
    requires std::same_as<std::invoke_result_t<F&>, Task<>>
  void spawn(std::string name, F make) {
    spawn(std::move(name), detail::run_kept(std::move(make)));
  }

  // Says what runs on the loop now, such as a route, for the message about a stalled loop. `activity` must outlive the
  // loop; null: unknown. A task that waits on an Event, Semaphore, Channel or the like has its activity back when it
  // goes on.
  void set_activity(const std::string* activity) noexcept { activity_.store(activity, std::memory_order_relaxed); }
  // Any thread.
  [[nodiscard]] const std::string* activity() const noexcept { return activity_.load(std::memory_order_relaxed); }
  // Grows about ten times a second while the loop runs and is not stalled; 0 when it does not run. Any thread.
  [[nodiscard]] std::uint64_t ticks() const noexcept { return ticks_.load(std::memory_order_relaxed); }

  // Runs until `stop`; sets `current` for the calling thread meanwhile. Once only.
  void run();
  // Cancels the spawned tasks, waits `patience` at most for them to end, then makes `run` return. Any thread.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(5));

  // For tests: lets `timers` believe that so much more time has passed.
  void advance_timers(std::chrono::milliseconds by);

 private:
  template <class T>
  friend class LoopLocal;
  friend class detail::LoopLocalKey;
  friend class LoopHandle;
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
