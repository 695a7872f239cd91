#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace bailey {

// The executor of one event loop. Concrete rather than type-erased: it saves an allocation and a virtual call per
// await.
using LoopExecutor = boost::asio::io_context::executor_type;

// A coroutine that runs on one event loop: `Task<int> f() { co_return 7; }`, awaited once with `co_await f()`.
// It is Boost.Asio's awaitable, so all of Asio can be awaited in it. It starts when awaited and never changes thread.
template <class T = void>
using Task = boost::asio::awaitable<T, LoopExecutor>;

// The completion token for Asio operations inside a Task: `co_await timer.async_wait(use_task)`.
inline constexpr boost::asio::use_awaitable_t<LoopExecutor> use_task{};

}  // namespace bailey
