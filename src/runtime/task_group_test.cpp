#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/task_group.hpp>

#include <gtest/gtest.h>
#include <boost/asio/this_coro.hpp>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;

Task<> sleeps(std::chrono::milliseconds how_long, int& ended) {
  co_await sleep_for(how_long);
  ++ended;
}
Task<> fails() {
  throw Error("broken", "it broke");
  co_return;
}
Task<> ignores_cancellation() {
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  co_await sleep_for(1h);
}

TEST(TaskGroup, waits_for_its_tasks_when_it_is_drained_and_takes_no_more) {
  run_blocking([]() -> Task<> {
    TaskGroup group("background");
    int ended = 0;
    group.spawn(sleeps(1ms, ended));
    group.spawn(sleeps(2ms, ended));
    EXPECT_EQ(group.size(), 2U);
    EXPECT_TRUE(co_await group.drain(1h));
    EXPECT_EQ(ended, 2);
    EXPECT_THROW(group.spawn(sleeps(1ms, ended)), Error);
    EXPECT_TRUE(co_await group.drain(1h));
  });
}

Task<> drain(TaskGroup& group, std::optional<bool>& outcome) { outcome = co_await group.drain(1s); }

TEST(TaskGroup, cancels_what_has_not_ended_when_its_patience_is_over) {
  run_blocking([]() -> Task<> {
    TaskGroup group("background");
    int ended = 0;
    group.spawn(sleeps(1h, ended));
    std::optional<bool> outcome;
    Loop::current().spawn("drain", drain(group, outcome));
    Loop::current().advance_timers(2s);
    co_await sleep_for(2ms);
    EXPECT_EQ(outcome, true);
    EXPECT_EQ(ended, 0);
    EXPECT_EQ(group.size(), 0U);
  });
}

TEST(TaskGroup, does_not_wait_for_ever_for_a_task_that_ignores_its_cancellation) {
  run_blocking([]() -> Task<> {
    TaskGroup group("background");
    group.spawn(ignores_cancellation());
    std::optional<bool> outcome;
    Loop::current().spawn("drain", drain(group, outcome));
    for (int i = 0; i < 2; ++i) {
      Loop::current().advance_timers(2s);
      co_await sleep_for(2ms);
    }
    EXPECT_EQ(outcome, false);
  });
}

Task<> writes_at_its_end(std::string& story) {
  const std::shared_ptr<void> end(nullptr, [&story](void*) { story += "task "; });
  co_await sleep_for(1h);
}
Task<> owns_what_its_tasks_use(std::string& story) {
  const std::shared_ptr<void> end(nullptr, [&story](void*) { story += "owner"; });
  TaskGroup group("part");
  group.spawn(writes_at_its_end(story));
  static_cast<void>(co_await group.drain(1h));
}

TEST(TaskGroup, that_is_drained_keeps_its_owners_frame_until_its_tasks_have_ended_though_that_is_cancelled) {
  std::string story, logged;
  log::set_sink([&](log::Level, std::string_view line) { logged += line; });
  run_blocking([&]() -> Task<> {
    TaskGroup group("owner");
    group.spawn(owns_what_its_tasks_use(story));
    group.cancel();
    EXPECT_TRUE(co_await group.drain(1h));
  });
  log::set_sink({});
  EXPECT_EQ(story, "task owner");
  EXPECT_EQ(logged, "");
}

Task<> fails_before_it_drains(std::string& story) {
  const std::shared_ptr<void> end(nullptr, [&story](void*) { story += "owner "; });
  TaskGroup group("part");
  group.spawn(writes_at_its_end(story));
  throw Error("broken", "it broke");
}
Task<> is_cancelled_before_it_drains(std::string& story) {
  const std::shared_ptr<void> end(nullptr, [&story](void*) { story += "owner "; });
  TaskGroup group("part");
  group.spawn(writes_at_its_end(story));
  co_await sleep_for(1h);
  static_cast<void>(co_await group.drain(1h));
}

TEST(TaskGroup, whose_owner_is_left_before_it_drains_cancels_tasks_that_end_after_the_owner) {
  std::string story, logged;
  log::set_sink([&](log::Level, std::string_view line) { logged += line; });
  run_blocking([&]() -> Task<> {
    EXPECT_THROW(co_await fails_before_it_drains(story), Error);
    EXPECT_EQ(story, "owner ");
    co_await sleep_for(1ms);
    EXPECT_EQ(story, "owner task ");
    TaskGroup group("owner");
    group.spawn(is_cancelled_before_it_drains(story));
    group.cancel();
    EXPECT_TRUE(co_await group.drain(1h));
    co_await sleep_for(1ms);
  });
  log::set_sink({});
  EXPECT_EQ(story, "owner task owner task ");
  EXPECT_NE(logged.find("drain it first"), std::string::npos) << logged;
}

TEST(TaskGroup, keeps_the_callable_that_makes_a_task_until_that_has_ended) {
  run_blocking([]() -> Task<> {
    std::vector<std::string> names;
    TaskGroup group("names");
    for (const char letter : {'a', 'b'}) {
      group.spawn([&names, name = std::make_unique<std::string>(100, letter)]() -> Task<> {
        co_await sleep_for(1ms);
        names.push_back(*name);
      });
    }
    EXPECT_TRUE(co_await group.drain(1h));
    EXPECT_EQ(names, (std::vector<std::string>{std::string(100, 'a'), std::string(100, 'b')}));
  });
}

TEST(WithTaskGroup, returns_what_the_body_does_when_the_tasks_have_ended) {
  run_blocking([]() -> Task<> {
    int ended = 0;
    const std::string said = co_await with_task_group("part", 1h, [&](TaskGroup& group) -> Task<std::string> {
      group.spawn(sleeps(2ms, ended));
      co_await sleep_for(1ms);
      group.spawn(sleeps(1ms, ended));
      co_return "said";
    });
    EXPECT_EQ(said, "said");
    EXPECT_EQ(ended, 2);
  });
}

TEST(WithTaskGroup, keeps_the_frame_of_who_awaits_it_until_the_tasks_have_ended_though_the_body_fails) {
  std::string story, logged;
  log::set_sink([&](log::Level, std::string_view line) { logged += line; });
  run_blocking([&]() -> Task<> {
    EXPECT_THROW(co_await with_task_group("part", 1h,
                                          [&](TaskGroup& group) -> Task<> {
                                            group.spawn(writes_at_its_end(story));
                                            throw Error("broken", "it broke");
                                            co_return;
                                          }),
                 Error);
    EXPECT_EQ(story, "task ");
  });
  log::set_sink({});
  EXPECT_EQ(logged, "");
}

Task<> awaits_a_group(std::string& story, std::chrono::milliseconds in_the_body, bool heeds_cancellation) {
  const std::shared_ptr<void> end(nullptr, [&story](void*) { story += "owner "; });
  co_await with_task_group("part", 1h, [&](TaskGroup& group) -> Task<> {
    group.spawn(writes_at_its_end(story));
    try {
      co_await sleep_for(in_the_body);
    } catch (...) {
      if (heeds_cancellation) throw;
    }
  });
  story += "returned ";
}

TEST(WithTaskGroup, keeps_the_frame_of_who_awaits_it_until_the_tasks_have_ended_though_that_is_cancelled) {
  for (const auto in_the_body : {std::chrono::milliseconds(0), std::chrono::milliseconds(1h)}) {
    std::string story;
    run_blocking([&]() -> Task<> {
      TaskGroup group("owner");
      group.spawn(awaits_a_group(story, in_the_body, true));
      co_await sleep_for(2ms);
      EXPECT_EQ(story, "");
      group.cancel();
      EXPECT_TRUE(co_await group.drain(1h));
    });
    EXPECT_EQ(story, "task owner ");
  }
  std::string story;
  run_blocking([&]() -> Task<> {
    TaskGroup group("owner");
    group.spawn(awaits_a_group(story, 1h, false));
    group.cancel();
    EXPECT_TRUE(co_await group.drain(1h));
  });
  EXPECT_EQ(story, "task returned owner ");
}

Task<> sleeps_through_its_cancellation(int& ended) {
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  co_await sleep_for(300ms);
  ++ended;
}

TEST(WithTaskGroup, cancels_the_tasks_when_its_patience_is_over_and_waits_for_those_that_ignore_it) {
  std::string logged;
  log::set_sink([&](log::Level, std::string_view line) { logged += line; });
  run_blocking([]() -> Task<> {
    int ended = 0, slept = 0;
    co_await with_task_group("part", 1ms, [&](TaskGroup& group) -> Task<> {
      group.spawn(sleeps(1h, ended));
      group.spawn(sleeps_through_its_cancellation(slept));
      co_return;
    });
    EXPECT_EQ(ended, 0);
    EXPECT_EQ(slept, 1);
  });
  log::set_sink({});
  EXPECT_NE(logged.find("do not end"), std::string::npos) << logged;
}

TEST(TaskGroup, cancels_its_tasks_when_it_goes) {
  run_blocking([]() -> Task<> {
    int ended = 0;
    {
      TaskGroup group("background");
      group.spawn(sleeps(1h, ended));
    }
    co_await sleep_for(1ms);
    EXPECT_EQ(ended, 0);
  });
}

TEST(TaskGroup, logs_what_leaves_a_task_under_its_name_but_no_cancellation) {
  std::string logged;
  log::set_sink([&](log::Level, std::string_view line) { logged += line; });
  run_blocking([]() -> Task<> {
    TaskGroup group("mailer");
    int ended = 0;
    group.spawn(fails());
    group.spawn(sleeps(1h, ended));
    group.cancel();
    EXPECT_TRUE(co_await group.drain(1h));
  });
  log::set_sink({});
  EXPECT_NE(logged.find("mailer"), std::string::npos) << logged;
  EXPECT_NE(logged.find("it broke"), std::string::npos) << logged;
  EXPECT_EQ(logged.find("task failed"), logged.rfind("task failed")) << logged;
}

TEST(TaskGroup, logs_what_leaves_a_task_under_the_name_it_was_given) {
  std::string logged;
  log::set_sink([&](log::Level, std::string_view line) { logged += line; });
  run_blocking([]() -> Task<> {
    TaskGroup group("mailer");
    group.spawn("welcome", fails());
    group.spawn("goodbye", []() -> Task<> {
      co_await sleep_for(1ms);
      throw std::runtime_error("no stamps");
    });
    EXPECT_EQ(group.size(), 2U);
    EXPECT_TRUE(co_await group.drain(1h));
  });
  log::set_sink({});
  for (const char* said : {"welcome", "it broke", "goodbye", "no stamps"})
    EXPECT_NE(logged.find(said), std::string::npos) << said << " in " << logged;
  EXPECT_EQ(logged.find("mailer"), std::string::npos) << logged;
}

TEST(TaskGroup, that_goes_before_its_tasks_is_warned_of) {
  std::string logged;
  log::set_sink([&](log::Level, std::string_view line) { logged += line; });
  run_blocking([]() -> Task<> {
    int ended = 0;
    {
      TaskGroup group("forgotten");
      group.spawn(sleeps(1h, ended));
    }
    TaskGroup drained("drained");
    drained.spawn(sleeps(1ms, ended));
    EXPECT_TRUE(co_await drained.drain(1h));
  });
  log::set_sink({});
  EXPECT_NE(logged.find("forgotten"), std::string::npos) << logged;
  EXPECT_EQ(logged.find("drained"), std::string::npos) << logged;
}

std::string code_of_spawn(TaskGroup& group) {
  try {
    int ended = 0;
    group.spawn(sleeps(1ms, ended));
    return "none";
  } catch (const Error& error) {
    return error.code();
  }
}

TEST(TaskGroup, refuses_a_task_from_another_loop_and_is_cancelled_from_any_thread) {
  TaskGroup group("import");
  EXPECT_EQ(code_of_spawn(group), "no_loop");
  int ended = 0;
  run_blocking([&]() -> Task<> {
    group.spawn(sleeps(1h, ended));
    std::jthread([&] {
      EXPECT_EQ(run_blocking([&]() -> Task<std::string> { co_return code_of_spawn(group); }), "wrong_loop");
      EXPECT_THROW(static_cast<void>(run_blocking(group.drain(1h))), Error);
      group.cancel();
    }).join();
    EXPECT_TRUE(co_await group.drain(1h));
  });
  EXPECT_EQ(ended, 0);
}

TEST(TaskGroup, is_not_of_another_loop_that_was_made_where_its_own_has_been) {
  TaskGroup group("import");
  std::optional<Loop> loop;
  std::vector<std::string> codes;
  for (int i = 0; i < 2; ++i) {
    Loop& here = loop.emplace();  // the same address again
    const LoopHandle handle = here.handle();
    EXPECT_FALSE(handle.is_current());
    here.post([&] {
      EXPECT_TRUE(handle.is_current());
      codes.push_back(code_of_spawn(group));
      here.stop();
    });
    here.run();
  }
  EXPECT_EQ(codes, (std::vector<std::string>{"none", "wrong_loop"}));
}

TEST(TaskGroup, may_outlive_its_loop_with_tasks_that_never_ended) {
  TaskGroup group("stubborn");
  {
    Loop loop;
    loop.post([&] {
      group.spawn(ignores_cancellation());
      loop.post([&] { loop.io().stop(); });
    });
    loop.run();
    EXPECT_EQ(group.size(), 1U);
  }
  EXPECT_EQ(group.size(), 0U);
  group.cancel();
}

}  // namespace
}  // namespace bailey
