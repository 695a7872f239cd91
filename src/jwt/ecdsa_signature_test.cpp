#include "jwt/ecdsa_signature.hpp"

#include <gtest/gtest.h>

namespace bailey::jwt::detail {
namespace {

std::string raw(std::string_view r_end, std::string_view s_end) {
  const auto padded = [](std::string_view end) { return std::string(32 - end.size(), '\0') + std::string(end); };
  return padded(r_end) + padded(s_end);
}

TEST(EcdsaSignature, survives_the_way_to_der_and_back) {
  const std::string all_ones(32, '\xff');
  for (const std::string& signature : {raw("\x01", "\x7f"), raw("\x80", "\x01"), raw(all_ones, all_ones),
                                       raw(std::string("\x01\0\0", 3), "\xff\xff")}) {
    const auto der = der_from_raw(signature);
    ASSERT_TRUE(der);
    EXPECT_EQ(raw_from_der({reinterpret_cast<const char*>(der->bytes.data()), der->size}), signature);
  }
}

TEST(EcdsaSignature, refuses_zero_and_every_other_length) {
  EXPECT_FALSE(der_from_raw(raw("", "\x01")));
  EXPECT_FALSE(der_from_raw(raw("\x01", "")));
  for (std::size_t size = 0; size < 150; ++size) {
    EXPECT_EQ(der_from_raw(std::string(size, '\x01')).has_value(), size == 64) << size;
  }
}

}  // namespace
}  // namespace bailey::jwt::detail
