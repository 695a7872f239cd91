#include "runtime/stall_watch.hpp"

#include <bailey/base/log.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/runtime.hpp>
#include <bailey/runtime/sleep.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace bailey::detail {
namespace {

using namespace std::chrono_literals;

TEST(StallRecord, tells_once_of_a_loop_that_has_not_ticked_for_so_many_looks_and_once_when_it_goes_on) {
  StallRecord record(3);
  EXPECT_FALSE(record.look(0));  // does not run yet
  EXPECT_FALSE(record.look(0));
  EXPECT_FALSE(record.look(1));
  EXPECT_FALSE(record.look(1));
  EXPECT_FALSE(record.look(1));
  const auto stalled = record.look(1);
  ASSERT_TRUE(stalled);
  EXPECT_FALSE(stalled->over);
  EXPECT_FALSE(record.look(1));
  EXPECT_FALSE(record.look(1));
  const auto over = record.look(2);
  ASSERT_TRUE(over);
  EXPECT_TRUE(over->over);
  EXPECT_EQ(over->looks, 5U);
  EXPECT_FALSE(record.look(2));
  EXPECT_FALSE(record.look(3));
}

TEST(StallRecord, says_nothing_of_a_loop_that_has_stopped) {
  StallRecord record(1);
  EXPECT_FALSE(record.look(7));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(record.look(0));
}

// Parameters, not captures: the lambda may be gone while the task runs.
Task<> hogs_after_a_wait(const std::string& activity, std::atomic<bool>& told, Runtime& runtime) {
  Loop::current().set_activity(&activity);
  co_await sleep_for(1ms);
  Event event;
  static_cast<void>(co_await event.wait_for(1ms));
  while (!told) std::this_thread::yield();
  runtime.request_stop();
}
Task<> sets_another_activity(const std::string& activity) {
  for (;;) {
    Loop::current().set_activity(&activity);
    co_await sleep_for(1ms);
  }
}

TEST(StallWatch, names_what_a_stalled_loop_runs_though_the_task_had_waited) {
  std::atomic<bool> told = false;
  std::string line;
  log::set_sink([&](log::Level, std::string_view text) {
    if (text.find("stalled: ") == std::string_view::npos || told) return;
    line = text;
    told = true;
  });
  const std::string hog = "GET /report", other = "GET /quick";
  {
    Runtime runtime({.threads = 1, .handle_signals = false, .stall_after = 600ms});
    runtime.loop(0).spawn("other", sets_another_activity(other));
    runtime.loop(0).spawn("hog", hogs_after_a_wait(hog, told, runtime));
    runtime.run();
  }
  log::set_sink({});
  EXPECT_NE(line.find("GET /report"), std::string::npos) << line;
}

}  // namespace
}  // namespace bailey::detail
