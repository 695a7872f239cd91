#pragma once

#include <mutex>
#include <string>

namespace bailey::web_testing {

// What has happened, in order. Any thread.
class Journal {
 public:
  void add(const std::string& what) {
    const std::lock_guard lock(mutex_);
    text_ += (text_.empty() ? "" : ", ") + what;
  }
  [[nodiscard]] std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

}  // namespace bailey::web_testing
