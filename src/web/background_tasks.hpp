#pragma once

#include <bailey/base/error.hpp>
#include <bailey/runtime/task.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace bailey {
class Runtime;
}

namespace bailey::web_detail {

// In a request's state: what is to be done when it has ended, which is when this goes.
class BackgroundTasks {
 public:
  BackgroundTasks() = default;
  BackgroundTasks(BackgroundTasks&&) noexcept = default;
  BackgroundTasks& operator=(BackgroundTasks&&) = delete;
  ~BackgroundTasks();

  void add(std::string name, std::move_only_function<Task<>()> make) {
    tasks_.emplace_back(std::move(name), std::move(make));
  }
  void clear() noexcept { tasks_.clear(); }

 private:
  std::vector<std::pair<std::string, std::move_only_function<Task<>()>>> tasks_;
};

// Lets the background tasks of all loops end, so long at most; then cancels those that are left, and lets them end.
// None is started on these loops from then on. On one of them.
[[nodiscard]] Task<> end_background(Runtime& runtime, std::chrono::milliseconds patience);

}  // namespace bailey::web_detail
