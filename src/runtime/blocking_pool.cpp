#include <bailey/base/error.hpp>
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/runtime/waiter.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace bailey {
namespace {

class Wait;

// How a thread of the pool finds the task that waits for its job, if that is still there.
struct Finish {
  void tell();

  std::mutex mutex;
  bool done = false;
  Wait* waiting = nullptr;
};

class Wait final : public detail::SharedWaiter {
 public:
  explicit Wait(Finish& finish) : SharedWaiter(Loop::current()), finish_(finish) {}
  ~Wait() override {
    const std::lock_guard lock(finish_.mutex);
    finish_.waiting = nullptr;
  }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  static Task<> wait_for(std::shared_ptr<Finish> finish) {
    Wait wait(*finish);
    {
      const std::lock_guard lock(finish->mutex);
      if (finish->done) co_return;
      finish->waiting = &wait;
    }
    co_await wait.wait();
  }

 private:
  bool withdraw(Reason) noexcept override { return false; }  // the job uses what the task's frame holds

  Finish& finish_;
};

void Finish::tell() {
  const std::lock_guard lock(mutex);
  done = true;
  if (Wait* const wait = std::exchange(waiting, nullptr)) wait->release();
}

}  // namespace

struct BlockingPool::State {
  struct Queued {
    std::shared_ptr<Job> job;
    std::shared_ptr<Finish> finish;

    void run() {
      try {
        job->run();
      } catch (...) {
        job->error = std::current_exception();
      }
      finish->tell();
    }
    void drop() {
      job->error = std::make_exception_ptr(Error("blocking_pool_ended", "the server is ending", 503));
      finish->tell();
    }
  };

  void submit(Queued job);

  void work() {
    for (std::unique_lock lock(mutex);;) {
      ready.wait(lock, [this] { return stopping || !queue.empty(); });
      if (stopping) return;
      std::optional<Queued> job = std::move(queue.front());
      queue.pop_front();
      ++running;
      lock.unlock();
      job->run();
      job.reset();  // what it holds goes before the lock is taken again
      lock.lock();
      --running;
    }
  }

  BlockingPoolOptions options;
  std::mutex mutex;
  std::condition_variable ready;
  std::deque<Queued> queue;
  unsigned running = 0;
  bool stopping = false;
  std::vector<std::jthread> threads;
};

BlockingPool::BlockingPool(BlockingPoolOptions options) : state_(std::make_unique<State>()) {
  state_->options = options;
  for (unsigned i = 0; i < std::max(1U, options.threads); ++i)
    state_->threads.emplace_back([state = state_.get()] { state->work(); });
}

BlockingPool::~BlockingPool() {
  {
    const std::scoped_lock lock(state_->mutex);
    state_->stopping = true;
  }
  state_->ready.notify_all();
  state_->threads.clear();
  for (State::Queued& job : state_->queue) job.drop();
}

void BlockingPool::State::submit(Queued job) {
  {
    const std::scoped_lock lock(mutex);
    const std::size_t idle = threads.size() - running;
    if (queue.size() >= options.queue_limit + idle) throw Error("overloaded", "the server is too busy", 503);
    queue.push_back(std::move(job));
  }
  ready.notify_one();
}

Task<> BlockingPool::run_job(std::shared_ptr<Job> job) {
  auto finish = std::make_shared<Finish>();
  state_->submit({std::move(job), finish});
  co_await Wait::wait_for(std::move(finish));
}

}  // namespace bailey
