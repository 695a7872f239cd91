#include "stack/database/long_step.hpp"

#include <bailey/base/log.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>

namespace bailey::stack {
namespace {

using namespace std::chrono_literals;

TEST(LongStep, is_named_in_the_log_while_it_goes_on) {
  std::promise<std::string> told;
  std::atomic<int> lines = 0;
  log::set_sink([&](log::Level, std::string_view line) {
    if (++lines == 2) told.set_value(std::string(line));
  });
  {
    const LongStep step("the migrations of the project", [] { return "somebody"; }, 1ms);
    const std::string line = told.get_future().get();
    EXPECT_NE(line.find("the migrations of the project"), std::string::npos) << line;
    EXPECT_NE(line.find("somebody"), std::string::npos) << line;
  }
  const int when_it_ended = lines;
  log::set_sink({});
  EXPECT_GE(when_it_ended, 2);
}

TEST(LongStep, says_nothing_of_what_is_soon_done) {
  std::atomic<int> lines = 0;
  log::set_sink([&](log::Level, std::string_view) { ++lines; });
  for (int i = 0; i < 100; ++i) const LongStep step("nothing", {}, 1h);
  log::set_sink({});
  EXPECT_EQ(lines, 0);
}

}  // namespace
}  // namespace bailey::stack
