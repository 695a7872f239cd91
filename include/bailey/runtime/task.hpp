#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>

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

// A task of a callable, which lives as long as the task does.
template <class F>
Task<> run_kept(F make) {
  co_await std::invoke(make);
}

}  // namespace detail

}  // namespace bailey

namespace boost::asio {

// What `co_await` makes of a Task, found by its type: itself, unless there is nothing left in it to be awaited. Asio
// would follow the null pointer.
template <class T>
awaitable<T, bailey::LoopExecutor> operator co_await(awaitable<T, bailey::LoopExecutor>&& task) {
  if (!task.valid()) bailey::detail::fail_awaited_twice();
  return static_cast<awaitable<T, bailey::LoopExecutor>&&>(task);
}

}  // namespace boost::asio
