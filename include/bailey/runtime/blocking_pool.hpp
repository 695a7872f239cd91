#pragma once

#include <bailey/runtime/task.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace bailey {

struct BlockingPoolOptions {
  unsigned threads = 2;
  std::size_t queue_limit = 64;  // jobs waiting beyond those running
  // How long the pool's end waits for jobs that run. One that does not end would hold the program's end up for ever.
  std::chrono::milliseconds end_timeout{10'000};
};

// Threads for what would stall an event loop: password hashes, images, calls that block. When its queue is full it
// refuses a job at once. Tasks of any loop may use it. Destroying it waits for the jobs that run, for
// `end_timeout`, and drops those in the queue: who awaits one of these gets Error "blocking_pool_ended" (503).
//
// A job that runs on after that is left alone and named in the log, by the route that began it: it ends with the
// program. So that it meets nothing that is gone, the program then ends without its statics' destructors.
class BlockingPool {
 public:
  explicit BlockingPool(BlockingPoolOptions options = {});
  ~BlockingPool();
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  // Runs `job` on a thread of the pool and returns its value, or throws its exception, on the calling loop. Throws
  // Error "overloaded" (503) when the queue is full, "blocking_pool_ended" (503) when the pool went before the job's
  // turn came. When the task is cancelled before that, the job is not run; one that runs is not interrupted: the task
  // waits until it has ended, so the job may refer to the frame of the task that awaits it. Only the end of the loop
  // does not wait.
  template <class F>
  [[nodiscard]] Task<std::invoke_result_t<F&>> run(F job) {
    using Result = std::invoke_result_t<F&>;
    auto work = std::make_shared<Work<F, Result>>(std::move(job));  // shared: it may outlive a frame that is torn down
    co_await run_job(work);
    if (work->error) std::rethrow_exception(std::exchange(work->error, nullptr));  // it ends in this thread
    if constexpr (!std::is_void_v<Result>) co_return std::move(*work->value);
  }

 private:
  struct Job {
    virtual ~Job() = default;
    virtual void run() = 0;
    std::exception_ptr error;
  };

  template <class F, class Result>
  struct Work final : Job {
    using Value = std::conditional_t<std::is_void_v<Result>, bool, Result>;
    explicit Work(F f) : function(std::move(f)) {}
    void run() override {
      if constexpr (std::is_void_v<Result>)
        function();
      else
        value.emplace(function());
    }
    F function;
    std::optional<Value> value;
  };

  [[nodiscard]] Task<> run_job(std::shared_ptr<Job> job);

  struct State;
  std::shared_ptr<State> state_;  // its threads share it: one may be left behind
};

}  // namespace bailey
