#include <bailey/model/decimal.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/schema.hpp>

namespace bailey {
namespace {

struct Price {
  Decimal amount;
  std::vector<Decimal> parts;
};

std::string text_of(std::string_view text) {
  const auto made = Decimal::parse(text);
  return made ? made->to_text() : "refused";
}

TEST(Decimals, are_what_was_written) {
  struct Case {
    std::string_view text;
    std::string_view expected;
  };
  for (const Case& each : {Case{"1.10", "1.10"},
                           {" +1_000.5 ", "1000.5"},
                           {"-0", "-0"},
                           {"007", "7"},
                           {".5", "0.5"},
                           {"5.", "5"},
                           {"1e3", "1E+3"},
                           {"1.50E2", "150"},
                           {"-1.5e-3", "-0.0015"},
                           {"0.0000001", "1E-7"},
                           {"0.000001", "0.000001"},
                           {"0e5", "0E+5"},
                           {"123456789012345678901234567890.12", "123456789012345678901234567890.12"},
                           {"1e+5", "1E+5"},
                           {"0.00", "0.00"}})
    EXPECT_EQ(text_of(each.text), each.expected) << each.text;
}

TEST(Decimals, are_refused_where_they_are_no_number_or_too_long) {
  for (const std::string& text : std::vector<std::string>{"",
                                                          " ",
                                                          ".",
                                                          "-",
                                                          "e5",
                                                          "1e",
                                                          "1e+",
                                                          "1e+-5",
                                                          "1__0",
                                                          "_1",
                                                          "1_",
                                                          "1,5",
                                                          "0x1f",
                                                          "nan",
                                                          "inf",
                                                          "1 2",
                                                          "--1",
                                                          "1.2.3",
                                                          std::string(101, '9'),
                                                          "1e10001",
                                                          "1e99999999999"})
    EXPECT_EQ(text_of(text), "refused") << text;
}

TEST(Decimals, are_ordered_by_value) {
  const auto of = [](std::string_view text) { return Decimal::parse(text).value(); };
  const std::vector<std::string_view> rising{"-1e5", "-10.5", "-10",  "-0.1", "0",   "1e-9",
                                             "0.1",  "0.11",  "9.99", "10",   "1e2", "100.01"};
  for (std::size_t a = 0; a < rising.size(); ++a)
    for (std::size_t b = 0; b < rising.size(); ++b)
      EXPECT_EQ(of(rising[a]) <=> of(rising[b]), a <=> b) << rising[a] << " " << rising[b];
  EXPECT_EQ(of("1.10"), of("1.1"));
  EXPECT_EQ(of("1e2"), Decimal(100));
  EXPECT_EQ(of("-0"), of("0.00"));
  EXPECT_EQ(Decimal(-7).to_text(), "-7");
  EXPECT_DOUBLE_EQ(of("-12.5").to_double(), -12.5);
}

TEST(Decimals, are_read_from_texts_and_numbers_and_written_as_texts) {
  const auto price = decode_json<Price>(R"({"amount":"19.90","parts":[7,1.5,"2.50"]})");
  ASSERT_TRUE(price);
  EXPECT_EQ(encode(*price), R"({"amount":"19.90","parts":["7","1.5","2.50"]})");
  const auto refused = decode_json<Price>(R"({"amount":"x","parts":[true,{}]})", {"body"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(
      to_json_text(refused.error().to_json()),
      R"([{"type":"decimal_parsing","loc":["body","amount"],"msg":"Input should be a valid decimal","input":"x"},)"
      R"({"type":"decimal_type","loc":["body","parts",0],"msg":"Decimal input should be an integer, float, string or Decimal object","input":true},)"
      R"({"type":"decimal_type","loc":["body","parts",1],"msg":"Decimal input should be an integer, float, string or Decimal object","input":{}}])");
  EXPECT_EQ(decode_text<Decimal>("1.50").value().to_text(), "1.50");
}

}  // namespace
}  // namespace bailey
