#include <bailey/base/error.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/task_group.hpp>
#include <bailey/runtime/when.hpp>

#include <gtest/gtest.h>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <memory>
#include <string>

namespace bailey {
namespace {

using namespace std::chrono_literals;

template <class T>
Task<T> after(std::chrono::milliseconds wait, T value) {
  co_await sleep_for(wait);
  co_return std::move(value);
}
Task<int> fails_after(std::chrono::milliseconds wait) {
  co_await sleep_for(wait);
  throw Error("broken", "it broke");
}
struct Noted {
  int& ended;
  ~Noted() { ++ended; }
};
Task<> sleeps(std::chrono::milliseconds wait, int& ended) {
  const Noted noted{ended};
  co_await sleep_for(wait);
}

TEST(WhenAll, brings_all_values_in_their_order_whatever_order_they_come_in) {
  run_blocking([]() -> Task<> {
    int slept = 0;
    auto [number, word, nothing, owned] = co_await when_all(after(3ms, 7), after(1ms, std::string("seven")),
                                                            sleeps(2ms, slept), after(0ms, std::make_unique<int>(1)));
    EXPECT_EQ(number, 7);
    EXPECT_EQ(word, "seven");
    EXPECT_EQ(slept, 1);
    EXPECT_EQ(*owned, 1);
    static_cast<void>(nothing);
  });
}

TEST(WhenAll, takes_any_number_of_one_kind) {
  run_blocking([]() -> Task<> {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 50; ++i) tasks.push_back(after(std::chrono::milliseconds((50 - i) % 5), i));
    const std::vector<int> values = co_await when_all(std::move(tasks));
    EXPECT_EQ(values.size(), 50U);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], i);
    const auto none = co_await when_all(std::vector<Task<int>>());
    EXPECT_TRUE(none.empty());
  });
}

TEST(WhenAll, cancels_the_others_when_one_throws_and_waits_for_their_end) {
  run_blocking([]() -> Task<> {
    int ended = 0;
    std::string code;
    try {
      co_await when_all(sleeps(1h, ended), fails_after(1ms), sleeps(1h, ended));
    } catch (const Error& error) {
      code = error.code();
    }
    EXPECT_EQ(code, "broken");
    EXPECT_EQ(ended, 2);
  });
}

TEST(WhenAny, brings_the_first_and_cancels_the_others) {
  run_blocking([]() -> Task<> {
    int ended = 0;
    const auto first = co_await when_any(sleeps(1h, ended), after(1ms, 7), after(1h, std::string("late")));
    EXPECT_EQ(first.index(), 1U);
    EXPECT_EQ(std::get<1>(first), 7);
    EXPECT_EQ(ended, 1);
  });
}

TEST(WhenAny, throws_what_the_first_threw) {
  run_blocking([]() -> Task<> {
    int ended = 0;
    bool thrown = false;
    try {
      co_await when_any(fails_after(1ms), sleeps(1h, ended));
    } catch (const Error&) {
      thrown = true;
    }
    EXPECT_TRUE(thrown);
    EXPECT_EQ(ended, 1);
  });
}

Task<> both(int& ended, bool& cancelled) {
  try {
    co_await when_all(sleeps(1h, ended), sleeps(1h, ended));
  } catch (const boost::system::system_error&) {
    cancelled = true;
  }
}

TEST(WhenAll, that_is_cancelled_cancels_its_tasks_and_outlives_them) {
  run_blocking([]() -> Task<> {
    int ended = 0;
    bool cancelled = false;
    TaskGroup group("both");
    group.spawn(both(ended, cancelled));
    co_await sleep_for(1ms);
    group.cancel();
    EXPECT_TRUE(co_await group.drain(1h));
    EXPECT_TRUE(cancelled);
    EXPECT_EQ(ended, 2);
  });
}

TEST(WhenAll, may_end_with_its_loop) {
  int ended = 0;
  bool cancelled = false;
  {
    Loop loop;
    loop.spawn("both", both(ended, cancelled));
    loop.post([&] { loop.io().stop(); });
    loop.run();
  }
  EXPECT_EQ(ended, 2);
  EXPECT_FALSE(cancelled);
}

Task<int> seven() { co_return 7; }

TEST(WhenAny, never_starts_what_comes_after_one_that_ends_without_waiting) {
  run_blocking([]() -> Task<> {
    int ended = 0;
    const auto first = co_await when_any(sleeps(1h, ended), seven(), sleeps(1h, ended));
    EXPECT_EQ(first.index(), 1U);
    EXPECT_EQ(ended, 1);
  });
}

Task<> sleeps_through_its_cancellation(std::chrono::milliseconds wait) {
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  co_await sleep_for(wait);
}
Task<> keeps_the_first(std::string& story) {
  const auto first = co_await when_any(after(0ms, 7), sleeps_through_its_cancellation(20ms));
  story += std::to_string(std::get<0>(first));
}

TEST(WhenAny, that_has_a_value_keeps_it_though_it_is_cancelled_while_it_waits_for_the_others) {
  run_blocking([]() -> Task<> {
    std::string story;
    TaskGroup group("any");
    group.spawn(keeps_the_first(story));
    co_await sleep_for(5ms);
    group.cancel();
    EXPECT_EQ(story, "");
    EXPECT_TRUE(co_await group.drain(1h));
    EXPECT_EQ(story, "7");
  });
}

}  // namespace
}  // namespace bailey
