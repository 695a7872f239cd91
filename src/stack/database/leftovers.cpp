// What an earlier PostgreSQL left running on a data folder. A server process whose postmaster was killed ends by itself
// only when it next waits: one that computes goes on for as long as its statement takes, and until it ends no other
// PostgreSQL starts on the data, for it still holds the shared memory. It is killed: what it did is not committed, and
// the next start recovers from a crash anyway.
//
// A process is one of these by its working folder, which PostgreSQL makes the data folder: a number in a file may have
// gone to somebody else since.
#include "stack/database/leftovers.hpp"

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>

#include <unistd.h>
#include <charconv>
#include <csignal>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "stack/database/patience.hpp"
#include "stack/database/process.hpp"
#include "stack/project/project_file.hpp"

namespace bailey::stack {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr seconds kill_limit{5};

bool works_in(pid_t pid, const fs::path& data) {
  std::error_code failure;
  const fs::path folder = fs::read_symlink("/proc/" + std::to_string(pid) + "/cwd", failure);
  return !failure && folder == fs::canonical(data, failure) && !failure;
}

bool is_postgres(pid_t pid) {
  std::ifstream input("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  return std::getline(input, name) && name == "postgres";
}

std::vector<Process> servers_in(const fs::path& data) {
  std::vector<Process> found;
  std::error_code failure;
  for (fs::directory_iterator entry("/proc", failure), end; !failure && entry != end; entry.increment(failure)) {
    const std::string name = entry->path().filename().string();
    pid_t pid = 0;
    const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error != std::errc() || rest != name.data() + name.size()) continue;
    // The handle first: from then on the number is this process's for us, or its checks fail.
    std::optional<Process> process = Process::adopt(pid);
    if (process && is_postgres(pid) && works_in(pid, data)) found.push_back(std::move(*process));
  }
  return found;
}

// The number that a lock file begins with; 0 when there is none.
pid_t number_in(const fs::path& lock) {
  const Expected<std::string> text = read_project_file(lock, settings_limit_bytes);
  pid_t pid = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), pid);
  return pid;
}

[[noreturn]] void refuse(pid_t pid) {
  throw Error("postgres_failed", "a PostgreSQL of an earlier run (process " + std::to_string(pid) +
                                     ") does not end; stop it and try again");
}

}  // namespace

void stop_leftover(const fs::path& data) {
  const pid_t pid = number_in(data / "postmaster.pid");
  if (pid <= 1) return;
  std::optional<Process> left = Process::adopt(pid);
  if (!left || !works_in(pid, data)) return;
  log::info("stopping a PostgreSQL that an earlier run left behind", {{"pid", pid}});
  if (!end_server(*left)) refuse(pid);
}

// PostgreSQL takes its own lock files for valid while any process has the number in them: one that has ended and that
// nobody has waited for (the first process of a container may never do), or another program that was given the number.
void remove_stale_locks(const fs::path& data, const fs::path& sockets) {
  std::vector<fs::path> locks{data / "postmaster.pid"};
  std::error_code failure;
  for (fs::directory_iterator entry(sockets, failure), end; !failure && entry != end; entry.increment(failure)) {
    if (entry->path().extension() == ".lock") locks.push_back(entry->path());
  }
  for (const fs::path& lock : locks) {
    std::error_code none;
    if (fs::symlink_status(lock, none).type() == fs::file_type::not_found) continue;
    const pid_t pid = number_in(lock);
    if (pid > 1 && works_in(pid, data)) continue;
    log::debug("removing the lock file of a PostgreSQL that has ended", {{"file", lock.string()}, {"pid", pid}});
    fs::remove(lock, failure);
  }
}

void end_orphans(const fs::path& data) {
  std::vector<Process> orphans = servers_in(data);
  for (const Process& orphan : orphans) {
    log::warning("ending a server process whose PostgreSQL was killed", {{"pid", orphan.pid()}});
    orphan.signal(SIGKILL);
  }
  for (Process& orphan : orphans)
    if (!orphan.wait(kill_limit)) refuse(orphan.pid());
}

}  // namespace bailey::stack
