#include <bailey/base/random.hpp>

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

namespace bailey {
namespace {

TEST(Random, fills_the_whole_span) {
  // 64 bytes that stay zero at one place in 40 draws: 2^-320.
  std::array<std::byte, 64> seen{};
  for (int draw = 0; draw < 40; ++draw) {
    std::array<std::byte, 64> bytes{};
    random_bytes(bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i) seen[i] |= bytes[i];
  }
  for (const std::byte byte : seen) EXPECT_NE(byte, std::byte{0});
  random_bytes({});
}

TEST(Random, makes_tokens_of_base64url_that_do_not_repeat) {
  std::set<std::string> tokens;
  for (int i = 0; i < 200; ++i) {
    const std::string token = random_token(32);
    EXPECT_EQ(token.size(), 43U);
    EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    tokens.insert(token);
  }
  EXPECT_EQ(tokens.size(), 200U);
}

}  // namespace
}  // namespace bailey
