#include <bailey/base/line_output.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

namespace bailey {
namespace {

struct Pipe {
  std::array<int, 2> ends{};
  Pipe() { EXPECT_EQ(::pipe(ends.data()), 0); }
  ~Pipe() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  // What has been written so far.
  [[nodiscard]] std::string read() const {
    std::string text(256 * 1024, '\0');
    const ssize_t count = ::read(ends[0], text.data(), text.size());
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
  }
};

TEST(LineOutput, writes_lines_in_their_order) {
  const Pipe pipe;
  LineOutput output(pipe.ends[1]);
  EXPECT_TRUE(output.write("one\ntwo\n"));
  EXPECT_TRUE(output.write("three\n"));
  EXPECT_EQ(pipe.read(), "one\ntwo\nthree\n");
  EXPECT_EQ(output.lost_lines(), 0U);
}

TEST(LineOutput, loses_whole_lines_when_nobody_reads_and_goes_on_when_somebody_does) {
  const Pipe pipe;
  LineOutput output(pipe.ends[1]);
  const std::string lines = std::string(999, 'a') + "\n" + std::string(999, 'b') + "\n";
  std::size_t taken = 0;
  while (output.write(lines)) ++taken;
  EXPECT_GT(taken, 1U);
  EXPECT_GE(output.lost_lines(), 1U);
  const std::string text = pipe.read();
  EXPECT_EQ(text.size() % 1000, 0U);
  EXPECT_TRUE(text.ends_with('\n'));
  EXPECT_TRUE(output.write("again\n"));
  EXPECT_EQ(pipe.read(), "again\n");
}

TEST(LineOutput, begins_a_line_of_its_own_after_one_whose_end_is_lost) {
  const Pipe pipe;
  LineOutput output(pipe.ends[1]);
  const std::string page = std::string(4095, 'a') + "\n";
  while (output.write(page)) {
  }
  std::string room(4096, '\0');
  ASSERT_EQ(::read(pipe.ends[0], room.data(), room.size()), 4096);
  EXPECT_FALSE(output.write(std::string(9000, 'b') + "\n")) << "more than there is room for";
  const std::string before = pipe.read();
  ASSERT_TRUE(before.ends_with(std::string(4096, 'b')));
  EXPECT_TRUE(output.write("whole\n"));
  EXPECT_EQ(pipe.read(), "\nwhole\n");
  EXPECT_TRUE(output.write("next\n"));
  EXPECT_EQ(pipe.read(), "next\n");
}

TEST(LineOutput, leaves_the_descriptor_as_others_know_it) {
  const Pipe pipe;
  const LineOutput output(pipe.ends[1]);
  EXPECT_EQ(::fcntl(pipe.ends[1], F_GETFL) & O_NONBLOCK, 0);
}

TEST(LineOutput, follows_the_descriptor_when_it_becomes_another) {
  const Pipe first;
  const Pipe second;
  LineOutput output(first.ends[1]);
  EXPECT_TRUE(output.write("one\n"));
  ASSERT_GE(::dup2(second.ends[1], first.ends[1]), 0);
  EXPECT_TRUE(output.write("two\n"));
  EXPECT_EQ(first.read(), "one\n");
  EXPECT_EQ(second.read(), "two\n");
}

TEST(LineOutput, that_is_a_socket_does_not_wait_either) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  LineOutput output(ends[1]);
  const std::string line = std::string(4095, 'a') + "\n";
  while (output.write(line)) {
  }
  EXPECT_GE(output.lost_lines(), 1U);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(LineOutput, whose_reader_has_gone_only_loses) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);  // as a runtime does
  Pipe pipe;
  LineOutput output(pipe.ends[1]);
  ::close(pipe.ends[0]);
  EXPECT_FALSE(output.write("nobody\n"));
  EXPECT_EQ(output.lost_lines(), 1U);
  std::signal(SIGPIPE, before);
}

}  // namespace
}  // namespace bailey
