#include <bailey/base/log.hpp>
#include <bailey/runtime/runtime.hpp>
#include <bailey/runtime/sleep.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <latch>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;

TEST(Runtime, runs_each_loop_on_a_thread_of_its_own) {
  Runtime runtime({.threads = 3});
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::atomic<int> left = 3;
  for (std::size_t i = 0; i < runtime.size(); ++i) {
    runtime.loop(i).post([&] {
      const std::scoped_lock lock(mutex);
      threads.insert(std::this_thread::get_id());
      if (--left == 0) runtime.request_stop();
    });
  }
  runtime.run();
  EXPECT_EQ(threads.size(), 3U);
}

TEST(Runtime, lives_on_when_the_reader_of_its_output_has_gone) {
  std::signal(SIGPIPE, SIG_DFL);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  Runtime runtime({.threads = 1});
  ssize_t written = 0;
  runtime.loop(0).post([&] {
    written = ::write(ends[1], "line\n", 5);
    runtime.request_stop();
  });
  runtime.run();
  EXPECT_EQ(written, -1);
  ::close(ends[1]);
}

TEST(Runtime, takes_one_loop_per_usable_core_unless_told) { EXPECT_GE(Runtime().size(), 1U); }

TEST(Runtime, runs_stop_hooks_latest_first_and_survives_one_that_throws) {
  log::set_sink([](log::Level, std::string_view) {});
  Runtime runtime({.threads = 2});
  std::vector<int> order;
  for (int i : {1, 2, 3}) {
    runtime.on_stop([&order, i]() -> Task<> {
      co_await sleep_for(1ms);
      order.push_back(i);
      if (i == 2) throw std::runtime_error("hook");
    });
  }
  runtime.request_stop();
  runtime.request_stop();
  runtime.run();
  log::set_sink({});
  EXPECT_EQ(order, (std::vector{3, 2, 1}));
}

TEST(Runtime, stops_on_a_signal) {
  log::set_sink([](log::Level, std::string_view) {});
  Runtime runtime({.threads = 1});
  bool drained = false;
  runtime.on_stop([&]() -> Task<> {
    drained = true;
    co_return;
  });
  runtime.loop(0).post([] { ::kill(::getpid(), SIGTERM); });
  runtime.run();
  log::set_sink({});
  EXPECT_TRUE(drained);
}

// An exit status of 130 tells that it was the last of the signals which ended it.
TEST(RuntimeDeathTest,
     exits_at_once_when_interrupted_again_after_a_second_but_not_on_what_comes_with_the_first_signal) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        Runtime runtime({.threads = 1});
        runtime.on_stop([&]() -> Task<> {
          for (const int number : {SIGTERM, SIGINT, SIGTERM}) {
            ::kill(::getpid(), number);
            co_await sleep_for(5ms);
          }
          std::fputs("goes on; ", stderr);
          runtime.loop(0).advance_timers(1s);
          ::kill(::getpid(), SIGTERM);
          co_await sleep_for(5ms);
          std::fputs("goes on still", stderr);
          ::kill(::getpid(), SIGINT);
          co_await sleep_for(1h);
        });
        runtime.loop(0).post([] { ::kill(::getpid(), SIGINT); });
        runtime.run();
      },
      testing::ExitedWithCode(128 + SIGINT), "goes on; goes on still");
}

}  // namespace
}  // namespace bailey
