#include "stack/auth/one_time_token.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

namespace bailey::stack::auth {
namespace {

TEST(Code, has_as_many_digits_as_are_asked_for) {
  for (const unsigned digits : {1U, 6U, 10U, 18U}) {
    for (int i = 0; i < 200; ++i) {
      const std::string code = new_code(digits);
      EXPECT_EQ(code.size(), digits);
      EXPECT_TRUE(std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; })) << code;
    }
  }
  EXPECT_THROW(static_cast<void>(new_code(0)), Error);
  EXPECT_THROW(static_cast<void>(new_code(19)), Error);
}

// Chi-squared with 9 degrees of freedom at each place: over 60 one time in a billion.
TEST(Code, has_each_digit_equally_often_at_each_place) {
  constexpr int drawn = 20'000;
  std::array<std::array<int, 10>, 6> counts{};
  std::set<std::string> codes;
  for (int i = 0; i < drawn; ++i) {
    const std::string code = new_code(6);
    codes.insert(code);
    for (std::size_t place = 0; place < 6; ++place) ++counts[place][static_cast<std::size_t>(code[place] - '0')];
  }
  for (const auto& place : counts) {
    double squared = 0;
    for (const int count : place) squared += (count - drawn / 10.0) * (count - drawn / 10.0) / (drawn / 10.0);
    EXPECT_LT(squared, 60);
  }
  EXPECT_GT(codes.size(), 19'000U);
}

// As `printf %s user@example.com123456 | openssl sha224` has it.
TEST(Token, is_the_hash_of_address_and_code) {
  EXPECT_EQ(token_of("user@example.com", "123456"), "b507a4ef007e1379d644aa6fe395cf98f1054ac96b63a052dca9a26a");
  EXPECT_EQ(token_of("4915123456789", "000000"), "40d7ca2078a0190d38cecfeb3f1f968da0899ae73a359bff549a5552");
}

}  // namespace
}  // namespace bailey::stack::auth
