#include <bailey/base/base64url.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bailey {
namespace {

struct Case {
  std::string bytes;
  std::string url_safe;
  std::string standard;
};

const std::vector<Case> cases = {
    {"", "", ""},
    {"f", "Zg", "Zg=="},
    {"fo", "Zm8", "Zm8="},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg", "Zm9vYg=="},
    {"\xFB\xFF\xFE", "-__-", "+//+"},
};

TEST(Base64, encodes_the_vectors_of_rfc_4648) {
  for (const Case& c : cases) {
    EXPECT_EQ(base64url_encode(c.bytes), c.url_safe);
    EXPECT_EQ(base64_encode(c.bytes), c.standard);
  }
}

TEST(Base64, decodes_what_it_encodes) {
  for (const Case& c : cases) {
    EXPECT_EQ(base64url_decode(c.url_safe), c.bytes);
    EXPECT_EQ(base64_decode(c.standard), c.bytes);
  }
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    bytes.push_back(static_cast<char>(i * 7));
    EXPECT_EQ(base64url_decode(base64url_encode(bytes)), bytes);
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
  }
}

TEST(Base64, refuses_every_text_that_is_not_canonical) {
  for (const char* text : {"Zg==", "Zg=", "Z", "Zh", "Zm9", "Zm9v ", " Zm9v", "Zm+v", "Zm/v", "Zm\n9v", "Zm9vY"}) {
    EXPECT_FALSE(base64url_decode(text)) << text;
  }
  for (const char* text : {"Zg", "Zg=", "Zh==", "Zm9=", "Zm-v", "Zg==Zg==", "====", "Z===", "Zm9v\n"}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
}

TEST(Base64, has_one_text_for_each_byte_sequence) {
  // Of all texts of two characters exactly 256 decode: one a byte.
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/.";
  int decoded = 0;
  for (const char a : alphabet) {
    for (const char b : alphabet) decoded += base64url_decode(std::string{a, b}) ? 1 : 0;
  }
  EXPECT_EQ(decoded, 256);
}

}  // namespace
}  // namespace bailey
