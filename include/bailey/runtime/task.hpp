#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <coroutine>
#include <cstddef>
#include <functional>
#include <utility>

namespace bailey {

// The executor of one event loop. Concrete rather than type-erased: it saves an allocation and a virtual call per
// await.
using LoopExecutor = boost::asio::io_context::executor_type;

// A coroutine that runs on one event loop: `Task<int> f() { co_return 7; }`, awaited once with `co_await f()`.
// It is Boost.Asio's awaitable, so all of Asio can be awaited in it. It starts when awaited and never changes thread.
// To await one that was awaited or moved from already throws Error "misuse".
template <class T = void>
using Task = boost::asio::awaitable<T, LoopExecutor>;

// The completion token for Asio operations inside a Task: `co_await timer.async_wait(use_task)`.
inline constexpr boost::asio::use_awaitable_t<LoopExecutor> use_task{};

namespace detail {
[[noreturn]] void fail_awaited_twice();

// Memory for a task's frame: of one that has ended on this thread, if there is one as long. At most 256 kB are kept for
// that, a thread; none in a program with a sanitizer that watches memory.
[[nodiscard]] void* take_frame(std::size_t size);
void give_back_frame(void* frame, std::size_t size) noexcept;

template <class T>
using AsioPromise = boost::asio::detail::awaitable_frame<T, LoopExecutor>;

// What a task's frame begins with: what Asio has there, in memory of ours. Asio keeps frames up to 1,020 bytes, 16 of
// them a thread, and frees one of those for each that it has not.
template <class T>
class TaskPromise : public AsioPromise<T> {
 public:
  TaskPromise() noexcept {}

  Task<T> get_return_object() {
    Task<T> task = AsioPromise<T>::get_return_object();
    this->coro_ = std::coroutine_handle<TaskPromise>::from_promise(*this);
    return task;
  }

  static void* operator new(std::size_t size) { return take_frame(size); }
  static void operator delete(void* frame, std::size_t size) noexcept { give_back_frame(frame, size); }
};

// What a task is awaited through: Asio's own only knows who awaits it by Asio's promise.
template <class T>
class TaskAwaiter {
 public:
  explicit TaskAwaiter(Task<T>&& task) noexcept : task_(std::move(task)) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> caller) {
    task_.await_suspend(handle_of(caller.promise()));
  }
  T await_resume() { return task_.await_resume(); }

 private:
  // Only to be asked for its promise again.
  template <class U>
  static std::coroutine_handle<AsioPromise<U>> handle_of(AsioPromise<U>& promise) {
    return std::coroutine_handle<AsioPromise<U>>::from_promise(promise);
  }

  Task<T> task_;
};

}  // namespace detail

}  // namespace bailey

// Nearer to a Task than what Asio says of every awaitable.
template <class T, class... Args>
struct std::coroutine_traits<boost::asio::awaitable<T, bailey::LoopExecutor>, Args...> {
  using promise_type = bailey::detail::TaskPromise<T>;
};

namespace boost::asio {

// What `co_await` makes of a Task, found by its type. Asio would follow a null pointer where there is nothing left in
// it to be awaited.
template <class T>
bailey::detail::TaskAwaiter<T> operator co_await(awaitable<T, bailey::LoopExecutor>&& task) {
  if (!task.valid()) bailey::detail::fail_awaited_twice();
  return bailey::detail::TaskAwaiter<T>(static_cast<awaitable<T, bailey::LoopExecutor>&&>(task));
}

}  // namespace boost::asio

namespace bailey::detail {

// A task of a callable, which lives as long as the task does.
template <class F>
Task<> run_kept(F make) {
  co_await std::invoke(make);
}

}  // namespace bailey::detail
