#pragma once

#include <bailey/base/error.hpp>
#include <bailey/runtime/task.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

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

}  // namespace bailey::web_detail
