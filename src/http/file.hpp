#pragma once

#include <bailey/base/error.hpp>
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/runtime/task.hpp>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

// Files without waiting on the loop. What the system has in memory is had at once; only what must come from a disk, or
// over a network, is waited for on threads.
namespace bailey::http {

// Whether a call may keep its thread waiting for the disk. If not, it fails with EAGAIN where it would.
enum class Waiting : std::uint8_t { refused, allowed };

// A regular file, open for reading, as it was when it was opened. Failures are values of errno; EISDIR for a
// directory, EINVAL for what else is no regular file.
class File {
 public:
  [[nodiscard]] static std::expected<File, int> open(const std::string& path, Waiting waiting);
  // The same below an open directory. Whatever the path and the links on its way say, nothing outside of the directory
  // is opened: EXDEV.
  [[nodiscard]] static std::expected<File, int> open_below(int directory, const std::string& path, Waiting waiting);
  // How the latter goes about it where the system does not help: no link is followed, ELOOP or ENOTDIR.
  [[nodiscard]] static std::expected<File, int> open_name_by_name(int directory, std::string_view path);

  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] std::chrono::sys_time<std::chrono::nanoseconds> modified_at() const noexcept { return modified_at_; }
  [[nodiscard]] std::uint64_t inode() const noexcept { return inode_; }

  // What stands at `offset`, as far as one call goes; 0 behind the end, wherever that is by now.
  [[nodiscard]] std::expected<std::size_t, int> read_some(std::uint64_t offset, std::span<char> into,
                                                          Waiting waiting) const noexcept;

 private:
  explicit File(int descriptor) noexcept : descriptor_(descriptor) {}
  [[nodiscard]] static std::expected<File, int> take(int descriptor);

  int descriptor_;
  std::uint64_t size_ = 0;
  std::uint64_t inode_ = 0;
  std::chrono::sys_time<std::chrono::nanoseconds> modified_at_;
};

// Reads a file part by part.
class FileReader {
 public:
  // For parts of at most `part_bytes`.
  FileReader(File file, std::size_t part_bytes);

  // The next bytes from `offset`, `most` or a part at most: a view, good until the next call; "" behind the end. Throws
  // Error "file_unreadable" (500) where the disk fails.
  [[nodiscard]] Task<std::string_view> read(std::uint64_t offset, std::uint64_t most);

  [[nodiscard]] const File& file() const noexcept { return open_->file; }

 private:
  struct Open {
    File file;
    std::unique_ptr<char[]> bytes;
  };
  std::shared_ptr<Open> open_;  // shared with a job that goes on reading when the task has gone with its loop
  std::size_t part_bytes_;
};

// The threads of this loop that wait for disks.
[[nodiscard]] BlockingPool& file_threads();

// "file_unreadable" for a value of errno; 503 where there are no descriptors or memory left. Its text names no path.
[[nodiscard]] Error unreadable_file(int reason);

// `attempt` is called with Waiting::refused, and again on such a thread with Waiting::allowed when it would have had to
// wait (EAGAIN). It gives a std::expected<T, int>. Until it has ended it must hold on to all it uses.
template <class F>
[[nodiscard]] Task<std::invoke_result_t<F&, Waiting>> wait_for_disk(F attempt) {
  std::invoke_result_t<F&, Waiting> at_once = attempt(Waiting::refused);
  if (at_once || at_once.error() != EAGAIN) co_return std::move(at_once);
  auto on_thread = [attempt = std::move(attempt)]() mutable { return attempt(Waiting::allowed); };
  co_return co_await file_threads().run(std::move(on_thread));
}

}  // namespace bailey::http
