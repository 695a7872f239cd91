#include "supabase/retry_policy.hpp"

#include <gtest/gtest.h>

namespace bailey::client_detail {
namespace {

using namespace std::chrono_literals;

TEST(RetryPolicy, repeats_reads_that_met_nobody_and_nothing_else) {
  struct Case {
    query::Kind kind;
    int status;
    unsigned retry;
    std::optional<std::string_view> retry_after;
    std::optional<std::chrono::milliseconds> delay;
  };
  using enum query::Kind;
  const std::vector<Case> cases{
      {read, 503, 1, {}, 1s},     {read, 520, 2, {}, 2s},
      {read, 503, 3, {}, 4s},     {read, 503, 4, {}, std::nullopt},
      {read, 200, 1, {}, {}},     {read, 500, 1, {}, {}},
      {read, 504, 1, {}, {}},     {insert, 503, 1, {}, {}},
      {update, 503, 1, {}, {}},   {delete_, 520, 1, {}, {}},
      {read, 503, 1, "7", 7s},    {read, 503, 1, "0", 0s},
      {read, 503, 1, "900", 30s}, {read, 503, 1, "Wed, 21 Oct 2026", 1s},
      {read, 503, 1, "-5", 1s},   {read, 503, 1, "99999999999999", 1s},
      {read, 503, 4, "1", {}},
  };
  const RetryPolicy policy;
  for (const Case& c : cases)
    EXPECT_EQ(policy.delay(c.kind, c.status, c.retry, c.retry_after), c.delay) << c.status << " " << c.retry;
}

TEST(RetryPolicy, never_waits_longer_than_its_bound) {
  const RetryPolicy policy{.limit = 1000, .first_delay = 1s};
  EXPECT_EQ(policy.delay(query::Kind::read, 503, 6, {}), 30s);
  EXPECT_EQ(policy.delay(query::Kind::read, 503, 1000, {}), 30s);
}

TEST(RetryPolicy, can_be_turned_off) {
  EXPECT_EQ(RetryPolicy{.limit = 0}.delay(query::Kind::read, 503, 1, {}), std::nullopt);
}

}  // namespace
}  // namespace bailey::client_detail
