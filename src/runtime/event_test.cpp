#include <bailey/runtime/event.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/runtime.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/task_group.hpp>

#include <gtest/gtest.h>
#include <boost/system/system_error.hpp>

#include <atomic>
#include <optional>
#include <thread>

namespace bailey {
namespace {

using namespace std::chrono_literals;

// Parameters, not captures: the lambda may be gone while the task runs.
Task<> count_when_set(Event event, std::atomic<int>& count) {
  co_await event.wait();
  ++count;
}

TEST(Event, lets_all_go_on_that_wait_and_those_that_come_later) {
  run_blocking([]() -> Task<> {
    Event event;
    std::atomic<int> passed = 0;
    for (int i = 0; i < 3; ++i) Loop::current().spawn("waits", count_when_set(event, passed));
    co_await sleep_for(1ms);
    EXPECT_EQ(passed, 0);
    event.set();
    EXPECT_TRUE(event.is_set());
    co_await event.wait();
    co_await sleep_for(1ms);
    EXPECT_EQ(passed, 3);
  });
}

TEST(Event, holds_again_after_a_reset) {
  run_blocking([]() -> Task<> {
    Event event;
    event.set();
    event.reset();
    EXPECT_FALSE(co_await event.wait_for(0ms));
  });
}

Task<> note(Event event, std::chrono::milliseconds patience, std::optional<bool>& outcome) {
  outcome = co_await event.wait_for(patience);
}

TEST(Event, says_whether_it_was_set_in_time) {
  run_blocking([]() -> Task<> {
    Event event;
    std::optional<bool> early, late;
    Loop& loop = Loop::current();
    loop.spawn("early", note(event, 1s, early));
    loop.spawn("late", note(event, 1h, late));
    co_await sleep_for(1ms);
    loop.advance_timers(2s);
    co_await sleep_for(1ms);
    EXPECT_EQ(early, false);
    EXPECT_EQ(late, std::nullopt);
    event.set();
    co_await sleep_for(1ms);
    EXPECT_EQ(late, true);
  });
}

Task<> note_cancellation(Event event, bool& cancelled) {
  try {
    co_await event.wait();
  } catch (const boost::system::system_error&) {
    cancelled = true;
    throw;
  }
}

TEST(Event, ends_the_wait_of_a_task_that_is_cancelled) {
  run_blocking([]() -> Task<> {
    Event event;
    bool cancelled = false;
    TaskGroup group("waits");
    group.spawn(note_cancellation(event, cancelled));
    co_await sleep_for(1ms);
    group.cancel();
    co_await sleep_for(1ms);
    EXPECT_TRUE(cancelled);
    EXPECT_EQ(group.size(), 0U);
    event.set();
  });
}

TEST(Event, that_is_set_and_cancelled_at_once_resumes_its_task_once) {
  run_blocking([]() -> Task<> {
    Event event;
    std::atomic<int> passed = 0;
    TaskGroup group("waits");
    group.spawn(count_when_set(event, passed));
    co_await sleep_for(1ms);
    event.set();
    group.cancel();
    co_await sleep_for(1ms);
    EXPECT_EQ(passed, 1);
  });
}

TEST(Event, may_go_before_those_that_wait_for_it_and_they_with_their_loop) {
  std::atomic<int> passed = 0;
  {
    Loop loop;
    loop.spawn("waits", count_when_set(Event(), passed));
    loop.post([&] { loop.io().stop(); });
    loop.run();
  }
  EXPECT_EQ(passed, 0);
}

TEST(Event, is_set_from_any_thread_for_the_tasks_of_all_loops) {
  for (int round = 0; round < 20; ++round) {
    Event event;
    std::atomic<int> passed = 0;
    Runtime runtime({.threads = 3, .handle_signals = false});
    for (std::size_t i = 0; i < runtime.size(); ++i) {
      for (int task = 0; task < 10; ++task) runtime.loop(i).spawn("waits", count_when_set(event, passed));
    }
    std::jthread setter([&] {
      event.set();
      while (passed < 30) std::this_thread::yield();
      runtime.request_stop();
    });
    runtime.run();
    EXPECT_EQ(passed, 30);
  }
}

TEST(Event, set_by_a_thread_while_a_loop_ends_touches_nothing_that_is_gone) {
  for (int round = 0; round < 50; ++round) {
    Event event;
    std::atomic<int> passed = 0;
    auto loop = std::make_unique<Loop>();
    for (int task = 0; task < 10; ++task) loop->spawn("waits", count_when_set(event, passed));
    loop->post([&] { loop->io().stop(); });
    loop->run();
    std::jthread setter([&] { event.set(); });
    loop.reset();
  }
}

struct SetsAtItsEnd {
  Event event;
  ~SetsAtItsEnd() { event.set(); }
};
Task<> hold(std::unique_ptr<SetsAtItsEnd> held) {
  co_await Event().wait();
  held.reset();
}

TEST(Event, may_be_set_by_the_end_of_a_frame_while_its_loop_ends_and_others_wait_for_it) {
  Event event;
  std::atomic<int> passed = 0;
  {
    Loop loop;
    for (int i = 0; i < 2; ++i) loop.spawn("waits", count_when_set(event, passed));
    loop.spawn("holds", hold(std::make_unique<SetsAtItsEnd>(event)));
    for (int i = 0; i < 2; ++i) loop.spawn("waits", count_when_set(event, passed));
    loop.post([&] { loop.io().stop(); });
    loop.run();
  }
  EXPECT_EQ(passed, 0);
}

}  // namespace
}  // namespace bailey
