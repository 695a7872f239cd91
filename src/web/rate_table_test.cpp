// The table against a slow, obvious model: a bucket of tokens per key that fills as time goes by.
#include "web/rate_table.hpp"

#include "web/gcra.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace bailey::web_detail {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t start = 1000 * second;

// Tokens in units of a nanosecond's refill, so that nothing is rounded.
class TokenBuckets {
 public:
  explicit TokenBuckets(RateQuota quota) : quota_(quota) {}
  bool take(const std::string& key, std::int64_t now) {
    const std::int64_t full = quota_.interval.count() * quota_.burst;
    auto [bucket, is_new] = buckets_.try_emplace(key, full, now);
    auto& [level, at] = bucket->second;
    level = std::min(full, level + (now - at));
    at = now;
    if (level < quota_.interval.count()) return false;
    level -= quota_.interval.count();
    return true;
  }

 private:
  RateQuota quota_;
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> buckets_;
};

TEST(RateTable, lets_the_burst_in_at_once_and_then_one_an_interval) {
  RateTable table({.interval = 1s, .burst = 3}, 100);
  for (std::uint32_t left : {2U, 1U, 0U}) {
    const RateVerdict verdict = table.take("a", start);
    EXPECT_TRUE(verdict.allowed);
    EXPECT_EQ(verdict.remaining, left);
  }
  const RateVerdict refused = table.take("a", start + second / 4);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.remaining, 0U);
  EXPECT_EQ(refused.retry_after, 750ms);
  EXPECT_EQ(refused.reset_after, 2750ms);
  EXPECT_FALSE(table.take("a", start + second - 1).allowed) << "what is refused does not count";
  EXPECT_TRUE(table.take("a", start + second).allowed);
  EXPECT_FALSE(table.take("a", start + second).allowed);
  EXPECT_TRUE(table.take("b", start + second).allowed) << "another's";
  EXPECT_EQ(table.take("a", start + 100 * second).remaining, 2U) << "no more than the burst is saved up";
}

TEST(RateTable, counts_as_buckets_of_tokens_do) {
  std::mt19937_64 random(7);  // NOLINT(cert-msc51-cpp): the same each time
  for (const RateQuota quota : {RateQuota{1s, 1}, RateQuota{100ms, 10}, RateQuota{7ns, 3}, RateQuota{1500ms, 4}}) {
    RateTable table(quota, 1000);
    TokenBuckets model(quota);
    std::int64_t now = start;
    for (int i = 0; i < 20'000; ++i) {
      const std::string key = std::to_string(random() % 20);
      now += static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(quota.interval.count() / 4 + 1));
      ASSERT_EQ(table.take(key, now).allowed, model.take(key, now)) << i;
    }
  }
}

TEST(RateTable, does_not_let_go_of_who_is_held_back_however_many_strangers_come) {
  RateTable table({.interval = 1s, .burst = 10}, 1024);
  const std::size_t size = table.size_bytes();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(table.take("busy", start).allowed);
  for (int i = 0; i < 200'000; ++i) static_cast<void>(table.take("stranger " + std::to_string(i), start));
  EXPECT_FALSE(table.take("busy", start).allowed);
  EXPECT_EQ(table.size_bytes(), size);
  EXPECT_EQ(size, 1024 * 16U);
}

TEST(RateTable, gives_nobody_a_burst_for_being_driven_out_by_others_who_are_held_back_too) {
  for (const std::uint32_t burst : {1U, 3U, 10U}) {
    RateTable table({.interval = 1h, .burst = burst}, 8);  // one bucket
    const auto admitted = [&](const std::string& key, std::int64_t now) {
      std::uint32_t count = 0;
      for (std::uint32_t i = 0; i <= burst; ++i) count += table.take(key, now).allowed ? 1U : 0U;
      return count;
    };
    EXPECT_EQ(admitted("victim", start), burst);
    for (int i = 0; i < 7; ++i) EXPECT_EQ(admitted("first " + std::to_string(i), start + 1), burst);
    for (int i = 0; i < 100; ++i)
      EXPECT_EQ(admitted("later " + std::to_string(i), start + 2), 1U) << "nobody is locked out";
    EXPECT_EQ(admitted("victim", start + 3), 1U);
    EXPECT_EQ(admitted("victim", start + 3), 0U);
    const std::int64_t calm = start + 3600 * second * (burst + 1);
    EXPECT_EQ(admitted("victim", calm), burst);
    EXPECT_EQ(admitted("new", calm), burst);
  }
}

TEST(RateTable, has_room_for_those_whose_time_is_over) {
  RateTable table({.interval = 1s, .burst = 1}, 8);
  for (int round = 0; round < 100; ++round)
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(table.take(std::to_string(round * 4 + i), start + round * second).allowed);
}

TEST(RateTable, counts_each_request_once_when_threads_meet_at_one_key) {
  RateTable table({.interval = 3600s, .burst = 5000}, 100);
  std::atomic<int> allowed = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 2500; ++k)
        if (table.take("a", start).allowed) ++allowed;
    });
  threads.clear();
  EXPECT_EQ(allowed, 5000);
}

}  // namespace
}  // namespace bailey::web_detail
