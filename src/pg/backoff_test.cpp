#include "pg/backoff.hpp"

#include <gtest/gtest.h>

namespace bailey::pg::detail {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, doubles_up_to_its_limit_with_jitter_in_the_upper_half) {
  struct Case {
    unsigned failures;
    int whole;
  };
  for (const Case& each :
       {Case{1, 100}, Case{2, 200}, Case{3, 400}, Case{6, 3200}, Case{7, 5000}, Case{4'000'000, 5000}}) {
    const auto at = [&](std::uint32_t random) {
      return backoff(each.failures, random, milliseconds(100), milliseconds(5000));
    };
    EXPECT_EQ(at(0), milliseconds(each.whole / 2)) << each.failures;
    EXPECT_EQ(at(static_cast<std::uint32_t>(each.whole / 2)), milliseconds(each.whole)) << each.failures;
    EXPECT_LE(at(0xFFFFFFFF), milliseconds(each.whole)) << each.failures;
  }
}

TEST(Backoff, takes_a_first_delay_above_the_limit_as_the_limit) {
  EXPECT_EQ(backoff(1, 0, milliseconds(1000), milliseconds(10)), milliseconds(5));
}

}  // namespace
}  // namespace bailey::pg::detail
