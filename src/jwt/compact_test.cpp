#include "jwt/compact.hpp"

#include <bailey/base/base64url.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace bailey::jwt::detail {
namespace {

std::optional<std::string> decode(std::string_view text) {
  std::array<char, 64> buffer;
  const auto size = decode_base64url(text, buffer);
  return size ? std::optional(std::string(buffer.data(), *size)) : std::nullopt;
}

TEST(Compact, decodes_as_the_base_module_does_for_all_short_texts) {
  const std::string_view alphabet = "Aw9-_+/=. \n";
  std::vector<std::string> texts{""};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(decode(texts[i]), base64url_decode(texts[i])) << texts[i];
    if (texts[i].size() == 4) continue;
    for (const char c : alphabet) texts.push_back(texts[i] + c);
  }
  EXPECT_GT(texts.size(), 10000u);
}

TEST(Compact, refuses_to_write_past_the_buffer) {
  std::array<char, 3> buffer;
  EXPECT_EQ(decode_base64url("AAAA", buffer), 3u);
  EXPECT_EQ(decode_base64url("AAAAAA", buffer), std::nullopt);
}

TEST(Compact, takes_exactly_three_parts_that_are_not_empty) {
  const auto parts = split_compact("aa.bb.cc", 100);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->header, "aa");
  EXPECT_EQ(parts->payload, "bb");
  EXPECT_EQ(parts->signature, "cc");
  EXPECT_EQ(parts->signed_part, "aa.bb");
  for (const std::string_view token :
       {"", ".", "..", "aa", "aa.bb", "aa.bb.", ".bb.cc", "aa..cc", "aa.bb.cc.", "aa.bb.cc.dd"}) {
    EXPECT_EQ(split_compact(token, 100).error(), Rejection::malformed) << token;
  }
  EXPECT_EQ(split_compact("aa.bb.cc", 7).error(), Rejection::too_large);
}

}  // namespace
}  // namespace bailey::jwt::detail
