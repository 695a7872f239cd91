#include "supabase/key_source_policy.hpp"

#include <gtest/gtest.h>

namespace bailey::detail {
namespace {

using std::chrono::seconds;
using Advice = KeySourcePolicy::Advice;

SteadyTime at(std::int64_t time) { return SteadyTime(seconds(time)); }

TEST(KeySourcePolicy, fetches_at_first_need_and_once) {
  KeySourcePolicy policy({});
  EXPECT_FALSE(policy.is_refresh_due(at(1000)));
  EXPECT_EQ(policy.for_unknown_key("a", at(1000)), Advice::fetch);
  policy.began(at(1000));
  EXPECT_EQ(policy.for_unknown_key("a", at(1000)), Advice::wait);
  EXPECT_EQ(policy.for_unknown_key("b", at(5000)), Advice::wait);
}

TEST(KeySourcePolicy, rejects_unknown_keys_within_the_floor_and_asks_after_it) {
  KeySourcePolicy policy({});
  policy.began(at(1000));
  policy.succeeded(at(1002));
  EXPECT_EQ(policy.for_unknown_key("a", at(1002)), Advice::reject);
  EXPECT_EQ(policy.for_unknown_key("a", at(1029)), Advice::reject);
  EXPECT_EQ(policy.for_unknown_key("a", at(1030)), Advice::fetch);
}

TEST(KeySourcePolicy, does_not_ask_again_soon_for_a_key_the_provider_did_not_know) {
  KeySourcePolicy policy({});
  policy.began(at(1000));
  policy.succeeded(at(1000));
  policy.remember_unknown("a", at(1000));
  EXPECT_EQ(policy.for_unknown_key("a", at(1059)), Advice::reject);
  EXPECT_EQ(policy.for_unknown_key("b", at(1059)), Advice::fetch);
  EXPECT_EQ(policy.for_unknown_key("a", at(1060)), Advice::fetch);
  policy.forget_unknown();
  EXPECT_EQ(policy.for_unknown_key("a", at(1059)), Advice::fetch);
}

TEST(KeySourcePolicy, remembers_a_bounded_number_of_unknown_keys) {
  KeySourcePolicy policy({});
  policy.began(at(1000));
  policy.succeeded(at(1000));
  for (std::size_t i = 0; i <= KeySourcePolicy::unknown_limit; ++i)
    policy.remember_unknown(std::to_string(i), at(1000));
  EXPECT_EQ(policy.for_unknown_key("0", at(1040)), Advice::fetch) << "the oldest had to go";
  EXPECT_EQ(policy.for_unknown_key("1", at(1040)), Advice::reject);
}

TEST(KeySourcePolicy, pauses_longer_after_each_failure_up_to_the_floor) {
  KeySourcePolicy policy({});
  std::int64_t now = 1000;
  for (const std::int64_t pause : {1, 2, 4, 8, 16, 30, 30}) {
    EXPECT_EQ(policy.for_unknown_key("a", at(now)), Advice::fetch);
    policy.began(at(now));
    policy.failed();
    EXPECT_EQ(policy.for_unknown_key("a", at(now + pause - 1)), Advice::unavailable) << pause;
    now += pause;
  }
  policy.began(at(now));
  policy.succeeded(at(now));
  EXPECT_EQ(policy.for_unknown_key("a", at(now + 29)), Advice::reject);
}

TEST(KeySourcePolicy, does_not_reject_what_a_failed_fetch_might_have_brought) {
  KeySourcePolicy policy({});
  policy.began(at(1000));
  policy.succeeded(at(1000));
  policy.began(at(1030));
  policy.failed();
  EXPECT_EQ(policy.for_unknown_key("a", at(1030)), Advice::unavailable);
}

TEST(KeySourcePolicy, refreshes_old_keys_and_drops_stale_ones) {
  KeySourcePolicy policy({.refresh_floor = seconds(30), .max_age = seconds(600), .stale_limit = seconds(3600)});
  policy.began(at(1000));
  policy.succeeded(at(1000));
  EXPECT_EQ(policy.next_look(), at(1600));
  EXPECT_FALSE(policy.is_refresh_due(at(1599)));
  EXPECT_TRUE(policy.is_refresh_due(at(1600)));
  policy.began(at(1600));
  EXPECT_FALSE(policy.is_refresh_due(at(1700))) << "one is under way";
  EXPECT_EQ(policy.next_look(), at(4600));
  policy.failed();
  EXPECT_EQ(policy.next_look(), at(1601));
  EXPECT_FALSE(policy.is_stale(at(4599)));
  EXPECT_TRUE(policy.is_stale(at(4600)));
  policy.dropped();
  EXPECT_FALSE(policy.has_keys());
  EXPECT_FALSE(policy.is_stale(at(4600)));
}

}  // namespace
}  // namespace bailey::detail
