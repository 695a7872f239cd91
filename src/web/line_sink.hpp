#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace bailey::web_detail {

// Hands lines to a function that may be slow, on a thread of its own, so that who writes never waits for it. What it
// has not taken yet is bounded: lines beyond that are lost, counted, and told in the log. Any thread may write.
class LineSink {
 public:
  explicit LineSink(std::function<void(std::string_view lines)> sink,
                    std::size_t limit_bytes = std::size_t{1024} * 1024);
  // Waits until the function has taken what is there.
  ~LineSink();
  LineSink(const LineSink&) = delete;
  LineSink& operator=(const LineSink&) = delete;

  // One or more lines, each with its newline: all of them or, beyond the bound, none.
  void write(std::string_view lines);

 private:
  void run();

  std::function<void(std::string_view)> sink_;
  const std::size_t limit_bytes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string waiting_;
  std::uint64_t lost_lines_ = 0;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace bailey::web_detail
