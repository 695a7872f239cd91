// Linux tells apart what it has in memory from what it would have to wait for: openat2 with RESOLVE_CACHED (5.12), and
// preadv2 with RWF_NOWAIT (4.14). Where it does not, or the file system does not, each call goes to a thread.
//
// openat2 also keeps a path below its directory (RESOLVE_BENEATH, 5.6). Where it is missing, as in some sandboxes, a
// path is walked one name at a time and no link on it is followed.
#include "http/file.hpp"

#include <bailey/runtime/loop_local.hpp>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace bailey::http {

namespace {

// A pipe has no writer yet, maybe.
constexpr int how_to_open = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

int open_resolving(int directory, const std::string& path, std::uint64_t resolve) noexcept {
  open_how how{};
  how.flags = how_to_open;
  how.resolve = resolve;
  long descriptor = 0;
  do {
    descriptor = ::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how);
  } while (descriptor < 0 && errno == EINTR);
  return static_cast<int>(descriptor);
}

// Whether the call itself is not to be had: no such call, none in this sandbox, or not with this flag.
bool is_missing(int reason) noexcept { return reason == ENOSYS || reason == EPERM || reason == EINVAL; }

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { replace_by(-1); }
  void replace_by(int number) noexcept {
    if (number_ >= 0) ::close(number_);
    number_ = number;
  }
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

}  // namespace

std::expected<File, int> File::take(int descriptor) {
  if (descriptor < 0) return std::unexpected(errno);
  File file(descriptor);
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) return std::unexpected(errno);
  if (!S_ISREG(status.st_mode)) return std::unexpected(S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
  file.size_ = static_cast<std::uint64_t>(status.st_size);
  file.inode_ = status.st_ino;
  file.modified_at_ = std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::seconds(status.st_mtim.tv_sec) +
                                                                      std::chrono::nanoseconds(status.st_mtim.tv_nsec));
  return file;
}

std::expected<File, int> File::open(const std::string& path, Waiting waiting) {
  if (path.contains('\0')) return std::unexpected(EINVAL);  // the system would see what stands before it
  if (waiting == Waiting::allowed) return take(::open(path.c_str(), how_to_open));
  const int descriptor = open_resolving(AT_FDCWD, path, RESOLVE_CACHED);
  if (descriptor < 0 && is_missing(errno)) return std::unexpected(EAGAIN);
  return take(descriptor);
}

std::expected<File, int> File::open_below(int directory, const std::string& path, Waiting waiting) {
  if (path.contains('\0')) return std::unexpected(EINVAL);
  constexpr std::uint64_t below = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const int descriptor = open_resolving(directory, path, waiting == Waiting::refused ? below | RESOLVE_CACHED : below);
  if (descriptor >= 0 || !is_missing(errno)) return take(descriptor);
  if (waiting == Waiting::refused) return std::unexpected(EAGAIN);
  return open_name_by_name(directory, path);
}

std::expected<File, int> File::open_name_by_name(int directory, std::string_view path) {
  Descriptor at(-1);
  for (;;) {
    const std::size_t slash = path.find('/');
    const std::string name(path.substr(0, slash));
    if (name.empty() || name == "..") return std::unexpected(EXDEV);
    const bool is_last = slash == std::string_view::npos;
    const int flags = is_last ? how_to_open : O_PATH | O_DIRECTORY | O_CLOEXEC;
    const int next = ::openat(at.number() < 0 ? directory : at.number(), name.c_str(), flags | O_NOFOLLOW);
    if (next < 0 || is_last) return take(next);
    at.replace_by(next);
    path.remove_prefix(slash + 1);
  }
}

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      inode_(other.inode_),
      modified_at_(other.modified_at_) {}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  size_ = other.size_;
  inode_ = other.inode_;
  modified_at_ = other.modified_at_;
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::expected<std::size_t, int> File::read_some(std::uint64_t offset, std::span<char> into,
                                                Waiting waiting) const noexcept {
  const iovec part{into.data(), into.size()};
  ssize_t count = 0;
  do {
    count = ::preadv2(descriptor_, &part, 1, static_cast<off_t>(offset), waiting == Waiting::refused ? RWF_NOWAIT : 0);
  } while (count < 0 && errno == EINTR);
  if (count >= 0) return static_cast<std::size_t>(count);
  const bool cannot_tell = waiting == Waiting::refused && (errno == EOPNOTSUPP || errno == ENOSYS);
  return std::unexpected(cannot_tell ? EAGAIN : errno);
}

FileReader::FileReader(File file, std::size_t part_bytes)
    : open_(std::make_shared<Open>(std::move(file), std::make_unique_for_overwrite<char[]>(part_bytes))),
      part_bytes_(part_bytes) {}

Task<std::string_view> FileReader::read(std::uint64_t offset, std::uint64_t most) {
  const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(most, part_bytes_));
  const std::expected<std::size_t, int> count = co_await wait_for_disk([open = open_, offset, length](Waiting waiting) {
    return open->file.read_some(offset, {open->bytes.get(), length}, waiting);
  });
  if (!count) throw unreadable_file(count.error());
  co_return std::string_view(open_->bytes.get(), *count);
}

// Made by the loop when it first waits for a disk, and ended with it. Nobody hands it down: files are answered by plain
// functions, which a handler calls with no more than a path.
BlockingPool& file_threads() {
  // Who waits is a connection that is served already, so their limit is the queue's, too: a slow disk makes answers
  // slow, but cuts none.
  constexpr BlockingPoolOptions options{.threads = 2, .queue_limit = 1'000'000};
  static LoopLocal<BlockingPool> of_loop;
  return of_loop.get([&] { return std::make_unique<BlockingPool>(options); });
}

Error unreadable_file(int reason) {
  const bool is_for_want = reason == EMFILE || reason == ENFILE || reason == ENOMEM;
  if (is_for_want) return {"overloaded", "The server has too many files open", 503};
  return {"file_unreadable", "The file cannot be read: " + std::generic_category().message(reason), 500};
}

}  // namespace bailey::http
