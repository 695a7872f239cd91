#pragma once

#include <bailey/runtime/loop.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace bailey::pg::detail {

// A way back to a loop that may have ended meanwhile: then what is posted is dropped. Any thread.
class LoopGate {
 public:
  explicit LoopGate(Loop& loop) : loop_(&loop) {}
  void post(std::move_only_function<void()> work) {
    const std::scoped_lock lock(mutex_);
    if (loop_ != nullptr) loop_->post(std::move(work));
  }
  void close() noexcept {
    const std::scoped_lock lock(mutex_);
    loop_ = nullptr;
  }

 private:
  std::mutex mutex_;
  Loop* loop_;
};

// One thread for the calls of libpq 15 that block: name resolution at connect, and cancellation. Started on first use;
// what waits when it is destroyed is dropped.
class BackgroundThread {
 public:
  BackgroundThread() = default;
  ~BackgroundThread();
  BackgroundThread(const BackgroundThread&) = delete;
  BackgroundThread& operator=(const BackgroundThread&) = delete;

  void submit(std::move_only_function<void()> job);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::move_only_function<void()>> jobs_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace bailey::pg::detail
