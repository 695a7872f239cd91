#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace bailey::test {

// As whom PostgreSQL's programs run: it refuses root, so root becomes the user postgres.
struct ServerUser {
  bool switch_user = false;
  uid_t uid = 0;
  gid_t gid = 0;
};
[[nodiscard]] ServerUser server_user();

// Starts a program in a session of its own, its output appended to `log`. Returns its process id.
[[nodiscard]] pid_t start_program(const std::vector<std::string>& command, const std::filesystem::path& log);
// Runs it to the end; throws with the end of the log unless it returns 0.
void run_program(const std::vector<std::string>& command, const std::filesystem::path& log);

// Starts a process that outlives this one: when this one ends, in whatever way, it stops the server in `folder` and
// deletes the folder. Returns its process id; it ends at once when `watch_end` is closed.
[[nodiscard]] pid_t start_watcher(const std::filesystem::path& folder, int& watch_end);

[[nodiscard]] bool wait_for_exit(pid_t pid, int milliseconds);
[[nodiscard]] std::vector<pid_t> children_of(pid_t pid);
[[nodiscard]] std::string end_of(const std::filesystem::path& log);
// A port of the loopback interface that nobody listens on, held for this process until it ends: no other program is
// given it meanwhile. Servers that set SO_REUSEADDR (PostgreSQL and ours do) may listen on it, one after another.
[[nodiscard]] std::uint16_t free_port();

}  // namespace bailey::test
