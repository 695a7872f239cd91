#include <graphql/inspect.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>

namespace bailey::graphql {
namespace {

std::string inspected(std::string_view text) { return inspect(try_parse_json(text).value()); }

TEST(Inspect, shows_values_on_one_line) {
  for (const std::string_view text :
       {"null", "true", "7", "18446744073709551615", "1.5", "\"a \\\"b\\\"\\n\"", "[]", "{}", "[1, [2]]"})
    EXPECT_EQ(inspected(text), text);
  EXPECT_EQ(inspected(R"({"a":1,"b":{"c":"d"}})"), R"({ a: 1, b: { c: "d" } })");
}

TEST(Inspect, names_what_is_nested_too_deep_and_counts_what_is_left_of_a_list) {
  EXPECT_EQ(inspected(R"({"a":{"b":{"c":{"d":1}},"e":[[1]]}})"), "{ a: { b: [Object], e: [Array] } }");
  EXPECT_EQ(inspected("[1,2,3,4,5,6,7,8,9,10,11]"), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ... 1 more item]");
  EXPECT_EQ(inspected("[1,2,3,4,5,6,7,8,9,10,11,12]"), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ... 2 more items]");
}

TEST(Inspect, ends_in_an_ellipsis_where_it_is_too_long_and_never_within_a_character) {
  EXPECT_EQ(inspect(json::value(std::string(300, 'x'))), '"' + std::string(longest_shown - 1, 'x') + "…");
  EXPECT_EQ(inspect(json::value("ääää"), 4), "\"ä…");
  EXPECT_EQ(inspect(json::value("abc"), 5), "\"abc\"");
  json::object wide;
  for (int i = 0; i < 100'000; ++i) wide.emplace("k" + std::to_string(i), i);
  EXPECT_EQ(inspect(wide).size(), longest_shown + std::string_view("…").size());
}

TEST(PrintNumber, writes_numbers_as_javascript_does) {
  struct Row {
    double number;
    std::string_view text;
  };
  const Row rows[] = {
      {0, "0"},
      {-0.0, "0"},
      {7, "7"},
      {-1.5, "-1.5"},
      {100, "100"},
      {0.1, "0.1"},
      {123.456, "123.456"},
      {1e20, "100000000000000000000"},
      {123456789012345680000.0, "123456789012345680000"},
      {1e21, "1e+21"},
      {1.5e300, "1.5e+300"},
      {0.000001, "0.000001"},
      {1e-7, "1e-7"},
      {-1.25e-9, "-1.25e-9"},
      {std::numeric_limits<double>::infinity(), "Infinity"},
  };
  for (const Row& row : rows) EXPECT_EQ(print_number(row.number), row.text);
}

}  // namespace
}  // namespace bailey::graphql
