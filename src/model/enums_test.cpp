#include <bailey/model/enums.hpp>

#include <gtest/gtest.h>

#include <cstdint>

namespace bailey {
namespace {

enum class Status { draft, published, delete_, archived = 40 };
enum class Small : std::uint8_t { only = 127 };
enum Plain : int { plain_one = 1, plain_two };
enum class Aliased { a = 3, b = 3 };

TEST(Enums, are_named_in_the_order_of_values) {
  EXPECT_TRUE(std::ranges::equal(enum_names<Status>, std::array{"draft", "published", "delete", "archived"}));
  EXPECT_EQ(enum_names<Small>.size(), 1U);
  EXPECT_EQ(enum_names<Plain>[0], "plain_one");
  EXPECT_EQ(enum_names<Aliased>.size(), 1U);
}

TEST(Enums, translate_both_ways) {
  EXPECT_EQ(enum_name(Status::archived), "archived");
  EXPECT_EQ(enum_name(Small::only), "only");
  EXPECT_EQ(parse_enum<Status>("delete"), Status::delete_);
  EXPECT_EQ(parse_enum<Plain>("plain_two"), plain_two);
}

TEST(Enums, have_no_name_for_other_values) {
  EXPECT_EQ(enum_name(static_cast<Status>(7)), "");
  EXPECT_EQ(enum_name(static_cast<Status>(-1)), "");
  EXPECT_EQ(enum_name(static_cast<Status>(100000)), "");
  for (const char* text : {"", "Draft", "delete_", "draft ", "7"}) EXPECT_FALSE(parse_enum<Status>(text)) << text;
}

}  // namespace
}  // namespace bailey
