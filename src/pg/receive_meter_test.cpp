#include "pg/receive_meter.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include <sys/socket.h>
#include <unistd.h>

namespace bailey::pg::detail {
namespace {

// Writes to one end, reads from the other as libpq does.
struct Ends {
  int from = -1;
  int to = -1;
  ReceiveMeter meter;

  Ends(int read_end, int write_end) : from(read_end), to(write_end) {}
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
  ~Ends() {
    ::close(from);
    ::close(to);
  }
  void write(std::size_t size) const {
    const std::string bytes(size, 'x');
    ASSERT_EQ(::write(to, bytes.data(), bytes.size()), static_cast<ssize_t>(size));
  }
  std::size_t read(std::size_t size) {
    std::string bytes(size, '\0');
    meter.before_read();
    const ssize_t count = ::read(from, bytes.data(), bytes.size());
    meter.after_read();
    return static_cast<std::size_t>(count);
  }
};

TEST(ReceiveMeter, counts_what_is_read_from_a_socket_to_the_byte) {
  std::array<int, 2> sockets{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets.data()), 0);
  Ends ends(sockets[0], sockets[1]);
  ends.write(1000);
  ends.meter.start(ends.from);
  EXPECT_EQ(ends.read(300), 300U);
  ends.write(5000);
  EXPECT_EQ(ends.read(700), 700U);
  EXPECT_EQ(ends.read(10'000), 5000U);
  EXPECT_EQ(ends.meter.count(), 6000U);
  ends.meter.start(ends.from);
  EXPECT_EQ(ends.meter.count(), 0U);
}

TEST(ReceiveMeter, elsewhere_counts_never_too_much_and_at_least_what_a_read_must_take) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  Ends ends(pipe[0], pipe[1]);
  ends.meter.start(ends.from);
  std::size_t read = 0;
  for (int turn = 0; turn < 3; ++turn) {
    ends.write(20'000);
    read += ends.read(16'384);
    EXPECT_LE(ends.meter.count(), read);
    EXPECT_GE(ends.meter.count(), read / 2);
  }
}

}  // namespace
}  // namespace bailey::pg::detail
