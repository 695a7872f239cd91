// Processes for the test server: nothing here knows PostgreSQL but for its user. Between fork and exec only calls that
// are safe there, since the test program may have threads.
#include "tests/support/postgres_process.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bailey::test {
namespace {

std::vector<char*> arguments(const std::vector<std::string>& command) {
  std::vector<char*> pointers;
  for (const std::string& word : command) pointers.push_back(const_cast<char*>(word.c_str()));  // exec changes nothing
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

ServerUser server_user() {
  if (::geteuid() != 0) return {false, ::geteuid(), ::getegid()};
  const passwd* const entry = ::getpwnam("postgres");
  if (entry == nullptr) throw std::runtime_error("PostgreSQL refuses root, and there is no user postgres to run it as");
  return {true, entry->pw_uid, entry->pw_gid};
}

pid_t start_program(const std::vector<std::string>& command, const std::filesystem::path& log) {
  const ServerUser user = server_user();
  const std::vector<char*> pointers = arguments(command);
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setsid();
    if (user.switch_user && (::setgroups(1, &user.gid) != 0 || ::setgid(user.gid) != 0 || ::setuid(user.uid) != 0))
      ::_exit(126);
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, 0);
    ::dup2(output, 1);
    ::dup2(output, 2);
    if (::chdir("/") != 0) ::_exit(126);
    ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }
  if (output >= 0) ::close(output);
  if (pid < 0) throw std::runtime_error("fork failed");
  return pid;
}

void run_program(const std::vector<std::string>& command, const std::filesystem::path& log) {
  const pid_t pid = start_program(command, log);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error(command.front() + " failed: " + end_of(log));
}

pid_t start_watcher(const std::filesystem::path& folder, int& watch_end) {
  // The pipe's other end closes when the last holder of it, this process, is gone. TERM: told that all is tidied up.
  const std::vector<std::string> command{
      "/bin/sh", "-c",
      "cat >/dev/null; pid=$(head -n 1 \"$1/data/postmaster.pid\" 2>/dev/null) && kill -INT \"$pid\" 2>/dev/null; "
      "for i in 1 2 3 4 5 6 7 8 9 10; do [ -f \"$1/data/postmaster.pid\" ] || break; sleep 0.3; done; "
      "rm -rf \"$1\"",
      "watcher", folder.string()};
  const std::vector<char*> pointers = arguments(command);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setsid();
    ::dup2(ends[0], 0);
    const int nothing = ::open("/dev/null", O_WRONLY);  // or it would hold open what reads the test's output
    ::dup2(nothing, 1);
    ::dup2(nothing, 2);
    ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }
  ::close(ends[0]);
  if (pid < 0) throw std::runtime_error("fork failed");
  watch_end = ends[1];
  return pid;
}

bool wait_for_exit(pid_t pid, int milliseconds) {
  for (int waited = 0; waited <= milliseconds; waited += 5) {
    const pid_t ended = ::waitpid(pid, nullptr, WNOHANG);
    if (ended == pid || (ended < 0 && errno == ECHILD)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    pid_t candidate = 0;
    if (const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), candidate);
        error != std::errc{} || end != name.data() + name.size())
      continue;
    std::ifstream file(entry.path() / "stat");
    std::string line;
    std::getline(file, line);
    const std::size_t after_name = line.rfind(')');
    if (after_name == std::string::npos) continue;
    std::istringstream rest(line.substr(after_name + 1));
    char state = 0;
    pid_t parent = 0;
    if (rest >> state >> parent && parent == pid) children.push_back(candidate);
  }
  return children;
}

std::string end_of(const std::filesystem::path& log) {
  std::ifstream file(log);
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  return all.substr(all.size() - std::min<std::size_t>(all.size(), 2000));
}

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);  // stays open: it holds the port
  const int reuse = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, generic, size) != 0 || ::getsockname(socket, generic, &size) != 0)
    throw std::runtime_error("no free port on the loopback interface");
  return ntohs(address.sin_port);
}

}  // namespace bailey::test
