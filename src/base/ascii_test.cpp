#include <bailey/base/ascii.hpp>

#include <gtest/gtest.h>

namespace bailey::ascii {
namespace {

TEST(Ascii, has_letters_in_two_cases_and_leaves_all_other_bytes_alone) {
  EXPECT_EQ(to_lower("AZ az @[`{ \xC3\x84"), "az az @[`{ \xC3\x84");
  EXPECT_TRUE(equal_ignoring_case("Content-Type", "cOnTeNt-tYpE"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
  EXPECT_FALSE(equal_ignoring_case("\xC3\x84", "\xC3\xA4"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
}

TEST(Ascii, knows_hexadecimal_digits_and_nothing_beside_them) {
  int digits = 0;
  for (int byte = 0; byte < 256; ++byte) digits += hex_value(static_cast<char>(byte)) >= 0 ? 1 : 0;
  EXPECT_EQ(digits, 22);
  EXPECT_EQ(hex_value('0'), 0);
  EXPECT_EQ(hex_value('9'), 9);
  EXPECT_EQ(hex_value('a'), 10);
  EXPECT_EQ(hex_value('F'), 15);
}

TEST(Ascii, trims_blanks_and_tabs_but_no_line_ends) {
  EXPECT_EQ(trim(" \t a b \t"), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim("\r\na\n"), "\r\na\n");
}

}  // namespace
}  // namespace bailey::ascii
