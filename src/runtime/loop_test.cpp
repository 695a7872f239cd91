#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/loop_local.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;

Task<int> seven() { co_return 7; }
Task<> fails() {
  throw Error("broken", "it broke");
  co_return;
}

TEST(RunBlocking, returns_the_value_and_throws_the_exception_of_the_task) {
  EXPECT_EQ(run_blocking(seven()), 7);
  EXPECT_THROW(run_blocking(fails()), Error);
  int captured = 1;
  run_blocking([&]() -> Task<> {
    co_await sleep_for(1ms);
    captured = 2;
  });
  EXPECT_EQ(captured, 2);
}

TEST(Task, that_is_awaited_twice_or_was_moved_from_is_misuse_and_no_crash) {
  const auto code_of_awaiting = [](Task<int> task) -> Task<std::string> {
    try {
      co_await std::move(task);
    } catch (const Error& error) {
      co_return error.code();
    }
    co_return "";
  };
  run_blocking([&]() -> Task<> {
    Task<int> task = seven();
    EXPECT_EQ(co_await std::move(task), 7);
    EXPECT_EQ(co_await code_of_awaiting(std::move(task)), "misuse");  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(co_await code_of_awaiting(Task<int>()), "misuse");
  });
  EXPECT_THROW(run_blocking(Task<int>()), Error);
  EXPECT_THROW(run_blocking(Task<>()), Error);
}

TEST(RunBlocking, refuses_to_nest) {
  auto nested = []() -> Task<std::string> {
    try {
      run_blocking(seven());
    } catch (const Error& error) {
      co_return error.code();
    }
    co_return "";
  };
  EXPECT_EQ(run_blocking(nested), "nested_loop");
}

TEST(Loop, keeps_the_callable_that_makes_a_task_until_that_has_ended) {
  std::string seen;
  Loop loop;
  loop.spawn("name", [&seen, name = std::make_unique<std::string>(100, 'n')]() -> Task<> {
    co_await sleep_for(1ms);
    seen = *name;
    Loop::current().stop();
  });
  loop.run();
  EXPECT_EQ(seen, std::string(100, 'n'));
}

TEST(Loop, is_current_only_while_it_runs) {
  EXPECT_THROW(static_cast<void>(Loop::current()), Error);
  Loop loop;
  Loop* seen = nullptr;
  loop.post([&] {
    seen = &Loop::current();
    loop.stop();
  });
  loop.run();
  EXPECT_EQ(seen, &loop);
  EXPECT_EQ(Loop::current_or_null(), nullptr);
}

TEST(Loop, runs_what_another_thread_posts) {
  Loop loop;
  std::jthread other([&] { loop.post([&] { loop.stop(); }); });
  loop.run();
}

TEST(Loop, cancels_spawned_tasks_when_it_stops_and_awaits_them_before_the_locals_go) {
  std::vector<std::string> story;
  struct Pool {
    std::vector<std::string>& story;
    ~Pool() { story.push_back("pool gone"); }
  };
  {
    Loop loop;
    LoopLocal<Pool> pools;
    auto waits = [&]() -> Task<> {
      Pool& pool = pools.get([&] { return std::make_unique<Pool>(story); });
      try {
        co_await sleep_for(1h);
      } catch (const boost::system::system_error&) {
        pool.story.push_back("task cancelled");
      }
    };
    loop.spawn("waits", waits());
    loop.post([&] { loop.stop(); });
    loop.run();
  }
  EXPECT_EQ(story, (std::vector<std::string>{"task cancelled", "pool gone"}));
}

TEST(Loop, gives_up_on_a_task_that_ignores_cancellation) {
  Loop loop;
  auto stubborn = []() -> Task<> {
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    co_await sleep_for(1h);
  };
  loop.spawn("stubborn", stubborn());
  loop.post([&] {
    loop.stop(1s);
    loop.post([&] { loop.post([&] { loop.advance_timers(2s); }); });
  });
  loop.run();
}

TEST(Loop, logs_what_leaves_a_spawned_task_under_its_name) {
  std::string logged;
  log::set_sink([&](log::Level, std::string_view line) { logged += line; });
  Loop loop;
  auto then_stop = [&]() -> Task<> {
    loop.stop();
    co_return;
  };
  loop.spawn("mailer", fails());
  loop.spawn("stopper", then_stop());
  loop.run();
  log::set_sink({});
  EXPECT_NE(logged.find("mailer"), std::string::npos) << logged;
  EXPECT_NE(logged.find("it broke"), std::string::npos) << logged;
}

TEST(Loop, is_known_by_a_handle_that_may_outlive_it) {
  std::optional<LoopHandle> kept;
  bool ran = false;
  {
    Loop loop;
    kept = loop.handle();
    EXPECT_TRUE(kept->post([&] {
      ran = true;
      loop.stop();
    }));
    loop.run();
  }
  EXPECT_TRUE(ran);
  EXPECT_FALSE(kept->post([] { FAIL(); }));
}

TEST(Loop, alone_broadcasts_to_itself_and_not_inside_the_call) {
  Loop loop;
  int runs = 0;
  loop.post([&] {
    loop.broadcast([&] {
      ++runs;
      loop.stop();
    });
    EXPECT_EQ(runs, 0);
  });
  loop.run();
  EXPECT_EQ(runs, 1);
}

TEST(Loop, destroys_suspended_frames_before_locals_and_wheel) {
  std::vector<std::string> story;
  struct Teller {
    std::vector<std::string>* story;
    std::string text;
    ~Teller() { story->push_back(text); }
  };
  {
    Loop loop;
    LoopLocal<Teller> tellers;
    auto waits = [&]() -> Task<> {
      Teller frame{&story, "frame"};
      TimerWheel::Entry entry([] {});
      Loop::current().timers().arm(entry, 1h);
      static_cast<void>(tellers.get([&] { return std::make_unique<Teller>(&story, "local"); }));
      co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
      co_await sleep_for(1h);
    };
    loop.spawn("waits", waits());
    loop.post([&] { loop.io().stop(); });
    loop.run();
  }
  EXPECT_EQ(story, (std::vector<std::string>{"frame", "local"}));
}

TEST(Loop, ticks_its_wheel_by_itself) {
  Loop loop;
  TimerWheel::Entry entry([&] { loop.stop(); });
  loop.timers().arm(entry, 100ms);
  loop.run();
}

}  // namespace
}  // namespace bailey
