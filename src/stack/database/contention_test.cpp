#include "stack/database/contention.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bailey::stack {
namespace {

StatementError error(const std::string& code, const std::string& message = "") { return {code, message, "", "", 0}; }

TEST(Contention, is_what_would_go_well_if_done_again) {
  EXPECT_TRUE(was_too_late(error("XX000", "tuple concurrently updated")));
  EXPECT_TRUE(was_too_late(error("XX000", "tuple concurrently deleted")));
  EXPECT_TRUE(was_too_late(error("40P01", "deadlock detected")));
  EXPECT_FALSE(was_too_late(error("XX000", "cache lookup failed for role 1")));
  EXPECT_FALSE(was_too_late(error("42501", "permission denied")));
}

TEST(Contention, ends_when_it_was_too_late_too_often) {
  int attempts = 0, again = 0;
  const auto lose = [&](bool is_again) {
    ++attempts;
    again += is_again ? 1 : 0;
    throw error("40P01");
  };
  EXPECT_THROW(until_in_time(lose, 3), StatementError);
  EXPECT_EQ(attempts, 3);
  EXPECT_EQ(again, 2);
  const auto fail = [&](bool) {
    ++attempts;
    throw error("42501");
  };
  EXPECT_THROW(until_in_time(fail, 3), StatementError);
  EXPECT_EQ(attempts, 4);
}

TEST(Contention, is_tried_once_more_where_something_was_missing) {
  int attempts = 0;
  EXPECT_THROW(until_in_time([&](bool) {
                 ++attempts;
                 throw error("42704", "role \"passing\" does not exist");
               }),
               StatementError);
  EXPECT_EQ(attempts, 2);
  EXPECT_TRUE(is_missing(error("XX000", "cache lookup failed for role 1")));
  EXPECT_FALSE(is_missing(error("42501", "permission denied")));
}

// Nobody is told to throw a database away for a disk that is full.
TEST(Contention, tells_what_is_of_the_moment_from_what_is_in_the_database) {
  for (const char* code : {"", "53100", "53200", "53300", "57P01", "57P02"})
    EXPECT_TRUE(is_of_the_moment(error(code))) << code;
  for (const char* code : {"42P01", "42501", "XX001", "58P01"}) EXPECT_FALSE(is_of_the_moment(error(code))) << code;
}

}  // namespace
}  // namespace bailey::stack
