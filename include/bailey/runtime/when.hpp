#pragma once

#include <bailey/runtime/task.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace bailey {

namespace detail {

// Tasks that run beside each other on this loop while one task, in whose frame this lives, waits for all to end.
class Join {
 public:
  enum class CancelOthers { on_failure, on_any_end };
  explicit Join(CancelOthers when);
  ~Join();
  Join(const Join&) = delete;
  Join& operator=(const Join&) = delete;

  // Starts a task. Its number is how many were given to this before it. Once another has decided it is only destroyed.
  void start(Task<> task);
  // That this task has its value, which decides `on_any_end`. Said by the task itself: when it ends is known only
  // later, when another may have taken a value too.
  void won_by(std::size_t number) noexcept;
  // Goes on when all have ended. Cancelling the task that awaits it cancels those that run.
  [[nodiscard]] Task<> wait();

  // The number of the first that ended, and what it or the first that failed threw.
  [[nodiscard]] std::size_t first() const noexcept;
  [[nodiscard]] std::exception_ptr error() const noexcept;

 private:
  class State;
  std::unique_ptr<State> state_;
};

template <class T>
using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
Task<> keep(Task<T> task, std::optional<Value<T>>& into, Join* race = nullptr, std::size_t number = 0) {
  if constexpr (std::is_void_v<T>) {
    co_await std::move(task);
    into.emplace();
  } else {
    T value = co_await std::move(task);
    into.emplace(std::move(value));
  }
  if (race != nullptr) race->won_by(number);
}

}  // namespace detail

// Runs tasks beside each other on this loop and comes back with all their values, std::monostate for a Task<>, when all
// have ended. When one throws, the others are cancelled, and what it threw is thrown when they have ended, too.
//
//   auto [cards, unread] = co_await when_all(load_cards(), count_unread());
template <class... T>
  requires(sizeof...(T) > 0)
[[nodiscard]] Task<std::tuple<detail::Value<T>...>> when_all(Task<T>... tasks) {
  std::tuple<std::optional<detail::Value<T>>...> values;
  detail::Join join(detail::Join::CancelOthers::on_failure);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (join.start(detail::keep(std::move(tasks), std::get<I>(values))), ...);
  }(std::index_sequence_for<T...>{});
  co_await join.wait();
  if (const std::exception_ptr error = join.error()) std::rethrow_exception(error);
  co_return std::apply([](auto&... value) { return std::tuple<detail::Value<T>...>(*std::move(value)...); }, values);
}

// The same for any number of tasks of one kind: their values, in their order.
template <class T>
[[nodiscard]] Task<std::vector<detail::Value<T>>> when_all(std::vector<Task<T>> tasks) {
  std::vector<std::optional<detail::Value<T>>> kept(tasks.size());
  detail::Join join(detail::Join::CancelOthers::on_failure);
  for (std::size_t i = 0; i < tasks.size(); ++i) join.start(detail::keep(std::move(tasks[i]), kept[i]));
  co_await join.wait();
  if (const std::exception_ptr error = join.error()) std::rethrow_exception(error);
  std::vector<detail::Value<T>> values;
  values.reserve(kept.size());
  for (auto& value : kept) values.push_back(*std::move(value));
  co_return values;
}

// Runs tasks beside each other on this loop; the first that ends decides: its value, under its number, or what it
// threw. The others are cancelled, and have ended when this comes back; when one ends without waiting at all, those
// after it are never started. What one of the others has taken by then goes with it, so let a Channel's `receive()`,
// which gives back what it does not return, be one of the tasks itself rather than a part of one.
// Cancelling the task that awaits this cancels those that run, unless one has decided.
//
//   auto first = co_await when_any(answer(), sleep_for(2s));
//   if (first.index() == 1) …                                  // too late
template <class... T>
  requires(sizeof...(T) > 0)
[[nodiscard]] Task<std::variant<detail::Value<T>...>> when_any(Task<T>... tasks) {
  std::tuple<std::optional<detail::Value<T>>...> values;
  detail::Join join(detail::Join::CancelOthers::on_any_end);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (join.start(detail::keep(std::move(tasks), std::get<I>(values), &join, I)), ...);
  }(std::index_sequence_for<T...>{});
  co_await join.wait();
  if (const std::exception_ptr error = join.error()) std::rethrow_exception(error);
  std::optional<std::variant<detail::Value<T>...>> first;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    static_cast<void>(
        ((join.first() == I ? (first.emplace(std::in_place_index<I>, *std::move(std::get<I>(values))), true) : false) ||
         ...));
  }(std::index_sequence_for<T...>{});
  co_return *std::move(first);
}

}  // namespace bailey
