#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/runtime.hpp>
#include <bailey/runtime/semaphore.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/task_group.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

namespace bailey {
namespace {

using namespace std::chrono_literals;

Task<> visit(Semaphore places, char name, std::chrono::milliseconds patience, std::string& story,
             std::chrono::milliseconds stay) {
  const auto permit = co_await places.acquire_for(patience);
  if (!permit) {
    story += '-';
    story += name;
    co_return;
  }
  story += name;
  co_await sleep_for(stay);
}

TEST(Semaphore, lets_so_many_in_and_the_others_as_those_leave_in_their_order) {
  run_blocking([]() -> Task<> {
    Semaphore places(2);
    std::string story;
    TaskGroup visitors("visitor");
    for (const char name : std::string("abcde")) visitors.spawn(visit(places, name, 1h, story, 1ms));
    EXPECT_EQ(story, "ab");
    EXPECT_EQ(places.waiting(), 3U);
    EXPECT_FALSE(places.try_acquire());
    EXPECT_TRUE(co_await visitors.drain(1h));
    EXPECT_EQ(story, "abcde");
    EXPECT_EQ(places.free_places(), 2U);
    EXPECT_TRUE(places.try_acquire());
  });
}

TEST(Semaphore, turns_away_who_has_waited_long_enough) {
  run_blocking([]() -> Task<> {
    Semaphore places(1);
    std::string story;
    TaskGroup visitors("visitor");
    auto held = co_await places.acquire();
    visitors.spawn(visit(places, 'a', 1s, story, 1ms));
    visitors.spawn(visit(places, 'b', 1h, story, 1ms));
    visitors.spawn(visit(places, 'c', 0ms, story, 1ms));
    Loop::current().advance_timers(2s);
    co_await sleep_for(1ms);
    EXPECT_EQ(story, "-c-a");
    {
      const auto gone = std::move(held);
    }
    EXPECT_TRUE(co_await visitors.drain(1h));
    EXPECT_EQ(story, "-c-ab");
  });
}

TEST(Semaphore, forgets_who_is_cancelled_in_line_and_passes_on_the_place_of_who_is_cancelled_inside) {
  run_blocking([]() -> Task<> {
    Semaphore places(1);
    std::string story;
    TaskGroup first("first"), second("second"), third("third");
    first.spawn(visit(places, 'a', 1h, story, 1h));
    second.spawn(visit(places, 'b', 1h, story, 1h));
    third.spawn(visit(places, 'c', 1h, story, 1ms));
    second.cancel();
    co_await sleep_for(1ms);
    EXPECT_EQ(places.waiting(), 1U);
    first.cancel();
    EXPECT_TRUE(co_await third.drain(1h));
    EXPECT_EQ(story, "ac");
    EXPECT_EQ(places.free_places(), 1U);
  });
}

TEST(Semaphore, gives_a_place_that_was_just_handed_over_to_the_next_when_its_task_is_cancelled) {
  run_blocking([]() -> Task<> {
    Semaphore places(1);
    std::string story;
    TaskGroup second("second"), third("third");
    auto held = co_await places.acquire();
    second.spawn(visit(places, 'b', 1h, story, 1h));
    third.spawn(visit(places, 'c', 1h, story, 1ms));
    {
      const auto gone = std::move(held);
    }
    second.cancel();
    EXPECT_TRUE(co_await third.drain(1h));
    EXPECT_TRUE(story.ends_with('c')) << story;
  });
}

TEST(Semaphore, may_end_with_its_loop_while_some_wait) {
  std::string story;
  Loop loop;
  loop.post([&] {
    Semaphore places(1);
    for (const char name : std::string("abc")) loop.spawn("visit", visit(places, name, 1h, story, 1h));
    loop.post([&] { loop.io().stop(); });
  });
  loop.run();
  EXPECT_EQ(story, "a");
}

Task<> count_alone(Semaphore turn, int& counter, std::atomic<int>& left, Runtime& runtime) {
  for (int i = 0; i < 20; ++i) {
    const auto permit = co_await turn.acquire();
    const int before = counter;
    co_await sleep_for(0ms);
    counter = before + 1;
  }
  if (--left == 0) runtime.request_stop();
}

TEST(Semaphore, with_one_place_is_a_mutex_for_the_tasks_of_all_loops_across_their_waits) {
  const Semaphore turn(1);
  int counter = 0;
  std::atomic<int> left = 12;
  Runtime runtime({.threads = 3, .handle_signals = false});
  for (std::size_t i = 0; i < 12; ++i) {
    runtime.loop(i % 3).spawn("count", count_alone(turn, counter, left, runtime));
  }
  runtime.run();
  EXPECT_EQ(counter, 240);
  EXPECT_EQ(turn.free_places(), 1U);
}

TEST(Semaphore, takes_a_place_back_from_any_thread) {
  run_blocking([]() -> Task<> {
    const Semaphore places(1);
    std::jthread elsewhere([held = co_await places.acquire()]() mutable { const auto gone = std::move(held); });
    const auto mine = co_await places.acquire();
    EXPECT_EQ(places.free_places(), 0U);
  });
}

}  // namespace
}  // namespace bailey
