// A job that runs cannot be ended, only waited for: the pool's end does so for a while. A thread that then still runs
// is detached, and shares what it needs with nobody who goes.
#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/waiter.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bailey {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Statics go while a thread that was left still runs, and would take what it uses along.
void end_without_statics() {
  static const int registered = ::on_exit(
      [](int status, void*) {
        std::fflush(nullptr);
        std::_Exit(status);
      },
      nullptr);
  static_cast<void>(registered);
}

// What the calling loop runs, such as a route.
std::string activity_now() {
  const std::string* const activity = Loop::current().activity();
  return activity != nullptr ? *activity : "unknown";
}

}  // namespace

struct BlockingPool::State {
  class Wait;

  // A job, and how a thread of the pool finds the task that waits for it, if that is still there.
  struct Entry {
    Entry(std::shared_ptr<Job> of, std::string by) : job(std::move(of)), wanted_by(std::move(by)) {}

    void run() {
      try {
        job->run();
      } catch (...) {
        job->error = std::current_exception();
      }
      tell();
    }
    void drop() {
      job->error = std::make_exception_ptr(Error("blocking_pool_ended", "the server is ending", 503));
      tell();
    }
    void tell();

    const std::shared_ptr<Job> job;
    const std::string wanted_by;
    SteadyClock::time_point begun_at{};  // by the thread that runs it, under the State's mutex
    std::mutex mutex;                    // of what follows
    bool done = false;
    Wait* waiting = nullptr;
  };

  // The jobs that nobody has begun. Shared with those that wait, who may outlive the pool.
  struct Queue {
    [[nodiscard]] bool remove(const Entry& entry) {
      const std::scoped_lock lock(mutex);
      return std::erase_if(entries, [&](const auto& each) { return each.get() == &entry; }) != 0;
    }

    std::mutex mutex;  // of what follows, and of the State's
    std::deque<std::shared_ptr<Entry>> entries;
  };

  void submit(std::shared_ptr<Entry> entry);

  void work() {
    for (std::unique_lock lock(queue->mutex);;) {
      ready.wait(lock, [this] { return stopping || !queue->entries.empty(); });
      if (stopping) return;
      std::shared_ptr<Entry> entry = std::move(queue->entries.front());
      queue->entries.pop_front();
      entry->begun_at = SteadyClock::now();
      running.push_back(entry.get());
      lock.unlock();
      entry->run();
      lock.lock();
      std::erase(running, entry.get());
      lock.unlock();
      entry.reset();  // what it holds goes before the lock is taken again
      lock.lock();
      if (stopping) ended.notify_all();
    }
  }

  // Whether all jobs that run have ended in time. Those that have not are told of.
  [[nodiscard]] bool end_jobs() {
    std::unique_lock lock(queue->mutex);
    stopping = true;
    ready.notify_all();
    if (ended.wait_for(lock, options.end_timeout, [this] { return running.empty(); })) return true;
    for (const Entry* const entry : running) {
      const auto lasts = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - entry->begun_at);
      log::warning("a job of a blocking pool does not end, and is left to end with the program",
                   {{"running", entry->wanted_by}, {"running_ms", lasts.count()}});
    }
    return false;
  }

  BlockingPoolOptions options;
  const std::shared_ptr<Queue> queue = std::make_shared<Queue>();
  std::condition_variable ready;
  std::condition_variable ended;
  std::vector<const Entry*> running;
  bool stopping = false;
  std::vector<std::thread> threads;
};

// A job that runs uses what the task's frame holds, so that is waited for. One that has not begun is wanted by nobody
// when its task is cancelled, and must not be when its task's frames are gone.
class BlockingPool::State::Wait final : public detail::SharedWaiter {
 public:
  Wait(std::shared_ptr<Queue> queue, std::shared_ptr<Entry> entry)
      : SharedWaiter(Loop::current()), queue_(std::move(queue)), entry_(std::move(entry)) {}
  ~Wait() override {
    {
      const std::scoped_lock lock(entry_->mutex);
      entry_->waiting = nullptr;
      if (entry_->done) return;
    }
    static_cast<void>(queue_->remove(*entry_));
  }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  static Task<> wait_for(std::shared_ptr<Queue> queue, std::shared_ptr<Entry> entry) {
    Wait wait(std::move(queue), entry);
    {
      const std::scoped_lock lock(entry->mutex);
      if (entry->done) co_return;
      entry->waiting = &wait;
    }
    co_await wait.wait();
    if (wait.was_cancelled_) throw boost::system::system_error(boost::asio::error::operation_aborted);
  }

 private:
  bool withdraw(Reason) noexcept override { return was_cancelled_ = queue_->remove(*entry_); }

  const std::shared_ptr<Queue> queue_;
  const std::shared_ptr<Entry> entry_;
  bool was_cancelled_ = false;
};

void BlockingPool::State::Entry::tell() {
  const std::scoped_lock lock(mutex);
  done = true;
  if (Wait* const wait = std::exchange(waiting, nullptr)) wait->release();
}

BlockingPool::BlockingPool(BlockingPoolOptions options) : state_(std::make_shared<State>()) {
  state_->options = options;
  for (unsigned i = 0; i < std::max(1U, options.threads); ++i)
    state_->threads.emplace_back([state = state_] { state->work(); });
}

BlockingPool::~BlockingPool() {
  const bool all_ended = state_->end_jobs();
  if (!all_ended) end_without_statics();
  for (std::thread& thread : state_->threads) {
    if (all_ended) {
      thread.join();
    } else {
      thread.detach();
    }
  }
  std::deque<std::shared_ptr<State::Entry>> left;
  {
    const std::scoped_lock lock(state_->queue->mutex);
    left.swap(state_->queue->entries);
  }
  for (const auto& entry : left) entry->drop();
}

void BlockingPool::State::submit(std::shared_ptr<Entry> entry) {
  {
    const std::scoped_lock lock(queue->mutex);
    const std::size_t idle = threads.size() - running.size();
    if (queue->entries.size() >= options.queue_limit + idle) throw Error("overloaded", "the server is too busy", 503);
    queue->entries.push_back(std::move(entry));
  }
  ready.notify_one();
}

Task<> BlockingPool::run_job(std::shared_ptr<Job> job) {
  auto entry = std::make_shared<State::Entry>(std::move(job), activity_now());
  state_->submit(entry);
  co_await State::Wait::wait_for(state_->queue, std::move(entry));
}

}  // namespace bailey
