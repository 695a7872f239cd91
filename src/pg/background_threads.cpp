#include "pg/background_threads.hpp"

#include <condition_variable>
#include <csignal>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include <pthread.h>

namespace bailey::pg::detail {

struct BackgroundThreads::Shared {
  explicit Shared(unsigned given) : limit(given) {}

  const unsigned limit;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::move_only_function<void()>> jobs;
  std::size_t idle = 0;  // of the threads
  unsigned threads = 0;
  bool ending = false;
};

BackgroundThreads::BackgroundThreads(unsigned limit) : shared_(std::make_shared<Shared>(limit)) {}

BackgroundThreads::~BackgroundThreads() {
  std::deque<std::move_only_function<void()>> dropped;
  {
    const std::scoped_lock lock(shared_->mutex);
    shared_->ending = true;
    dropped.swap(shared_->jobs);
  }
  shared_->wake.notify_all();
}

void BackgroundThreads::submit(std::move_only_function<void()> job) {
  {
    const std::scoped_lock lock(shared_->mutex);
    shared_->jobs.push_back(std::move(job));
    if (shared_->jobs.size() > shared_->idle && shared_->threads < shared_->limit) {
      sigset_t all;  // signals are for the threads that ask for them
      sigset_t before;
      sigfillset(&all);
      pthread_sigmask(SIG_SETMASK, &all, &before);
      std::thread([shared = shared_] { work(*shared); }).detach();
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      ++shared_->threads;
    }
  }
  shared_->wake.notify_one();
}

void BackgroundThreads::work(Shared& shared) {
  std::unique_lock lock(shared.mutex);
  for (;;) {
    ++shared.idle;
    shared.wake.wait(lock, [&] { return shared.ending || !shared.jobs.empty(); });
    --shared.idle;
    if (shared.ending) return;
    std::move_only_function<void()> job = std::move(shared.jobs.front());
    shared.jobs.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
}

}  // namespace bailey::pg::detail
