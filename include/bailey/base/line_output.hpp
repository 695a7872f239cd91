#pragma once

#include <cstdint>
#include <mutex>
#include <string_view>

namespace bailey {

// A descriptor that log lines go to, standard output or standard error, which never makes the writer wait: when a pipe
// or a terminal takes no more because nobody reads it, lines are lost and counted. A loop that waited for a stalled log
// would serve nobody. Any thread.
class LineOutput {
 public:
  // A pipe or terminal is opened a second time, so that others who have the descriptor notice nothing; and again when
  // the descriptor has become another's, as after dup2. It is not closed.
  explicit LineOutput(int descriptor) noexcept : given_(descriptor), used_(descriptor) {}
  ~LineOutput();
  LineOutput(const LineOutput&) = delete;
  LineOutput& operator=(const LineOutput&) = delete;

  // One or more lines, each with its newline. A line is written whole or not at all, if it has 4096 bytes at most; of a
  // longer one the beginning may be written, and what comes next begins on a line of its own. False: some were lost.
  bool write(std::string_view lines) noexcept;

  [[nodiscard]] std::uint64_t lost_lines() const noexcept;

 private:
  void follow() noexcept;
  [[nodiscard]] bool write_all(std::string_view& lines) noexcept;

  mutable std::mutex mutex_;  // held for writes that do not wait
  const int given_;
  int used_;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
  std::uint64_t lost_ = 0;
  bool in_line_ = false;  // what was written last was the beginning of a line whose end is lost
};

}  // namespace bailey
