#include "pg/pace.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bailey::pg::detail {
namespace {

using std::chrono::microseconds;

Pace::Key key(std::string_view role, std::vector<Statement> statements) { return Pace::key_of(role, statements); }

TEST(Pace, takes_for_slow_what_it_has_not_seen) {
  Pace pace;
  const Pace::Key seen = key("anon", {"select 1"});
  EXPECT_EQ(pace.expected(seen), Pace::slow);
  EXPECT_EQ(pace.expected(0), Pace::slow);
  pace.observe(seen, microseconds(50));
  EXPECT_EQ(pace.expected(seen), microseconds(50));
  EXPECT_EQ(pace.expected(key("anon", {"select 2"})), Pace::slow);
}

TEST(Pace, is_of_a_role_and_of_all_statements_in_their_order) {
  EXPECT_NE(key("anon", {"a"}), key("authenticated", {"a"}));
  EXPECT_NE(key("", {"a", "b"}), key("", {"b", "a"}));
  EXPECT_NE(key("", {"a"}), key("", {"a", "a"}));
  EXPECT_EQ(key("", {{"a", {1}}}), key("", {{"a", {2}}}));
}

TEST(Pace, rises_at_once_and_falls_slowly) {
  Pace pace;
  pace.observe(7, microseconds(100));
  pace.observe(7, microseconds(50'000));
  EXPECT_EQ(pace.expected(7), microseconds(50'000));
  pace.observe(7, microseconds(100));
  EXPECT_GT(pace.expected(7), microseconds(40'000));
  for (int time = 0; time < 100; ++time) pace.observe(7, microseconds(100));
  EXPECT_EQ(pace.expected(7), microseconds(100));
}

TEST(Pace, bounds_what_it_is_told) {
  Pace pace;
  pace.observe(7, std::chrono::hours(24 * 365));
  EXPECT_GT(pace.expected(7), std::chrono::hours(1));
  pace.observe(8, microseconds(-5));
  EXPECT_EQ(pace.expected(8), microseconds(0));
}

TEST(Pace, forgets_the_one_whose_place_another_takes) {
  Pace pace;
  pace.observe(3, microseconds(10));
  pace.observe(3 + 512, microseconds(20));
  EXPECT_EQ(pace.expected(3), Pace::slow);
  EXPECT_EQ(pace.expected(3 + 512), microseconds(20));
}

}  // namespace
}  // namespace bailey::pg::detail
