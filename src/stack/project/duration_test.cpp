#include "stack/project/duration.hpp"

#include <gtest/gtest.h>

namespace bailey::stack {
namespace {

TEST(Duration, is_read_as_go_writes_it) {
  const std::vector<std::pair<std::string_view, std::optional<int>>> cases{
      {"none", {}},         {"0", 0},      {"24h", 86400}, {"1h30m", 5400}, {"100m", 6000},
      {"1.5h", 5400},       {"300ms", 0},  {"1h1s", 3601}, {"", {}},        {"h", {}},
      {"24", {}},           {"-1h", {}},   {"1x", {}},     {"1h ", {}},     {".h", {}},
      {"99999999999h", {}}, {"1hnone", {}}};
  for (const auto& [text, seconds] : cases) {
    const auto parsed = parse_duration(text);
    EXPECT_EQ(parsed.has_value(), seconds.has_value()) << text;
    if (parsed && seconds) {
      EXPECT_EQ(parsed->count(), *seconds) << text;
    }
  }
}

}  // namespace
}  // namespace bailey::stack
