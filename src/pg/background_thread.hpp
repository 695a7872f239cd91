#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace bailey::pg::detail {

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
