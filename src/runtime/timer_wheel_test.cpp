#include <bailey/runtime/timer_wheel.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;

struct Case {
  const char* name;
  std::chrono::milliseconds delay, silent_at, expired_at;
};

TEST(TimerWheel, expires_an_entry_at_the_first_tick_after_its_delay) {
  for (const Case& c : {Case{"zero is the next tick", 0ms, 0ms, 100ms}, Case{"less than a tick", 1ms, 99ms, 100ms},
                        Case{"one tick", 100ms, 99ms, 100ms}, Case{"rounded up", 101ms, 199ms, 200ms},
                        Case{"a turn of the wheel", 51'200ms, 51'199ms, 51'200ms},
                        Case{"several turns", 600'000ms, 599'999ms, 600'000ms}}) {
    SCOPED_TRACE(c.name);
    TimerWheel wheel;
    int fired = 0;
    TimerWheel::Entry entry([&] { ++fired; });
    wheel.arm(entry, c.delay);
    wheel.tick(c.silent_at);
    EXPECT_EQ(fired, 0);
    wheel.tick(c.expired_at);
    EXPECT_EQ(fired, 1);
    EXPECT_FALSE(entry.is_armed());
    wheel.tick(c.expired_at + 120s);
    EXPECT_EQ(fired, 1);
  }
}

TEST(TimerWheel, follows_an_entry_armed_anew_later_or_earlier) {
  TimerWheel wheel;
  int fired = 0;
  TimerWheel::Entry entry([&] { ++fired; });
  wheel.arm(entry, 1s);
  wheel.tick(500ms);
  wheel.arm(entry, 1s);
  wheel.tick(1400ms);
  EXPECT_EQ(fired, 0);
  wheel.arm(entry, 200ms);
  wheel.tick(1500ms);
  EXPECT_EQ(fired, 0);
  wheel.tick(1600ms);
  EXPECT_EQ(fired, 1);
}

TEST(TimerWheel, forgets_what_is_cancelled_or_destroyed) {
  TimerWheel wheel;
  int fired = 0;
  TimerWheel::Entry cancelled([&] { ++fired; });
  auto destroyed = std::make_unique<TimerWheel::Entry>([&] { ++fired; });
  wheel.arm(cancelled, 100ms);
  wheel.arm(*destroyed, 100ms);
  wheel.cancel(cancelled);
  EXPECT_FALSE(cancelled.is_armed());
  destroyed.reset();
  wheel.tick(1s);
  EXPECT_EQ(fired, 0);
}

TEST(TimerWheel, lets_a_callback_arm_itself_and_destroy_its_neighbours) {
  TimerWheel wheel;
  std::vector<std::unique_ptr<TimerWheel::Entry>> neighbours;
  int fired = 0;
  std::unique_ptr<TimerWheel::Entry> first;
  first = std::make_unique<TimerWheel::Entry>([&] {
    ++fired;
    neighbours.clear();
    wheel.arm(*first, 100ms);
  });
  wheel.arm(*first, 100ms);
  for (int i = 0; i < 3; ++i) {
    neighbours.push_back(std::make_unique<TimerWheel::Entry>([&] { fired += 100; }));
    wheel.arm(*neighbours.back(), 100ms);
  }
  wheel.tick(300ms);
  EXPECT_EQ(fired, 3);
}

TEST(TimerWheel, may_die_before_its_entries) {
  TimerWheel::Entry entry([] {});
  {
    TimerWheel wheel;
    wheel.arm(entry, 1s);
  }
}

// Against the obvious implementation: a list of deadlines.
TEST(TimerWheel, agrees_with_a_list_of_deadlines_under_random_use) {
  std::mt19937 random(7);
  TimerWheel wheel;
  constexpr std::size_t count = 50;
  std::vector<std::unique_ptr<TimerWheel::Entry>> entries;
  std::vector<long> deadline(count, -1), fired(count, 0), expected(count, 0);
  for (std::size_t i = 0; i < count; ++i)
    entries.push_back(std::make_unique<TimerWheel::Entry>([&fired, i] { ++fired[i]; }));
  for (long tick = 0; tick < 3000; ++tick) {
    for (int n = 0; n < 5; ++n) {
      const std::size_t i = random() % count;
      if (random() % 4 == 0) {
        wheel.cancel(*entries[i]);
        deadline[i] = -1;
      } else {
        const long ticks = 1 + static_cast<long>(random() % 1200);
        wheel.arm(*entries[i], ticks * TimerWheel::resolution);
        deadline[i] = tick + ticks;
      }
    }
    wheel.tick((tick + 1) * TimerWheel::resolution);
    for (std::size_t i = 0; i < count; ++i) {
      if (deadline[i] != tick + 1) continue;
      ++expected[i];
      deadline[i] = -1;
    }
    ASSERT_EQ(fired, expected) << "at tick " << tick + 1;
  }
}

}  // namespace
}  // namespace bailey
