#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stack/database/account.hpp"
#include "stack/descriptor.hpp"

namespace bailey::stack {

struct Command {
  std::filesystem::path program;
  std::vector<std::string> arguments;  // without the program
  std::optional<Account> run_as;       // nullopt: ourselves
  std::filesystem::path output;        // standard output and error are appended here; no link
  std::filesystem::path folder = "/";  // to run in
  int confinement = -1;                // a Landlock ruleset of ours that it is bound to from its start; -1: none
  int death_signal = 0;                // sent to it when the thread that started it ends, however that happens
};

// A process we started, or one of ours that an earlier run left behind. It has a process group of its own, so a
// terminal's Ctrl-C reaches us and not it. The destructor lets it be: stopping is a decision.
class Process {
 public:
  // Returns once the program runs. Throws std::system_error when it cannot be run. The environment is PATH, HOME, LANG
  // and TZ only.
  [[nodiscard]] static Process start(const Command& command);

  // A process that is not our child. nullopt: there is none with this number.
  [[nodiscard]] static std::optional<Process> adopt(pid_t pid);

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  bool signal(int number) const noexcept;  // false: it is another user's, and may not be sent one

  // Waits until it has ended, the time is over, or `interrupt` (a descriptor, -1: none) becomes readable. Ended: true.
  // Its exit status is known then, for a child.
  [[nodiscard]] bool wait(std::chrono::milliseconds limit, int interrupt = -1);

  // Text for a log: "exit status 1", "signal 9".
  [[nodiscard]] std::string ending() const;
  [[nodiscard]] bool succeeded() const noexcept;

 private:
  Process(pid_t pid, Descriptor handle, bool child) : pid_(pid), handle_(std::move(handle)), child_(child) {}

  pid_t pid_ = 0;
  Descriptor handle_;  // a pidfd: it never means another process, whatever happens to the number
  bool child_ = false;
  std::optional<int> status_;
};

}  // namespace bailey::stack
