#pragma once

#include <bailey/base/error.hpp>
#include <bailey/runtime/task.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bailey {
class Runtime;
}

namespace bailey::web_detail {

// What a request leaves to be done. A handler's Background may outlive the request: what it adds then starts at once.
class BackgroundQueue {
 public:
  // Throws what Loop::current and the start of a task throw, when the request has ended.
  void add(std::string name, std::move_only_function<Task<>()> make);
  void clear() noexcept { tasks_.clear(); }
  // The request has ended.
  void start() noexcept;

 private:
  std::vector<std::pair<std::string, std::move_only_function<Task<>()>>> tasks_;
  bool is_started_ = false;
};

// In a request's state, which goes when the request ends.
class BackgroundTasks {
 public:
  BackgroundTasks() = default;
  BackgroundTasks(BackgroundTasks&&) noexcept = default;
  BackgroundTasks& operator=(BackgroundTasks&&) = delete;
  ~BackgroundTasks() {
    if (queue_) queue_->start();
  }

  [[nodiscard]] const std::shared_ptr<BackgroundQueue>& queue() const noexcept { return queue_; }
  void clear() noexcept { queue_->clear(); }

 private:
  std::shared_ptr<BackgroundQueue> queue_ = std::make_shared<BackgroundQueue>();
};

// Lets the background tasks of all loops end, so long at most; then cancels those that are left, and lets them end.
// None is started on these loops from then on. On one of them.
[[nodiscard]] Task<> end_background(Runtime& runtime, std::chrono::milliseconds patience);

}  // namespace bailey::web_detail
