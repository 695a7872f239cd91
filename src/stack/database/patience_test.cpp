#include "stack/database/patience.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace bailey::stack {
namespace {

using namespace std::chrono_literals;

// A server that says when it can be signalled.
class AServer : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "bailey-server-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  [[nodiscard]] Process start(const std::string& on_interrupt) const {
    const auto output = folder / "output";
    Process server = Process::start(
        {.program = "/bin/sh",
         .arguments = {"-c", "trap '" + on_interrupt + "' INT; echo ready; while :; do sleep 0.05; done"},
         .output = output});
    for (std::string line; line != "ready"; std::this_thread::yield()) std::getline(std::ifstream(output), line);
    return server;
  }

  std::filesystem::path folder;
};

TEST_F(AServer, that_ends_in_time_is_left_to_it) {
  Process server = start("sleep 0.2; exit 0");
  EXPECT_TRUE(end_server(server, 30s));
  EXPECT_EQ(server.ending(), "exit status 0");
}

TEST_F(AServer, that_does_not_end_is_ended_at_once_when_the_time_is_over) {
  Process server = start("");
  EXPECT_TRUE(end_server(server, 50ms));
  EXPECT_EQ(server.ending(), "signal 3");
}

TEST(StartPatience, lasts_while_the_server_says_that_it_starts_and_a_limit_without_a_word) {
  using Time = StartPatience::Time;
  struct Look {
    std::chrono::seconds at;
    bool says_that_it_starts;
    bool goes_on;
  };
  const struct {
    const char* name;
    std::vector<Look> looks;
  } cases[] = {
      {"no word", {{0s, false, true}, {59s, false, true}, {60s, false, false}}},
      {"recovery of an hour", {{1s, true, true}, {60s, true, true}, {3600s, true, true}}},
      {"a word, then none", {{50s, true, true}, {109s, false, true}, {110s, false, false}}},
  };
  for (const auto& [name, looks] : cases) {
    const Time begin{};
    StartPatience patience(begin, 60s);
    for (const Look& look : looks)
      EXPECT_EQ(patience.goes_on(look.says_that_it_starts, begin + look.at), look.goes_on) << name << look.at.count();
  }
}

}  // namespace
}  // namespace bailey::stack
