#include "pg/background_threads.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <semaphore>

namespace bailey::pg::detail {
namespace {

constexpr std::chrono::seconds generous{10};

TEST(BackgroundThreads, a_call_that_hangs_holds_up_neither_the_others_nor_the_end) {
  auto hangs = std::make_shared<std::binary_semaphore>(0);
  std::promise<void> begun;
  std::promise<void> other;
  std::promise<void> let_go;
  {
    BackgroundThreads threads(2);
    threads.submit([&begun, &let_go, hangs] {
      begun.set_value();
      hangs->acquire();
      let_go.set_value();
    });
    begun.get_future().wait();
    threads.submit([&other] { other.set_value(); });
    EXPECT_EQ(other.get_future().wait_for(generous), std::future_status::ready);
  }
  hangs->release();
  EXPECT_EQ(let_go.get_future().wait_for(generous), std::future_status::ready);
}

TEST(BackgroundThreads, beyond_their_limit_jobs_wait_and_those_that_have_not_begun_are_dropped_at_the_end) {
  auto hangs = std::make_shared<std::binary_semaphore>(0);
  auto second = std::make_shared<int>(0);
  const std::weak_ptr<int> watched = second;
  std::promise<void> begun;
  std::promise<void> let_go;
  {
    BackgroundThreads threads(1);
    threads.submit([&begun, &let_go, hangs] {
      begun.set_value();
      hangs->acquire();
      let_go.set_value();
    });
    begun.get_future().wait();
    threads.submit([kept = std::move(second)] { ++*kept; });
    EXPECT_FALSE(watched.expired());
  }
  EXPECT_TRUE(watched.expired());
  hangs->release();
  EXPECT_EQ(let_go.get_future().wait_for(generous), std::future_status::ready);
}

}  // namespace
}  // namespace bailey::pg::detail
