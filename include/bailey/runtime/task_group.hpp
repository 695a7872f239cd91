#pragma once

#include <bailey/runtime/task.hpp>
#include <bailey/runtime/when.hpp>

#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace bailey {

class TaskGroup;
namespace detail {

template <class F>
using TaskOfGroup = std::invoke_result_t<F&, TaskGroup&>;

// For with_task_group: waits until all tasks of the group have ended, however long that takes, and also in a task that
// was cancelled before. What it was cancelled by meanwhile.
[[nodiscard]] Task<std::exception_ptr> end_group(TaskGroup& group, std::chrono::milliseconds patience);

}  // namespace detail

// Tasks that somebody owns: started without waiting for each, ended together. All run on one loop, that of the first
// `spawn`, which cancels them, too, when it stops, and waits for them.
//
//   TaskGroup group("import");
//   for (Part& part : parts) group.spawn(load(std::move(part)));  // each task owns what it uses
//   const bool ended = co_await group.drain(30s);
//
// A destructor cannot wait. When the owner is left between `spawn` and the end of `drain`, by an exception or because
// it was cancelled, the group goes at once and the tasks end only later. So give each task what it uses: parameters by
// value, shared handles, nothing of the owner's frame. Tasks that are to use that frame belong into `with_task_group`
// or `when_all`, which are left only when they have ended.
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
  // The same for a callable that makes the task. It is kept until the task has ended, so it may capture. A lambda that
  // is a coroutine must come this way: `spawn([name]() -> Task<> {…}())` is a task whose captures are gone when it goes
  // on, and nothing can tell it from another task.
  template <class F>
    requires std::same_as<std::invoke_result_t<F&>, Task<>>
  void spawn(F make) {
    spawn(detail::run_kept(std::move(make)));
  }

  // The same; what leaves the task is logged under a name of its own.
  void spawn(std::string name, Task<> task);
  template <class F>
    requires std::same_as<std::invoke_result_t<F&>, Task<>>
  void spawn(std::string name, F make) {
    spawn(std::move(name), detail::run_kept(std::move(make)));
  }

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
  friend Task<std::exception_ptr> detail::end_group(TaskGroup& group, std::chrono::milliseconds patience);
  struct State;
  std::shared_ptr<State> state_;
};

// Awaits `body`, which gets a group to spawn tasks in, then the tasks, and returns what the body returned. It is left
// only when all tasks have ended: they may use the frame of who awaits it, and what the body captures.
//
//   std::vector<Card> cards;  // of the tasks: not in the body, whose own variables go when it ends, before they do
//   co_await with_task_group("import", 30s, [&](TaskGroup& group) -> Task<> {
//     while (auto name = co_await names.receive())
//       group.spawn([&cards, name = *name]() -> Task<> { cards.push_back(co_await load(name)); });
//   });
//
// When the body has ended, the tasks have `patience` to end (to the tick of the loop's wheel, 100 ms); then they are
// cancelled, and waited for however long that takes. When the body throws, or the task that awaits this is cancelled,
// they are cancelled at once, and that is thrown when they have ended. What leaves a task is logged, as in every group.
template <class F>
  requires requires { typename detail::TaskOfGroup<F>::value_type; }
[[nodiscard]] detail::TaskOfGroup<F> with_task_group(std::string name, std::chrono::milliseconds patience, F body) {
  using T = typename detail::TaskOfGroup<F>::value_type;
  namespace this_coro = boost::asio::this_coro;
  TaskGroup group(std::move(name));
  std::optional<detail::Value<T>> value;
  std::exception_ptr failure;
  try {
    co_await detail::keep<T>(std::invoke(body, group), value);
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure) group.cancel();
  // A task that was cancelled could not wait any more.
  const bool throws = co_await this_coro::throw_if_cancelled();
  co_await this_coro::throw_if_cancelled(false);
  // Named with its type: GCC 14 cannot tell it here.
  const boost::asio::cancellation_state cancellation = co_await this_coro::cancellation_state;
  if (cancellation.cancelled() != boost::asio::cancellation_type::none) group.cancel();
  const std::exception_ptr cancelled = co_await detail::end_group(group, patience);
  co_await this_coro::throw_if_cancelled(throws);
  if (failure) std::rethrow_exception(failure);
  if (cancelled) std::rethrow_exception(cancelled);
  if constexpr (!std::is_void_v<T>) co_return *std::move(value);
}

}  // namespace bailey
