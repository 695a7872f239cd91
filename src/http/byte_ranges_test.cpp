#include "http/byte_ranges.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

namespace bailey::http {
namespace {

using Ranges = std::vector<ByteRange>;

TEST(ByteRanges, are_those_asked_for_as_far_as_they_are_there) {
  struct Case {
    std::string_view field;
    Ranges ranges;
  };
  for (const Case& each : std::vector<Case>{
           {"bytes=0-0", {{0, 1}}},
           {"bytes=0-9", {{0, 10}}},
           {"bytes=3-5", {{3, 3}}},
           {"bytes=9-9", {{9, 1}}},
           {"bytes=3-", {{3, 7}}},
           {"bytes=-3", {{7, 3}}},
           {"bytes=-10", {{0, 10}}},
           {"bytes=-100", {{0, 10}}},
           {"bytes=3-100", {{3, 7}}},
           {"bytes=3-99999999999999999999999999", {{3, 7}}},
           {"bytes=-99999999999999999999999999", {{0, 10}}},
           {"BYTES=0-1", {{0, 2}}},
           {"bytes= 0-1 ,\t4-5", {{0, 2}, {4, 2}}},
           {"bytes=,,0-1,,", {{0, 2}}},
           {"bytes=8-9,0-1", {{8, 2}, {0, 2}}},
           {"bytes=0-1,50-60", {{0, 2}}},
           {"bytes=50-60,0-1,-0", {{0, 2}}},
           {"bytes=5-7,0-2,6-9", {{0, 3}, {5, 5}}},
           {"bytes=0-4,5-9", {{0, 10}}},
           {"bytes=0-,0-,0-", {{0, 10}}},
           {"bytes=007-0008", {{7, 2}}},
       }) {
    const auto ranges = parse_byte_ranges(each.field, 10);
    ASSERT_TRUE(ranges) << each.field;
    EXPECT_EQ(*ranges, each.ranges) << each.field;
  }
}

TEST(ByteRanges, that_are_not_there_leave_none) {
  for (const std::string_view field :
       {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99-,10-10", "bytes=99999999999999999999999-"})
    EXPECT_EQ(parse_byte_ranges(field, 10), Ranges{}) << field;
  EXPECT_EQ(parse_byte_ranges("bytes=0-", 0), Ranges{});
  EXPECT_EQ(parse_byte_ranges("bytes=-1", 0), Ranges{});
}

TEST(ByteRanges, that_are_malformed_are_ignored_with_all_beside_them) {
  for (const std::string_view field : {"",           "bytes",         "bytes=",      "bytes=,",
                                       "bytes= ",    "items=0-1",     "bytes =0-1",  "bytes=-",
                                       "bytes=1",    "bytes=a-b",     "bytes=0-b",   "bytes=5-4",
                                       "bytes=+1-2", "bytes=--1",     "bytes=1-2-3", "bytes=0x1-2",
                                       "bytes=1 -2", "bytes=0-1;2-3", "bytes=0-1,x", "bytes=0-1,3-2",
                                       "0-1",        "=0-1"})
    EXPECT_EQ(parse_byte_ranges(field, 10), std::nullopt) << field;
}

TEST(ByteRanges, are_sixteen_at_most_whether_they_overlap_or_not) {
  std::string field = "bytes=0-0";
  for (int i = 1; i < 16; ++i) field += "," + std::to_string(2 * i) + "-" + std::to_string(2 * i);
  ASSERT_TRUE(parse_byte_ranges(field, 1000));
  EXPECT_EQ(parse_byte_ranges(field, 1000)->size(), 16U);
  EXPECT_EQ(parse_byte_ranges(field + ",0-0", 1000), std::nullopt);
  EXPECT_EQ(parse_byte_ranges(field + ",5000-", 1000), std::nullopt);
  std::string many = "bytes=0-";
  for (int i = 0; i < 10'000; ++i) many += ",0-";
  EXPECT_EQ(parse_byte_ranges(many, 1000), std::nullopt);
}

// What the field says by the byte, as slowly and plainly as can be.
std::set<std::uint64_t> bytes_of(const std::vector<std::pair<int, int>>& asked, std::uint64_t size) {
  std::set<std::uint64_t> bytes;
  for (const auto& [first, last] : asked)
    for (std::uint64_t at = 0; at < size; ++at) {
      const bool is_suffix = first < 0;
      const std::uint64_t from = is_suffix ? size - std::min<std::uint64_t>(static_cast<unsigned>(last), size)
                                           : static_cast<std::uint64_t>(first);
      if (at >= from && (is_suffix || last < 0 || at <= static_cast<std::uint64_t>(last))) bytes.insert(at);
    }
  return bytes;
}

TEST(ByteRanges, hold_just_the_bytes_asked_for_and_none_of_them_twice) {
  std::mt19937 random(7);  // NOLINT(bugprone-random-generator-seed): the same each time
  const auto up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  for (int round = 0; round < 5000; ++round) {
    const auto size = static_cast<std::uint64_t>(up_to(30));
    std::vector<std::pair<int, int>> asked;
    std::string field = "bytes=";
    for (int count = 1 + up_to(5); count > 0; --count) {
      const int first = up_to(35) - 3;
      const int last = first < 0 ? up_to(35) : up_to(3) == 0 ? -1 : first + up_to(12);
      asked.emplace_back(first, last);
      field += (first < 0 ? "" : std::to_string(first)) + "-" + (last < 0 ? "" : std::to_string(last)) + ",";
    }
    const auto ranges = parse_byte_ranges(field, size);
    ASSERT_TRUE(ranges) << field;
    std::set<std::uint64_t> got;
    std::uint64_t sum = 0;
    for (const ByteRange& range : *ranges) {
      ASSERT_GT(range.length, 0U) << field;
      sum += range.length;
      for (std::uint64_t at = 0; at < range.length; ++at) got.insert(range.first + at);
    }
    EXPECT_EQ(got, bytes_of(asked, size)) << field << " of " << size;
    EXPECT_EQ(got.size(), sum) << field << " of " << size;
  }
}

TEST(ByteRanges, cut_off_anywhere_are_read_or_ignored) {
  const std::string_view field = "bytes=0-1, 3-4 ,-2,18446744073709551615-18446744073709551616";
  for (std::size_t length = 0; length <= field.size(); ++length) {
    const std::string cut(field.substr(0, length));
    if (const auto ranges = parse_byte_ranges(cut, 10)) {
      EXPECT_LE(ranges->size(), 3U) << cut;
    }
  }
}

}  // namespace
}  // namespace bailey::http
