#pragma once

#include <bailey/runtime/task.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace bailey {

struct BlockingPoolOptions {
  unsigned threads = 2;
  std::size_t queue_limit = 64;  // jobs waiting beyond those running
};

// Threads for what would stall an event loop: password hashes, images, calls that block. Bounded: when its queue is
// full it says so at once instead of growing. Shareable between loops; must be destroyed before them (it waits for the
// jobs that run and drops those that wait).
class BlockingPool {
 public:
  explicit BlockingPool(BlockingPoolOptions options = {});
  ~BlockingPool();
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  // Runs `job` on a thread of the pool and comes back to the calling loop with its value or its exception. Throws
  // Error("overloaded", 503) when the queue is full. A job that has begun is not interrupted by cancellation.
  template <class F>
  [[nodiscard]] Task<std::invoke_result_t<F&>> run(F job) {
    using Result = std::invoke_result_t<F&>;
    auto state =
        std::make_shared<Job<F, Result>>(std::move(job));  // shared: the job may outlive a frame that is torn down
    co_await finished(state);
    if (state->error) std::rethrow_exception(state->error);
    if constexpr (!std::is_void_v<Result>) co_return std::move(*state->value);
  }

 private:
  template <class F, class Result>
  struct Job {
    using Value = std::conditional_t<std::is_void_v<Result>, bool, Result>;
    explicit Job(F f) : function(std::move(f)) {}
    void operator()() noexcept {
      try {
        if constexpr (std::is_void_v<Result>)
          function();
        else
          value.emplace(function());
      } catch (...) {
        error = std::current_exception();
      }
    }
    F function;
    std::optional<Value> value;
    std::exception_ptr error;
  };

  template <class State>
  Task<> finished(std::shared_ptr<State> state) {
    LoopExecutor executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<LoopExecutor>, void(std::exception_ptr)>(
        [this, executor, state](auto handler) mutable {
          auto shared = std::make_shared<decltype(handler)>(std::move(handler));
          auto back = [executor, shared](std::exception_ptr error) {
            boost::asio::post(executor, [shared, error]() mutable { std::move (*shared)(error); });
          };
          try {
            submit([state, back]() mutable {
              (*state)();
              back(nullptr);
            });
          } catch (...) {
            back(std::current_exception());
          }
        },
        use_task);
  }

  void submit(std::move_only_function<void()> job);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bailey
