#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace bailey::test {

// A private Redis, or a Valkey where there is no Redis, for tests: in a folder of its own, on a Unix socket and no
// port, nothing written to disk. It ends with the object, and with the program. Members throw std::runtime_error.
class RedisProcess {
 public:
  explicit RedisProcess(std::vector<std::string> options = {});
  ~RedisProcess();
  RedisProcess(const RedisProcess&) = delete;
  RedisProcess& operator=(const RedisProcess&) = delete;

  [[nodiscard]] std::string url() const { return "unix://" + socket().string(); }
  [[nodiscard]] std::filesystem::path socket() const { return folder_ / "redis.sock"; }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }

  void start();   // returns once it takes connections
  void stop();    // SIGKILL, as a crash would be
  void freeze();  // it takes connections, and says nothing
  void thaw();

  // What Redis answers to a command, as text; lists with a space between.
  [[nodiscard]] std::string ask(const std::vector<std::string>& command) const;

 private:
  std::filesystem::path folder_;
  std::vector<std::string> options_;
  pid_t pid_ = -1;
};

}  // namespace bailey::test
