#include "stack/database/process.hpp"

#include <gtest/gtest.h>

#include <sys/eventfd.h>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

namespace bailey::stack {
namespace {

using namespace std::chrono_literals;

Command shell(std::string script) {
  return {.program = "/bin/sh", .arguments = {"-c", std::move(script)}, .output = "/dev/null"};
}

TEST(Process, tells_how_it_ended) {
  Process fine = Process::start(shell("exit 0"));
  EXPECT_TRUE(fine.wait(10s));
  EXPECT_TRUE(fine.succeeded());
  Process failing = Process::start(shell("exit 3"));
  EXPECT_TRUE(failing.wait(10s));
  EXPECT_EQ(failing.ending(), "exit status 3");
  Process killed = Process::start(shell("kill -9 $$"));
  EXPECT_TRUE(killed.wait(10s));
  EXPECT_EQ(killed.ending(), "signal 9");
}

TEST(Process, that_cannot_be_run_is_an_error_at_once_that_says_why) {
  const auto error_of = [](const Command& command) -> std::string {
    try {
      static_cast<void>(Process::start(command));
    } catch (const std::system_error& failure) {
      return failure.what();
    }
    return "";
  };
  EXPECT_EQ(error_of({.program = "/nonexistent/program", .output = "/dev/null"}),
            "cannot run /nonexistent/program: No such file or directory");
  EXPECT_EQ(error_of({.program = "/bin/true", .output = "/dev/null", .folder = "/nonexistent/folder"}),
            "cannot run /bin/true in /nonexistent/folder: No such file or directory");
  const Descriptor no_ruleset(eventfd(0, EFD_CLOEXEC));
  EXPECT_TRUE(error_of({.program = "/bin/true", .output = "/dev/null", .confinement = no_ruleset.get()})
                  .starts_with("the kernel has Landlock, but does not let it confine /bin/true"));
}

TEST(Process, waits_no_longer_than_told_and_can_be_interrupted) {
  Process sleeper = Process::start(shell("sleep 60"));
  EXPECT_FALSE(sleeper.wait(0ms));
  const Descriptor event(eventfd(1, EFD_CLOEXEC));
  EXPECT_FALSE(sleeper.wait(60s, event.get()));
  sleeper.signal(SIGKILL);
  EXPECT_TRUE(sleeper.wait(10s));
}

TEST(Process, is_told_when_the_thread_that_started_it_ends) {
  std::optional<Process> child;
  std::thread parent([&] {
    Command command = shell("sleep 60");
    command.death_signal = SIGTERM;
    child = Process::start(command);
  });
  parent.join();
  EXPECT_TRUE(child->wait(10s));
  EXPECT_EQ(child->ending(), "signal 15");
}

TEST(Process, sees_none_of_our_descriptors_and_little_of_our_environment) {
  setenv("CANARY_SECRET", "tweet", 1);
  const int leaky = 77;
  ASSERT_EQ(dup2(2, leaky), leaky);  // without FD_CLOEXEC
  const auto output = std::filesystem::temp_directory_path() / ("bailey-process-" + std::to_string(getpid()));
  Command command = shell("ls /proc/self/fd; env");
  command.output = output;
  Process child = Process::start(command);
  EXPECT_TRUE(child.wait(10s));
  std::ifstream input(output);
  const std::string text{std::istreambuf_iterator<char>(input), {}};
  EXPECT_EQ(text.find("\n" + std::to_string(leaky) + "\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("CANARY"), std::string::npos);
  std::filesystem::remove(output);
  close(leaky);
  unsetenv("CANARY_SECRET");
}

}  // namespace
}  // namespace bailey::stack
