#pragma once

#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/runtime/task.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::http {

class SpooledFile;
namespace detail {
struct SpoolState;
struct SpooledFileState;
}  // namespace detail

struct SpoolOptions {
  std::string directory;  // of temporary files; "": TMPDIR, or /var/tmp, which is on a disk, or /tmp
  std::size_t file_memory_bytes = 256 * 1024;         // what of one file lies in memory at most
  std::size_t memory_limit_bytes = 64 * 1024 * 1024;  // and of all together; beyond it they go to the disk at once
  std::size_t jobs_at_once = 16;                      // what the pool is asked for; the others wait in line
};

// Where uploads lie while they are worked with. Small ones in memory, larger ones in temporary files that have no name,
// so that nothing is left of them when they are closed or the process dies. Files are read and written on `pool`, which
// must outlive the spool and its files. Any thread may use it; the files may outlive it. Copies share their memory
// limit.
class Spool {
 public:
  explicit Spool(BlockingPool& pool, SpoolOptions options = {});
  ~Spool();
  Spool(const Spool&);
  Spool& operator=(const Spool&);

  [[nodiscard]] SpooledFile make_file() const;
  // What files hold in memory now.
  [[nodiscard]] std::size_t memory_used_bytes() const noexcept;

  // Memory that counts towards the limit until this goes: of what belongs to an upload and is no file. Moved from, it
  // holds nothing.
  class Memory {
   public:
    explicit Memory(const Spool& spool);
    ~Memory();
    Memory(Memory&&) noexcept;
    Memory& operator=(Memory&&) noexcept;
    // Throws Error "overloaded" (503) when there is no room.
    void add(std::size_t bytes);

   private:
    struct Share;
    std::unique_ptr<Share> share_;
  };

 private:
  std::shared_ptr<detail::SpoolState> state_;
};

// A file of a spool: written first, then read or saved. Its bytes are freed when it goes; moving it into another task
// keeps them. One task at a time.
//
// What fails on the disk is Error "insufficient_storage" (507) when that is full, else "storage_failed" (500); the
// cause is for the log (Error::log_details). The file is of no use then. "overloaded" (503) when there are no more
// descriptors, or the pool takes no more jobs. A task of it that is cancelled ends once what it has begun has ended; in
// `write`, the file is of no use then. Moved from, it is empty, and its tasks throw Error "misuse".
class [[nodiscard]] SpooledFile {
 public:
  ~SpooledFile();
  SpooledFile(SpooledFile&&) noexcept;
  SpooledFile& operator=(SpooledFile&&) noexcept;

  // Appends. `bytes` must live until it returns; a text of its own, as `a + b` makes one, is kept until then. Throws
  // Error "misuse" after `save_to`.
  [[nodiscard]] Task<> write(std::string_view bytes);
  template <std::same_as<std::string> Text>
  [[nodiscard]] Task<> write(Text&& bytes) {
    return write_kept(std::forward<Text>(bytes));
  }

  [[nodiscard]] std::uint64_t size() const noexcept;
  [[nodiscard]] bool is_in_memory() const noexcept;
  // All of it, where it is in memory; nullopt where it is not. Valid until it is written to, saved or moved.
  [[nodiscard]] std::optional<std::string_view> bytes_in_memory() const noexcept;

  // The next part, at most so many bytes; "" at the end. The first begins at the beginning.
  [[nodiscard]] Task<std::string> read(std::size_t most_bytes = 64 * 1024);
  // Where the next `read` begins; beyond the end there is nothing to read.
  void seek(std::uint64_t position) noexcept;
  // All of it, from the beginning. Throws Error "payload_too_large" (413) when that is more than `limit_bytes`.
  [[nodiscard]] Task<std::string> read_all(std::size_t limit_bytes);

  // Makes this a file of that path, with the mode that new files have, instead of one that may be there: whoever opens
  // the path finds all of the old or all of the new. When the task has ended it lies on the disk. No copy is made where
  // the path and the spool's directory are of one file system that can do without. The directory must exist. Never
  // make the path of a name that a client has sent.
  [[nodiscard]] Task<> save_to(std::string path);

 private:
  friend class Spool;
  [[nodiscard]] Task<> write_kept(std::string bytes);
  explicit SpooledFile(std::shared_ptr<detail::SpooledFileState> state) noexcept;
  [[nodiscard]] const std::shared_ptr<detail::SpooledFileState>& state() const;

  std::shared_ptr<detail::SpooledFileState> state_;  // shared with the tasks that work on it
};

}  // namespace bailey::http
