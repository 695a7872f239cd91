// Starting and watching other programs. Between fork and exec only async-signal-safe calls are made, since other
// threads may hold any lock; all strings are made before.
#include "stack/database/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

namespace bailey::stack {
namespace {

int open_pidfd(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

std::vector<std::string> clean_environment() {
  std::vector<std::string> entries;
  for (const char* name : {"PATH", "HOME", "TZ"}) {
    if (const char* value = std::getenv(name)) entries.push_back(std::string(name) + "=" + value);
  }
  entries.emplace_back("LANG=C.UTF-8");
  return entries;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

struct Channels {
  int input, output, failure;
};

// What the child tells of why it did not become the program.
struct Failure {
  int reason = 0;
  enum class At { running, becoming_user, confining, entering } at = At::running;
};

std::string what_failed(Failure::At at, const Command& command) {
  const std::string program = command.program.string();
  switch (at) {
    case Failure::At::becoming_user: return "cannot run " + program + " as the user " + command.run_as->name;
    case Failure::At::confining:
      return "the kernel has Landlock, but does not let it confine " + program +
             " (a sandbox around bailey may be why)";
    case Failure::At::entering: return "cannot run " + program + " in " + command.folder.string();
    case Failure::At::running: break;
  }
  return "cannot run " + program;
}

// What the child does between fork and exec: no allocation, no lock.
[[noreturn]] void become(const Command& command, char* const* argv, char* const* envp, const char* folder, pid_t parent,
                         Channels channels) {
  const auto give_up = [&](Failure::At at) {
    const Failure failure{.reason = errno, .at = at};
    const ssize_t ignored = write(channels.failure, &failure, sizeof failure);
    _exit(ignored > 0 ? 127 : 126);
  };
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT}) std::signal(number, SIG_DFL);
  setpgid(0, 0);
  if (command.run_as &&
      (setgroups(0, nullptr) != 0 || setgid(command.run_as->group) != 0 || setuid(command.run_as->user) != 0)) {
    give_up(Failure::At::becoming_user);
  }
  // After setuid, which clears it. The parent may be gone already, and then nobody would tell us.
  if (command.death_signal != 0) {
    prctl(PR_SET_PDEATHSIG, command.death_signal);
    if (getppid() != parent) _exit(125);
  }
  // Without the former the kernel takes the latter from root alone. Before dup2: where the parent has closed its
  // standard input, that number may be the ruleset's.
  if (command.confinement >= 0 && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
                                   syscall(SYS_landlock_restrict_self, command.confinement, 0U) != 0)) {
    give_up(Failure::At::confining);
  }
  dup2(channels.input, 0);
  dup2(channels.output, 1);
  dup2(channels.output, 2);
  syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
  if (chdir(folder) != 0) give_up(Failure::At::entering);
  execve(argv[0], argv, envp);
  give_up(Failure::At::running);
  _exit(127);
}

}  // namespace

Process Process::start(const Command& command) {
  std::vector<std::string> words{command.program.string()};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> environment = clean_environment();
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> envp = pointers(environment);
  const std::string folder = command.folder.string();
  const Descriptor output(open(command.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  const Descriptor input(open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!output || !input) throw std::system_error(errno, std::generic_category(), command.output.string());
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  const Descriptor failure_in(ends[0]);
  Descriptor failure_out(ends[1]);  // closed by exec; before, the child tells why it failed
  const pid_t parent = getpid();

  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0)
    become(command, argv.data(), envp.data(), folder.c_str(), parent,
           {.input = input.get(), .output = output.get(), .failure = failure_out.get()});
  failure_out = Descriptor();
  Descriptor handle(open_pidfd(child));
  if (!handle) {
    const int failure = errno;
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    throw std::system_error(failure, std::generic_category(), "pidfd_open");
  }
  Process process(child, std::move(handle), true);
  Failure failure;
  ssize_t count = 0;
  while ((count = read(failure_in.get(), &failure, sizeof failure)) < 0 && errno == EINTR) {
  }
  if (count > 0) {
    static_cast<void>(process.wait(std::chrono::seconds(5)));
    throw std::system_error(failure.reason, std::generic_category(), what_failed(failure.at, command));
  }
  return process;
}

std::optional<Process> Process::adopt(pid_t pid) {
  Descriptor handle(open_pidfd(pid));
  if (!handle) return std::nullopt;
  return Process(pid, std::move(handle), false);
}

bool Process::signal(int number) const noexcept {
  return status_ || syscall(SYS_pidfd_send_signal, handle_.get(), number, nullptr, 0U) == 0 || errno != EPERM;
}

bool Process::wait(std::chrono::milliseconds limit, int interrupt) {
  if (status_) return true;
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    std::array<pollfd, 2> watched{{{handle_.get(), POLLIN, 0}, {interrupt, POLLIN, 0}}};
    const int count = poll(watched.data(), watched.size(), static_cast<int>(std::max<std::int64_t>(0, left.count())));
    if (count < 0 && errno == EINTR) continue;
    if (watched[0].revents != 0) {
      int status = 0;
      if (child_) {
        while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
      }
      status_ = status;
      return true;
    }
    return false;
  }
}

std::string Process::ending() const {
  if (!status_) return "still running";
  if (WIFSIGNALED(*status_)) return "signal " + std::to_string(WTERMSIG(*status_));
  return "exit status " + std::to_string(WEXITSTATUS(*status_));
}

bool Process::succeeded() const noexcept { return status_ && WIFEXITED(*status_) && WEXITSTATUS(*status_) == 0; }

}  // namespace bailey::stack
