#include "web/line_sink.hpp"

#include <bailey/base/log.hpp>

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <string>
#include <vector>

namespace bailey::web_detail {
namespace {

struct CaptureLog {
  CaptureLog() {
    log::set_sink([this](log::Level, std::string_view line) { lines.append(line).append("\n"); });
  }
  ~CaptureLog() { log::set_sink({}); }
  std::string lines;
};

TEST(LineSink, hands_over_everything_before_it_ends) {
  std::string taken;
  {
    LineSink sink([&](std::string_view lines) { taken += lines; });
    for (int line = 0; line < 1000; ++line) sink.write("a line\n");
  }
  EXPECT_EQ(taken.size(), 7000U);
}

TEST(LineSink, that_is_stuck_makes_nobody_wait_and_what_it_loses_is_counted) {
  const CaptureLog log;
  std::string taken;
  std::promise<void> entered;
  std::promise<void> released;
  {
    LineSink sink(
        [&, is_first = true](std::string_view lines) mutable {
          taken += lines;
          if (!std::exchange(is_first, false)) return;
          entered.set_value();
          released.get_future().wait();
        },
        20);
    sink.write("first\n");
    entered.get_future().wait();
    sink.write("second\n");         // these wait
    sink.write("third\nfourth\n");  // 20 bytes: the bound
    sink.write("lost\nlost\n");
    sink.write("lost\n");
    released.set_value();
  }
  EXPECT_EQ(taken, "first\nsecond\nthird\nfourth\n");
  EXPECT_NE(log.lines.find("its sink is slow lines=3"), std::string::npos) << log.lines;
}

TEST(LineSink, that_throws_is_told_in_the_log_and_called_again) {
  const CaptureLog log;
  std::vector<std::string> taken;
  std::promise<void> failed;
  {
    LineSink sink([&](std::string_view lines) {
      taken.emplace_back(lines);
      if (taken.size() > 1) return;
      failed.set_value();
      throw std::runtime_error("disk full");
    });
    sink.write("first\n");
    failed.get_future().wait();
    sink.write("second\n");
  }
  EXPECT_EQ(taken, (std::vector<std::string>{"first\n", "second\n"}));
  EXPECT_NE(log.lines.find("disk full"), std::string::npos) << log.lines;
}

}  // namespace
}  // namespace bailey::web_detail
