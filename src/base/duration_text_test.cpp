#include <bailey/base/duration_text.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

std::string written(microseconds duration) {
  std::string out;
  append_duration(out, duration);
  return out;
}

TEST(DurationText, is_read_in_iso_8601_in_clock_form_and_as_postgresql_prints_it) {
  struct Case {
    std::string_view text;
    microseconds duration;
  };
  for (const Case& c : std::vector<Case>{{"PT0S", 0s},
                                         {"P1D", 24h},
                                         {"P2W", 14 * 24h},
                                         {"P1Y", 365 * 24h},
                                         {"P1M", 30 * 24h},
                                         {"PT1M", 1min},
                                         {"P1DT2H3M4.5S", 26h + 3min + 4500ms},
                                         {"p1dt2h", 26h},
                                         {"+PT1.5S", 1500ms},
                                         {"-PT1,5S", -1500ms},
                                         {"PT0.0000019S", 1us},
                                         {"P0.5D", 12h},
                                         {"01:02", 1h + 2min},
                                         {"1:02:03", 1h + 2min + 3s},
                                         {"-00:00:01.25", -1250ms},
                                         {"100:00:00", 100h},
                                         {"3 days", 72h},
                                         {"3d", 72h},
                                         {"1 day, 02:00:00", 26h},
                                         {"1 day 02:00:00", 26h},
                                         {"-1 day, 02:00:00", -26h},
                                         {"-1 days +02:00:00", -22h},
                                         {"1 day -00:05:00", 24h - 5min},
                                         {"P106751991D", microseconds(24h) * 106'751'991}}) {
    const auto parsed = parse_duration(c.text);
    ASSERT_TRUE(parsed.has_value()) << c.text << ": " << parsed.error();
    EXPECT_EQ(*parsed, c.duration) << c.text;
  }
}

TEST(DurationText, is_refused_with_the_reason_where_it_is_none) {
  struct Case {
    std::string_view text;
    std::string_view reason;
  };
  for (const Case& c : std::vector<Case>{{"", "input is too short"},
                                         {"-", "input is too short"},
                                         {"P", "input is too short"},
                                         {"P1DT", "input is too short"},
                                         {"PT", "input is too short"},
                                         {"soon", "invalid digit in duration"},
                                         {"P1", "invalid unit in duration"},
                                         {"P1H", "invalid unit in duration"},
                                         {"PT1D", "invalid unit in duration"},
                                         {"PT1S1M", "invalid unit in duration"},
                                         {"PT1M1M", "invalid unit in duration"},
                                         {"PT1.S", "invalid fraction in duration"},
                                         {"PT-1S", "invalid digit in duration"},
                                         {"12", "invalid unit in duration"},
                                         {"1 dax", "invalid unit in duration"},
                                         {"1 mon", "invalid unit in duration"},
                                         {"1 day 24:00:00", "hour value is outside expected range of 0-23"},
                                         {"1:00", "input is too short"},
                                         {"1 day 1:00", "input is too short"},
                                         {"9:3", "minute value is outside expected range of 0-59"},
                                         {"01:002:03", "minute value is outside expected range of 0-59"},
                                         {"01:02:3", "second value is outside expected range of 0-59"},
                                         {"01:60", "minute value is outside expected range of 0-59"},
                                         {"01:02:60", "second value is outside expected range of 0-59"},
                                         {"01:02:", "second value is outside expected range of 0-59"},
                                         {"01:02:03x", "unexpected extra characters at the end of the input"},
                                         {"P106751992D", "duration is too large"},
                                         {"P99999999999999999999D", "invalid digit in duration"},
                                         {"2562047789:00:00", "duration is too large"}}) {
    const auto parsed = parse_duration(c.text);
    ASSERT_FALSE(parsed.has_value()) << c.text;
    EXPECT_EQ(parsed.error(), c.reason) << c.text;
  }
}

TEST(DurationText, is_written_so_that_it_is_read_again_as_it_was) {
  for (const microseconds duration :
       {microseconds(0), microseconds(1), microseconds(-1), microseconds(1s), microseconds(90s), microseconds(24h),
        microseconds(400 * 24h + 1us), microseconds(-26h - 30min), microseconds::max(), -microseconds::max()}) {
    const auto again = parse_duration(written(duration));
    ASSERT_TRUE(again.has_value()) << written(duration);
    EXPECT_EQ(*again, duration) << written(duration);
  }
  EXPECT_EQ(written(26h + 3min + 4500ms), "P1DT2H3M4.5S");
  EXPECT_EQ(written(0s), "PT0S");
  EXPECT_EQ(written(-1min), "-PT1M");
  EXPECT_EQ(written(microseconds::min()), "-P106751991DT4H54.775808S");
}

TEST(DurationText, of_seconds_is_to_the_microsecond_and_no_larger_than_it_holds) {
  EXPECT_EQ(duration_of_seconds(1.5).value(), 1500ms);
  EXPECT_EQ(duration_of_seconds(-0.0000014).value(), -1us);
  EXPECT_EQ(duration_of_seconds(1e13).error(), "duration is too large");
  EXPECT_EQ(duration_of_seconds(std::numeric_limits<double>::quiet_NaN()).error(), "NaN values not permitted");
}

}  // namespace
}  // namespace bailey
