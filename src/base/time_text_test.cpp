#include <bailey/base/time_text.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using Micros = std::chrono::sys_time<std::chrono::microseconds>;
using Nanos = std::chrono::sys_time<std::chrono::nanoseconds>;

constexpr sys_days the_day = std::chrono::year(2026) / 11 / 23;

TEST(TimeText, prints_utc_with_the_digits_the_fraction_has) {
  EXPECT_EQ(to_text(sys_seconds(the_day) + 14h + 5min + 9s), "2026-11-23T14:05:09Z");
  EXPECT_EQ(to_text(Micros(the_day) + 9s + 120ms), "2026-11-23T00:00:09.120Z");
  EXPECT_EQ(to_text(Micros(the_day) + 1us), "2026-11-23T00:00:00.000001Z");
  EXPECT_EQ(to_text(Nanos(the_day) + 1ns), "2026-11-23T00:00:00.000000001Z");
  EXPECT_EQ(to_text(sys_seconds(-1s)), "1969-12-31T23:59:59Z");
  EXPECT_EQ(to_text(sys_days(std::chrono::year(7) / 1 / 2)), "0007-01-02T00:00:00Z");
}

TEST(TimeText, reads_what_clients_and_postgresql_write) {
  const Micros expected = Micros(the_day) + 14h + 5min + 9s + 120ms;
  for (const char* text : {"2026-11-23T14:05:09.12Z", "2026-11-23t14:05:09.120z", "2026-11-23 14:05:09.12+00",
                           "2026-11-23T15:05:09.12+01:00", "2026-11-23T15:05:09.12+0100", "2026-11-23_14:05:09.120000",
                           "2026-11-23T14:05:09.1200000001234Z", "2026-11-23T13:05:09.12\u221201:00",
                           "2026-11-24T01:35:09.120+11:30", "2026-11-23T02:05:09.12-12:00"}) {
    const auto parsed = parse_time<std::chrono::microseconds>(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error();
    EXPECT_EQ(*parsed, expected) << text;
  }
  EXPECT_EQ(parse_time<std::chrono::seconds>("2026-11-23T14:05").value(), sys_seconds(the_day) + 14h + 5min);
  EXPECT_EQ(parse_time<std::chrono::seconds>("2026-11-23").value(), sys_seconds(the_day));
}

TEST(TimeText, rounds_down_to_the_duration_asked_for) {
  EXPECT_EQ(parse_time<std::chrono::seconds>("1969-12-31T23:59:59.9Z").value(), sys_seconds(-1s));
  EXPECT_EQ(parse_time<std::chrono::milliseconds>("1970-01-01T00:00:00.0019Z").value().time_since_epoch(), 1ms);
}

TEST(TimeText, refuses_what_is_no_time) {
  for (const char* text : {"",
                           "2026",
                           "2026-11-2",
                           "0000-11-23",
                           "2026-13-01",
                           "2026-00-01",
                           "2026-02-29",
                           "2026-11-31",
                           "2026-11-23T",
                           "2026-11-23T24:00",
                           "2026-11-23T14:60",
                           "2026-11-23T14:05:60Z",
                           "2026-11-23T14:05:09.Z",
                           "2026-11-23T14:05:09+",
                           "2026-11-23T14:05:09+1",
                           "2026-11-23T14:05:09+24:00",
                           "2026-11-23T14:05:09+01:",
                           "2026-11-23T14:05:09+01:60",
                           "2026-11-23T14:05:09Zx",
                           "2026-11-23x14:05",
                           "+2026-11-23",
                           "2026/11/23",
                           "-026-11-23",
                           "2026-11-23T14:05:09 Z",
                           "2O26-11-23"}) {
    EXPECT_FALSE(parse_date_time(text)) << text;
  }
}

TEST(TimeText, counts_seconds_or_milliseconds_since_1970) {
  const auto text_of = [](double number) {
    const auto time = from_unix_time(number);
    std::string text;
    if (time) append_date_time(text, *time);
    return time ? text : std::string(time.error());
  };
  EXPECT_EQ(text_of(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(text_of(-1), "1969-12-31T23:59:59Z");
  EXPECT_EQ(text_of(1700000000.25), "2023-11-14T22:13:20.250Z");
  EXPECT_EQ(text_of(1700000000000.5), "2023-11-14T22:13:20.000500Z");
  EXPECT_EQ(text_of(20000000000), "2603-10-11T11:33:20Z");
  EXPECT_EQ(text_of(20000000001), "1970-08-20T11:33:20.001Z");
  EXPECT_EQ(text_of(253402300799999), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(text_of(253402300800000), "dates after 9999 are not supported as unix timestamps");
  EXPECT_EQ(text_of(1e300), "dates after 9999 are not supported as unix timestamps");
  EXPECT_EQ(text_of(-1e20), "dates before 0000 are not supported as unix timestamps");
}

TEST(TimeText, keeps_the_day_of_the_zone) {
  const auto time = parse_zoned_time("2026-11-23T00:00+05:00");
  ASSERT_TRUE(time);
  EXPECT_EQ(time->local.day, the_day);
  EXPECT_EQ(time->local.since_midnight, 0ns);
  EXPECT_EQ(time->utc().day, the_day - std::chrono::days(1));
}

TEST(TimeText, refuses_dates_with_anything_behind) {
  EXPECT_EQ(parse_date("2026-11-23").value(), the_day);
  EXPECT_TRUE(parse_date("2024-02-29"));
  for (const char* text : {"2026-11-23T00:00", "2026-11-23 ", "2026-11-023", "26-11-23"})
    EXPECT_FALSE(parse_date(text)) << text;
}

TEST(TimeText, refuses_what_the_duration_cannot_hold) {
  EXPECT_TRUE(parse_time<std::chrono::microseconds>("9999-12-31T23:59:59.999999Z"));
  EXPECT_FALSE(parse_time<std::chrono::nanoseconds>("9999-12-31T23:59:59Z"));
  EXPECT_FALSE(parse_time<std::chrono::nanoseconds>("0001-01-01"));
  EXPECT_TRUE(parse_time<std::chrono::nanoseconds>("2026-11-23"));
}

TEST(TimeText, reads_back_what_it_prints) {
  for (std::int64_t i = -2000; i < 2000; ++i) {
    const Micros time{std::chrono::microseconds(i * 1'234'567'891'234)};
    EXPECT_EQ(parse_time<std::chrono::microseconds>(to_text(time)), time) << to_text(time);
  }
}

}  // namespace
}  // namespace bailey
