#include "stack/database/server_log.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "stack/database/cluster.hpp"

namespace bailey::stack {
namespace {

class ServerLog : public testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(log, std::ios::app) << text; }

  const TemporaryFolder folder;
  const std::filesystem::path log = folder.path() / "postgres.log";
};

TEST_F(ServerLog, is_told_from_where_it_was_to_its_end_at_most_twelve_lines) {
  write("old\n");
  const std::uintmax_t before = log_size(log);
  EXPECT_EQ(log_tail(log, before), "\n  (nothing, as when the disk is full)");
  write("one\ntwo\n");
  EXPECT_EQ(log_tail(log, before), "\n  one\n  two");
  for (int i = 0; i < 20; ++i) write(std::to_string(i) + "\n");
  EXPECT_TRUE(log_tail(log, before).starts_with("\n  8\n  9\n"));
  EXPECT_TRUE(log_tail(log, before).ends_with("\n  19"));
}

TEST_F(ServerLog, that_has_been_cut_is_told_from_its_beginning) {
  write("one\n");
  EXPECT_EQ(log_tail(log, 1000), "\n  one");
}

TEST_F(ServerLog, of_a_line_of_megabytes_is_told_as_that_line_ends) {
  write("before\n" + std::string(4'000'000, 'x') + " is the end\nlast\n");
  const std::string tail = log_tail(log, 0);
  EXPECT_LE(tail.size(), log_tail_bytes + 100);
  EXPECT_TRUE(tail.starts_with("\n  …xxx")) << tail.substr(0, 20);
  EXPECT_TRUE(tail.ends_with(" is the end\n  last"));
}

}  // namespace
}  // namespace bailey::stack
