#include <bailey/base/error.hpp>
#include <bailey/runtime/loop_local.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/runtime.hpp>
#include <bailey/runtime/sleep.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;

TEST(LoopLocal, is_made_once_a_loop_and_another_for_each_owner) {
  LoopLocal<int> first, second;
  int made = 0;
  const auto make = [&] { return std::make_unique<int>(++made); };
  const auto look = [&]() -> Task<> {
    int& value = first.get(make);
    EXPECT_EQ(&first.get(make), &value);
    EXPECT_NE(&second.get(make), &value);
    co_return;
  };
  run_blocking(look);
  EXPECT_EQ(made, 2);
  run_blocking(look);
  EXPECT_EQ(made, 4);
}

TEST(LoopLocal, is_made_once_though_the_making_of_it_asks_for_it) {
  run_blocking([]() -> Task<> {
    LoopLocal<int> values;
    int* inner = nullptr;
    int& outer = values.get([&] {
      inner = &values.get([] { return std::make_unique<int>(1); });
      return std::make_unique<int>(2);
    });
    EXPECT_EQ(&outer, inner);
    EXPECT_EQ(values.get(), 1);
    co_return;
  });
}

TEST(LoopLocal, is_refused_where_no_loop_runs) {
  LoopLocal<int> values;
  EXPECT_THROW(static_cast<void>(values.get()), Error);
}

struct Counted {
  explicit Counted(std::atomic<int>& living) : count(living) { ++count; }
  ~Counted() { --count; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  std::atomic<int>& count;
};

TEST(LoopLocal, lets_go_of_every_loops_value_when_it_is_destroyed_and_not_inside_the_call) {
  std::atomic<int> living = 0;
  run_blocking([&]() -> Task<> {
    auto values = std::make_unique<LoopLocal<Counted>>();
    static_cast<void>(values->get([&] { return std::make_unique<Counted>(living); }));
    values.reset();
    EXPECT_EQ(living, 1);
    co_await sleep_for(1ms);
    EXPECT_EQ(living, 0);
  });
}

TEST(LoopLocal, never_finds_the_value_of_one_that_had_its_address_before) {
  run_blocking([]() -> Task<> {
    std::optional<LoopLocal<int>> values;
    for (int round = 1; round <= 3; ++round) {
      values.emplace();
      EXPECT_EQ(values->get([&] { return std::make_unique<int>(round); }), round);
    }
    co_return;
  });
}

TEST(LoopLocal, values_that_stand_on_others_go_before_them) {
  std::vector<int> gone;
  struct Told {
    std::vector<int>* gone;
    int number;
    ~Told() { gone->push_back(number); }
  };
  LoopLocal<Told> outer, inner;
  run_blocking([&]() -> Task<> {
    static_cast<void>(outer.get([&] {
      static_cast<void>(inner.get([&] { return std::make_unique<Told>(&gone, 1); }));
      return std::make_unique<Told>(&gone, 2);
    }));
    co_return;
  });
  EXPECT_EQ(gone, (std::vector{2, 1}));
}

TEST(LoopLocal, is_another_on_each_loop_of_a_runtime_and_goes_with_the_runtime) {
  std::atomic<int> living = 0;
  LoopLocal<Counted> values;
  {
    Runtime runtime({.threads = 3, .handle_signals = false});
    std::atomic<int> seen = 0;
    runtime.loop(0).post([&] {
      Loop::current().broadcast([&] {
        static_cast<void>(values.get([&] { return std::make_unique<Counted>(living); }));
        if (++seen == 3) runtime.request_stop();
      });
    });
    runtime.run();
    EXPECT_EQ(living, 3);
  }
  EXPECT_EQ(living, 0);
}

}  // namespace
}  // namespace bailey
