#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <bailey/base/uuid.hpp>
#include <bailey/model/decode.hpp>

namespace bailey {
namespace {

enum class Order { ascending, descending };

template <class T>
std::string type_of_error(std::string_view text, const Constraints& constraints = {}) {
  const auto result = decode_text<T>(text, {"query", "x"}, constraints);
  return result ? "" : result.error().entries.at(0).type;
}

TEST(DecodeText, reads_integers_leniently) {
  for (const char* text : {"7", "+7", " 7 ", "007", "7.0", "7.00", "\t7\n"})
    EXPECT_EQ(decode_text<int>(text), 7) << text;
  EXPECT_EQ(decode_text<int>("1_000"), 1000);
  EXPECT_EQ(decode_text<std::int64_t>("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(decode_text<std::uint64_t>("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
}

TEST(DecodeText, refuses_what_is_no_integer) {
  for (const char* text :
       {"", " ", "x", "7x", "7.", "7.5", "--7", "+-7", "1__0", "_1", "1_", "0x10", "1e3", "7 7", ".0", "-", "٣"}) {
    EXPECT_EQ(type_of_error<int>(text), "int_parsing") << text;
  }
  EXPECT_EQ(type_of_error<std::int64_t>("9223372036854775808"), "less_than_equal");
  EXPECT_EQ(type_of_error<std::int64_t>("-9223372036854775809"), "greater_than_equal");
  EXPECT_EQ(type_of_error<std::int64_t>("99999999999999999999999"), "less_than_equal");
  EXPECT_EQ(type_of_error<std::uint64_t>("18446744073709551616"), "less_than_equal");
  EXPECT_EQ(type_of_error<std::int32_t>("2147483648"), "less_than_equal");
  EXPECT_EQ(type_of_error<std::uint8_t>("-1"), "greater_than_equal");
  EXPECT_EQ(type_of_error<std::uint64_t>("-18446744073709551615"), "greater_than_equal");
  EXPECT_EQ(type_of_error<int>(std::string(4301, '1')), "int_parsing_size");
}

TEST(DecodeText, reads_numbers_that_are_finite) {
  EXPECT_EQ(decode_text<double>(" 1.5 "), 1.5);
  EXPECT_EQ(decode_text<double>("+1e3"), 1000.0);
  EXPECT_EQ(decode_text<float>("0.5"), 0.5F);
  for (const char* text : {"nan", "inf", "-inf", "infinity", "1e999"})
    EXPECT_EQ(type_of_error<double>(text), "finite_number") << text;
  for (const char* text : {"", "x", "1.5x", "1,5", "0x1p3", "+-1"})
    EXPECT_EQ(type_of_error<double>(text), "float_parsing") << text;
}

TEST(DecodeText, reads_booleans_by_their_words) {
  for (const char* text : {"1", "true", "True", "ON", "yes", "t", "y"})
    EXPECT_EQ(decode_text<bool>(text), true) << text;
  for (const char* text : {"0", "false", "FALSE", "off", "no", "f", "n"})
    EXPECT_EQ(decode_text<bool>(text), false) << text;
  for (const char* text : {"", "2", "ja", " true", "truee"})
    EXPECT_EQ(type_of_error<bool>(text), "bool_parsing") << text;
}

TEST(DecodeText, reads_the_other_scalars) {
  EXPECT_EQ(decode_text<std::string>("any text"), "any text");
  EXPECT_EQ(decode_text<Order>("descending"), Order::descending);
  EXPECT_EQ(decode_text<Uuid>("123e4567e89b12d3a456426614174000")->to_string(), "123e4567-e89b-12d3-a456-426614174000");
  EXPECT_EQ(decode_text<std::optional<int>>("7").value(), 7);
  EXPECT_EQ(*decode_text<Maybe<int>>("7").value(), 7);
  EXPECT_TRUE(decode_text<std::chrono::sys_seconds>("2026-11-23T14:05:09Z"));
  EXPECT_TRUE(decode_text<std::chrono::sys_days>("2026-11-23"));
  EXPECT_EQ(decode_text<Secret>("hunter2")->reveal(), "hunter2");
  EXPECT_EQ(type_of_error<std::optional<int>>(""), "int_parsing");
  EXPECT_EQ(type_of_error<Uuid>("7"), "uuid_parsing");
  EXPECT_EQ(type_of_error<Order>("up"), "enum");
}

TEST(DecodeText, refuses_text_that_is_not_utf8_and_does_not_echo_it) {
  const auto result = decode_text<std::string>("a\xff");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().entries.at(0).type, "string_unicode");
  EXPECT_TRUE(result.error().entries.at(0).input.is_null());
  EXPECT_TRUE(decode_text<int>("\xff").error().entries.at(0).input.is_null());
}

TEST(DecodeText, keeps_the_rules_it_is_given) {
  constexpr Constraints page = constraints(ge(1), le(100));
  EXPECT_EQ(decode_text<int>("100", {}, page), 100);
  const auto result = decode_text<int>("101", {"query", "limit"}, page);
  std::string out;
  result.error().append_json(out);
  EXPECT_EQ(
      out,
      R"([{"type":"less_than_equal","loc":["query","limit"],"msg":"Input should be less than or equal to 100","input":"101","ctx":{"le":100}}])");
  EXPECT_EQ(type_of_error<std::string>("ab", constraints(pattern("^[0-9]+$"))), "string_pattern_mismatch");
  EXPECT_EQ(type_of_error<std::optional<std::string>>("", constraints(min_length(1))), "string_too_short");
}

}  // namespace
}  // namespace bailey
