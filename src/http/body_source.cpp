#include <bailey/http/body_source.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

namespace bailey::http {
namespace {

constexpr std::size_t part_bytes = std::size_t{128} * 1024;

Error unreadable(int reason) {
  return {"file_unreadable", "The file cannot be read: " + std::generic_category().message(reason), 500};
}

class File {
 public:
  explicit File(int descriptor) noexcept : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), left_(other.left_) {}
  File& operator=(File&&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  // Nothing when it is a regular file that can be read.
  [[nodiscard]] int open_failure() noexcept {
    struct stat status{};
    if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) return errno;
    if (!S_ISREG(status.st_mode)) return S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    left_ = static_cast<std::uint64_t>(status.st_size);
    ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);
    return 0;
  }
  [[nodiscard]] std::uint64_t left() const noexcept { return left_; }

  // The next part. Of a file that has become shorter less than was promised, which is noticed by who counts.
  [[nodiscard]] std::string read() {
    std::string part(static_cast<std::size_t>(std::min<std::uint64_t>(left_, part_bytes)), '\0');
    ssize_t count = 0;
    do {
      count = ::read(descriptor_, part.data(), part.size());
    } while (count < 0 && errno == EINTR);
    if (count < 0) throw unreadable(errno);
    part.resize(static_cast<std::size_t>(count));
    left_ -= part.size();
    return part;
  }

 private:
  int descriptor_;
  std::uint64_t left_ = 0;
};

Task<std::string> read_part(File& file) { co_return file.read(); }

}  // namespace

Expected<BodySource> BodySource::file(const std::string& path) {
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe has no writer yet, maybe
  if (const int reason = file.open_failure(); reason != 0) return std::unexpected(unreadable(reason));
  const std::uint64_t length = file.left();
  return BodySource(length, [file = std::move(file)]() mutable { return read_part(file); });
}

}  // namespace bailey::http
