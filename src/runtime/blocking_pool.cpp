#include <bailey/base/error.hpp>
#include <bailey/runtime/blocking_pool.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace bailey {

struct BlockingPool::State {
  void work() {
    for (std::unique_lock lock(mutex);;) {
      ready.wait(lock, [this] { return stopping || !queue.empty(); });
      if (stopping) return;
      auto job = std::move(queue.front());
      queue.pop_front();
      ++running;
      lock.unlock();
      job();
      job = nullptr;  // what it holds goes before the lock is taken again
      lock.lock();
      --running;
    }
  }

  BlockingPoolOptions options;
  std::mutex mutex;
  std::condition_variable ready;
  std::deque<std::move_only_function<void()>> queue;
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
}

void BlockingPool::submit(std::move_only_function<void()> job) {
  {
    const std::scoped_lock lock(state_->mutex);
    const std::size_t idle = state_->threads.size() - state_->running;
    if (state_->queue.size() >= state_->options.queue_limit + idle)
      throw Error("overloaded", "the server is too busy", 503);
    state_->queue.push_back(std::move(job));
  }
  state_->ready.notify_one();
}

}  // namespace bailey
