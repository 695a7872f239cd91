#include "http/date.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey::http {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr sys_seconds now = sys_days(2026y / November / 27) + 0h;

TEST(Date, is_read_as_it_is_written) {
  for (const sys_seconds time : {sys_seconds(0s), sys_seconds(784111777s), sys_seconds(1709210096s), now}) {
    std::string text;
    append_date(text, time);
    EXPECT_EQ(parse_date(text, now), time) << text;
  }
}

TEST(Date, is_read_in_all_three_forms) {
  const sys_seconds time = sys_days(1994y / November / 6) + 8h + 49min + 37s;
  EXPECT_EQ(parse_date("Sun, 06 Nov 1994 08:49:37 GMT", now), time);
  EXPECT_EQ(parse_date("Sunday, 06-Nov-94 08:49:37 GMT", now), time);
  EXPECT_EQ(parse_date("Sun Nov  6 08:49:37 1994", now), time);
  EXPECT_EQ(parse_date("Wed Nov 16 08:49:37 1994", now), time + days(10));
  EXPECT_EQ(parse_date("Saturday, 01-Jan-00 00:00:00 GMT", now), sys_seconds(sys_days(2000y / January / 1)));
  EXPECT_EQ(parse_date("Thursday, 01-Jan-75 00:00:00 GMT", now), sys_seconds(sys_days(2075y / January / 1)));
  EXPECT_EQ(parse_date("Thursday, 01-Jan-76 00:00:00 GMT", now), sys_seconds(sys_days(1976y / January / 1)));
  EXPECT_EQ(parse_date("Sat, 31 Dec 2016 23:59:60 GMT", now), sys_seconds(sys_days(2017y / January / 1)));
}

TEST(Date, that_is_none_is_not_read) {
  for (const std::string_view text :
       {"", "yesterday", "0", "784111777", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 GMT ", "sun, 06 nov 1994 08:49:37 gmt", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994", "1994-11-06T08:49:37Z",
        "Sun, -6 Nov 1994 08:49:37 GMT"})
    EXPECT_EQ(parse_date(text, now), std::nullopt) << text;
  for (const std::string_view text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    for (std::size_t length = 0; length < text.size(); ++length)
      EXPECT_EQ(parse_date(std::string(text.substr(0, length)), now), std::nullopt) << text.substr(0, length);
}

}  // namespace
}  // namespace bailey::http
