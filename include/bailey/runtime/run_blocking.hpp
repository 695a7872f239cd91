#pragma once

#include <bailey/base/error.hpp>
#include <bailey/runtime/loop.hpp>

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace bailey {

// Runs a task from plain code: on an event loop of its own, on the calling thread, until it ends; returns its value or
// throws what it threw. For programs without a server, and tests. Throws Error("nested_loop") on a thread that runs a
// loop already: there, await the task.
template <class T>
T run_blocking(Task<T> task) {
  if (Loop::current_or_null()) throw Error("nested_loop", "run_blocking was called on an event loop; await the task");
  std::exception_ptr error;
  std::optional<std::conditional_t<std::is_void_v<T>, bool, T>> value;
  {
    Loop loop;
    if constexpr (std::is_void_v<T>) {
      boost::asio::co_spawn(loop.executor(), std::move(task), [&](std::exception_ptr failure) {
        error = failure;
        loop.stop();
      });
    } else {
      boost::asio::co_spawn(loop.executor(), std::move(task), [&](std::exception_ptr failure, T result) {
        error = failure;
        if (!error) value.emplace(std::move(result));
        loop.stop();
      });
    }
    loop.run();
  }
  if (error) std::rethrow_exception(error);
  if constexpr (!std::is_void_v<T>) return std::move(*value);
}

// The same for a callable that makes the task. It is kept until the task has ended, so it may capture.
template <class F>
  requires std::invocable<F&>
auto run_blocking(F make) {
  return run_blocking(std::invoke(make));
}

}  // namespace bailey
