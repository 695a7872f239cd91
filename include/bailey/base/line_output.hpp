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
  // Does not own the descriptor. It opens a pipe or terminal a second time, so that writing without waiting is set for
  // itself only, and does so again when the descriptor has come to mean another file, as after dup2.
  explicit LineOutput(int descriptor) noexcept : given_(descriptor), used_(descriptor) {}
  ~LineOutput();
  LineOutput(const LineOutput&) = delete;
  LineOutput& operator=(const LineOutput&) = delete;

  // Writes one or more lines, each with its newline; returns false when some were lost. A line of at most 4096 bytes is
  // written whole or not at all; of a longer one only the beginning may be, and the next line then still begins on a
  // line of its own.
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
