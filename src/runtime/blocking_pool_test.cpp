#include <bailey/base/error.hpp>
#include <bailey/runtime/blocking_pool.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/task_group.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace bailey {
namespace {

TEST(BlockingPool, runs_a_job_elsewhere_and_returns_its_value_here) {
  BlockingPool pool({.threads = 1, .queue_limit = 4});
  auto program = [&]() -> Task<std::string> {
    const auto here = std::this_thread::get_id();
    std::thread::id there;
    std::string value = co_await pool.run([&] {
      there = std::this_thread::get_id();
      return std::string("done");
    });
    EXPECT_NE(there, here);
    EXPECT_EQ(std::this_thread::get_id(), here);
    co_return value;
  };
  EXPECT_EQ(run_blocking(program), "done");
}

TEST(BlockingPool, passes_on_what_a_job_throws) {
  BlockingPool pool({.threads = 1, .queue_limit = 4});
  EXPECT_THROW(run_blocking(pool.run([] { throw std::runtime_error("no"); })), std::runtime_error);
}

TEST(BlockingPool, says_overloaded_when_its_queue_is_full) {
  std::latch release(1), started(1);
  BlockingPool pool({.threads = 1, .queue_limit = 1});
  std::string code;
  int status = 0;
  Loop loop;
  int ended = 0;
  auto end = [&] {
    if (++ended == 3) loop.stop();
  };
  auto occupy = [&]() -> Task<> {
    co_await pool.run([&] {
      started.count_down();
      release.wait();
    });
    end();
  };
  auto waiting = [&]() -> Task<> {
    co_await pool.run([] {});
    end();
  };
  auto refused = [&]() -> Task<> {
    try {
      co_await pool.run([] {});
    } catch (const Error& error) {
      code = error.code();
      status = error.http_status();
    }
    release.count_down();
    end();
  };
  loop.spawn("occupy", occupy());
  loop.post([&] {
    started.wait();
    loop.spawn("waiting", waiting());
    loop.spawn("refused", refused());
  });
  loop.run();
  EXPECT_EQ(code, "overloaded");
  EXPECT_EQ(status, 503);
}

TEST(BlockingPool, keeps_the_frame_of_a_cancelled_task_until_its_job_has_ended) {
  run_blocking([]() -> Task<> {
    BlockingPool pool({.threads = 1, .queue_limit = 1});
    std::latch started(1), release(1);
    std::string written;
    bool resumed = false;
    TaskGroup group("hash");
    group.spawn([](BlockingPool& on, std::latch& begun, std::latch& wait, std::string& into, bool& after) -> Task<> {
      std::string of_the_frame;
      co_await on.run([&] {
        begun.count_down();
        wait.wait();
        of_the_frame = "done";
      });
      into = of_the_frame;
      after = true;
    }(pool, started, release, written, resumed));
    started.wait();
    group.cancel();
    co_await sleep_for(std::chrono::milliseconds(1));
    EXPECT_FALSE(resumed);
    release.count_down();
    EXPECT_TRUE(co_await group.drain(std::chrono::hours(1)));
    EXPECT_EQ(written, "done");
  });
}

// Occupies the pool's one thread until it is told otherwise.
Task<> occupy(BlockingPool& pool, std::latch& started, std::latch& release) {
  co_await pool.run([&] {
    started.count_down();
    release.wait();
  });
}

TEST(BlockingPool, runs_no_job_whose_task_is_cancelled_before_its_turn_comes) {
  run_blocking([]() -> Task<> {
    BlockingPool pool({.threads = 1, .queue_limit = 2});
    std::latch started(1), release(1);
    TaskGroup running("running"), waiting("waiting"), later("later");
    running.spawn(occupy(pool, started, release));
    co_await sleep_for(std::chrono::milliseconds(0));
    started.wait();

    std::atomic<int> unwanted = 0, wanted = 0;
    int cancelled = 0;
    for (int i = 0; i < 2; ++i) {
      waiting.spawn([](BlockingPool& on, std::atomic<int>& ran, int& told) -> Task<> {
        try {
          co_await on.run([&ran] { ++ran; });
        } catch (const boost::system::system_error& error) {
          if (error.code() == boost::asio::error::operation_aborted) ++told;
          throw;
        }
      }(pool, unwanted, cancelled));
    }
    waiting.cancel();
    EXPECT_TRUE(co_await waiting.drain(std::chrono::hours(1))) << "though the thread is still occupied";
    EXPECT_EQ(cancelled, 2);

    for (int i = 0; i < 2; ++i)  // there is room again
      later.spawn(
          [](BlockingPool& on, std::atomic<int>& ran) -> Task<> { co_await on.run([&ran] { ++ran; }); }(pool, wanted));
    co_await sleep_for(std::chrono::milliseconds(0));
    release.count_down();
    EXPECT_TRUE(co_await later.drain(std::chrono::hours(1)));
    EXPECT_EQ(wanted, 2);
    EXPECT_EQ(unwanted, 0);
    EXPECT_TRUE(co_await running.drain(std::chrono::hours(1)));
  });
}

TEST(BlockingPool, runs_no_job_whose_task_went_with_its_loop_before_its_turn_came) {
  std::latch started(1), release(1);
  std::atomic<int> ran = 0;
  BlockingPool pool({.threads = 1, .queue_limit = 2});
  {
    Loop loop;
    loop.spawn("occupies", occupy(pool, started, release));
    loop.spawn("waits", pool.run([&ran] { ++ran; }));
    loop.post([&] {
      started.wait();
      loop.io().stop();
    });
    loop.run();
  }
  release.count_down();
  run_blocking(pool.run([] {}));  // behind all that was there
  EXPECT_EQ(ran, 0);
}

Task<> run_and_tell(BlockingPool& pool, std::latch& started, std::string& story) {
  try {
    co_await pool.run([&] {
      started.count_down();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    });
    story += "done ";
  } catch (const Error& error) {
    story += error.code() + ' ' + std::to_string(error.http_status());
  }
}

TEST(BlockingPool, that_goes_waits_for_the_job_that_runs_and_tells_who_waits_for_another) {
  run_blocking([]() -> Task<> {
    auto pool = std::make_unique<BlockingPool>(BlockingPoolOptions{.threads = 1});
    std::latch started(1);
    std::string story;
    TaskGroup group("jobs");
    group.spawn(run_and_tell(*pool, started, story));
    started.wait();
    group.spawn(run_and_tell(*pool, started, story));
    pool.reset();
    EXPECT_TRUE(co_await group.drain(std::chrono::hours(1)));
    EXPECT_EQ(story, "done blocking_pool_ended 503");
  });
}

TEST(BlockingPool, may_outlive_the_loops_of_those_that_wait_for_it) {
  std::latch started(1), release(1);
  BlockingPool pool({.threads = 1, .queue_limit = 1});  // its destructor waits for the work, which looks at the latches
  {
    Loop loop;
    loop.spawn("waits", pool.run([&] {
      started.count_down();
      release.wait();
    }));
    loop.post([&] {
      started.wait();
      loop.io().stop();
    });
    loop.run();
  }
  release.count_down();
}

// What is gone before the job that is left looks at it.
struct Static {
  std::atomic<bool> is_there = true;
  ~Static() { is_there = false; }
};
Static& a_static() {
  static Static one;
  return one;
}

[[noreturn]] void end_with_a_job_that_does_not() {
  ::alarm(20);
  static_cast<void>(a_static());
  const std::string route = "GET /report/{id}";
  {
    BlockingPool pool({.threads = 2, .end_timeout = std::chrono::milliseconds(50)});
    std::latch started(1);
    Loop loop;
    loop.spawn("asks", [](Loop& on, BlockingPool& jobs, const std::string& name, std::latch& begun) -> Task<> {
      on.set_activity(&name);
      co_await jobs.run([&begun] {
        begun.count_down();
        while (a_static().is_there) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        ::_exit(9);
      });
    }(loop, pool, route, started));
    loop.post([&] {
      started.wait();
      loop.io().stop();
    });
    loop.run();
  }
  std::exit(7);
}

TEST(BlockingPool, that_goes_leaves_a_job_that_does_not_end_and_says_whose_it_is) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(end_with_a_job_that_does_not(), testing::ExitedWithCode(7),
              "a job of a blocking pool does not end.*GET /report/.id.");
}

}  // namespace
}  // namespace bailey
