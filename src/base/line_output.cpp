// Whether a descriptor waits belongs to what was opened, which the shell and other programs share. So a pipe or
// terminal is opened anew, by its name in /proc, and only ours does not wait. A file never makes wait; a socket, which
// cannot be opened anew, is asked first whether it takes a piece.
#include <bailey/base/line_output.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>

namespace bailey {
namespace {

// The lines a pipe takes as one: all or nothing up to PIPE_BUF bytes.
std::string_view next_piece(std::string_view lines) {
  if (lines.size() <= PIPE_BUF) return lines;
  const std::size_t last = lines.rfind('\n', PIPE_BUF - 1);
  return lines.substr(0, last == std::string_view::npos ? PIPE_BUF : last + 1);
}

bool is_ready(int descriptor) {
  pollfd state{descriptor, POLLOUT, 0};
  return ::poll(&state, 1, 0) > 0 && (state.revents & POLLOUT) != 0;
}

}  // namespace

LineOutput::~LineOutput() {
  if (used_ != given_) ::close(used_);
}

void LineOutput::follow() noexcept {
  struct stat status{};
  if (::fstat(given_, &status) != 0 || (status.st_dev == device_ && status.st_ino == inode_)) return;
  device_ = status.st_dev;
  inode_ = status.st_ino;
  in_line_ = false;
  if (used_ != given_) ::close(used_);
  used_ = given_;
  if (!S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode)) return;
  const std::string name = "/proc/self/fd/" + std::to_string(given_);
  if (const int anew = ::open(name.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC); anew >= 0) used_ = anew;
}

std::uint64_t LineOutput::lost_lines() const noexcept {
  const std::lock_guard lock(mutex_);
  return lost_;
}

// Leaves in `lines` what was not taken.
bool LineOutput::write_all(std::string_view& lines) noexcept {
  while (!lines.empty()) {
    const std::string_view piece = next_piece(lines);
    const ssize_t written = is_ready(used_) ? ::write(used_, piece.data(), piece.size()) : 0;
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    in_line_ = piece[static_cast<std::size_t>(written) - 1] != '\n';
    lines.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool LineOutput::write(std::string_view lines) noexcept {
  const std::lock_guard lock(mutex_);
  follow();
  std::string_view end_of_broken = in_line_ ? "\n" : "";
  if (write_all(end_of_broken) && write_all(lines)) return true;
  lost_ += static_cast<std::uint64_t>(std::ranges::count(lines, '\n'));
  return false;
}

}  // namespace bailey
