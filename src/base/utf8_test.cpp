#include <bailey/base/utf8.hpp>

#include <gtest/gtest.h>

#include <array>

namespace bailey::detail {
namespace {

TEST(Utf8, is_well_formed_exactly_where_unicode_says) {
  for (const char* good :
       {"", "a", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* bad :
       {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xf8\x88\x80\x80\x80", "\xff", "\xc2", "\xe1\x80", "\xf1\x80\x80", "a\xc2z"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
  EXPECT_EQ(count_code_points("aé🦊"), 3U);
}

TEST(Utf8, is_made_of_any_bytes_by_replacing_what_is_not) {
  EXPECT_EQ(to_utf8("aé🦊"), "aé🦊");
  EXPECT_EQ(to_utf8("caf\xe9"), "caf\xef\xbf\xbd");
  EXPECT_EQ(to_utf8("\xc3\"\xff"), "\xef\xbf\xbd\"\xef\xbf\xbd");
}

TEST(Utf8, is_cut_between_two_characters) {
  const std::string_view text = "aé🦊";  // 1 + 2 + 4 bytes
  constexpr std::array<std::size_t, 9> kept{0, 1, 1, 3, 3, 3, 3, 7, 7};
  for (std::size_t limit = 0; limit < kept.size(); ++limit) EXPECT_EQ(utf8_prefix(text, limit).size(), kept[limit]);
}

}  // namespace
}  // namespace bailey::detail
