#pragma once

#include <bailey/runtime/task.hpp>

#include <concepts>
#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace bailey {

namespace detail {

template <class T>
Task<> keep_result(Task<T> task, std::optional<T>* result) {
  T value = co_await std::move(task);
  result->emplace(std::move(value));
}

// Runs `task` on a loop made for it; returns what it threw.
[[nodiscard]] std::exception_ptr run_to_end(Task<> task);

}  // namespace detail

// Runs a task from plain code: on an event loop of its own, on the calling thread, until it ends; returns its value or
// throws what it threw. For programs without a server, and tests. Throws Error("nested_loop") on a thread that runs a
// loop already: there, await the task.
template <class T>
T run_blocking(Task<T> task) {
  if constexpr (std::is_void_v<T>) {
    if (std::exception_ptr error = detail::run_to_end(std::move(task))) std::rethrow_exception(error);
  } else {
    std::optional<T> result;
    if (std::exception_ptr error = detail::run_to_end(detail::keep_result(std::move(task), &result)))
      std::rethrow_exception(error);
    return std::move(*result);
  }
}

// The same for a callable that makes the task. It is kept until the task has ended, so it may capture.
template <class F>
  requires std::invocable<F&>
auto run_blocking(F make) {
  return run_blocking(std::invoke(make));
}

}  // namespace bailey
