#include "stack/project/lock.hpp"

#include <bailey/base/error.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <system_error>
#include <thread>

#include "stack/project/private_file.hpp"

namespace bailey::stack {
namespace {

std::filesystem::path lock_file(const Project& project) { return project.state_folder() / "lock"; }

}  // namespace

ProjectLock::ProjectLock(const Project& project) : file_(open_own_file(lock_file(project), O_RDWR | O_CREAT)) {
  fchmod(file_.get(), 0644);  // other users may see that it is held
  // A `bailey status` that is just looking holds it for an instant, hence the second try.
  for (int attempt = 0; flock(file_.get(), LOCK_EX | LOCK_NB) != 0; ++attempt) {
    if (attempt == 5) {
      throw Error("already_running", "this project's stack is running already (process " +
                                         std::to_string(holder(project).value_or(0)) +
                                         "); stop it there with Ctrl-C, or with bailey stop");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const std::string number = std::to_string(getpid()) + "\n";
  if (ftruncate(file_.get(), 0) != 0 || write(file_.get(), number.data(), number.size()) < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot write " + lock_file(project).string());
  }
}

// The number is about to be another process's. Nothing is lost when it stays.
ProjectLock::~ProjectLock() { [[maybe_unused]] const int ignored = ftruncate(file_.get(), 0); }

std::optional<pid_t> ProjectLock::holder(const Project& project) {
  const Descriptor file(open(lock_file(project).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file || flock(file.get(), LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK) return std::nullopt;
  std::array<char, 32> text{};
  const ssize_t size = pread(file.get(), text.data(), text.size(), 0);
  pid_t pid = 0;
  std::from_chars(text.data(), text.data() + std::max<ssize_t>(size, 0), pid);
  return pid;
}

}  // namespace bailey::stack
