// Rules on Decimals, durations, days and times: types, contexts and sentences are pydantic's.
#include <bailey/model/decode.hpp>
#include <bailey/model/model.hpp>
#include <bailey/model/schema.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey {
namespace {

using namespace std::chrono_literals;
using std::chrono::year;

struct Offer {
  Decimal price;
  std::vector<Decimal> parts;
  std::optional<Decimal> share;

  static constexpr auto rules() {
    return fields(field<&Offer::price>(gt(0), le(100.5), max_digits(5), decimal_places(2)),
                  field<&Offer::parts>(defaulted, multiple_of(0.05)), field<&Offer::share>(ge(0.1), max_digits(3)));
  }
};
struct Stay {
  std::chrono::minutes length;
  std::chrono::sys_days from;
  std::chrono::sys_time<std::chrono::milliseconds> booked_at;

  static constexpr auto rules() {
    return fields(field<&Stay::length>(defaulted, ge(90min), lt(48h + 1s)),
                  field<&Stay::from>(defaulted, ge(year(2020) / 1 / 1), lt(std::chrono::sys_days(year(2021) / 1 / 1))),
                  field<&Stay::booked_at>(defaulted, gt(std::chrono::sys_days(year(2020) / 1 / 1) + 0s),
                                          le(std::chrono::sys_days(year(2030) / 6 / 1) + 12h + 250ms)));
  }
};

// "type context message" of the first error, or nothing.
template <class T>
std::string fault(std::string_view text) {
  const auto decoded = decode_json<T>(text, {}, {}, Conversion::lenient);
  if (decoded) return "";
  const ValidationError& error = decoded.error().entries.front();
  return std::string(error.type) + " " + to_json_text(error.ctx) + " " + error.msg;
}
std::string price_fault(std::string_view price) { return fault<Offer>(R"({"price":")" + std::string(price) + R"("})"); }

TEST(Bounds, hold_for_decimals_exactly) {
  EXPECT_EQ(price_fault("0.01"), "");
  EXPECT_EQ(price_fault("100.50"), "");
  EXPECT_EQ(fault<Offer>(R"({"price":100.5})"), "");
  EXPECT_EQ(price_fault("0"), R"(greater_than {"gt":0} Input should be greater than 0)");
  EXPECT_EQ(price_fault("-0.00"), R"(greater_than {"gt":0} Input should be greater than 0)");
  EXPECT_EQ(price_fault("100.51"), R"(less_than_equal {"le":100.5} Input should be less than or equal to 100.5)");
  EXPECT_EQ(fault<Offer>(R"({"price":1,"share":"0.1"})"), "");  // which no double is
  EXPECT_EQ(fault<Offer>(R"({"price":1,"share":"0.09"})"),
            R"(greater_than_equal {"ge":0.1} Input should be greater than or equal to 0.1)");
  EXPECT_EQ(fault<Offer>(R"({"price":1,"parts":["0.10","7","1e3",0]})"), "");
  EXPECT_EQ(fault<Offer>(R"({"price":1,"parts":["0.10","0.12"]})"),
            R"(multiple_of {"multiple_of":0.05} Input should be a multiple of 0.05)");
}

TEST(Bounds, of_digits_count_them_as_python_does) {
  EXPECT_EQ(price_fault("12.300"), "");
  EXPECT_EQ(price_fault("00012.3"), "");
  EXPECT_EQ(price_fault("1.234"),
            R"(decimal_max_places {"decimal_places":2} Decimal input should have no more than 2 decimal places)");
  EXPECT_EQ(price_fault("1234.56"),
            R"(decimal_max_digits {"max_digits":5} Decimal input should have no more than 5 digits in total)");
  EXPECT_EQ(
      price_fault("1234.5"),
      R"(decimal_whole_digits {"whole_digits":3} Decimal input should have no more than 3 digits before the decimal point)");
  EXPECT_EQ(
      price_fault("1e3"),
      R"(decimal_whole_digits {"whole_digits":3} Decimal input should have no more than 3 digits before the decimal point)");
  EXPECT_EQ(fault<Offer>(R"({"price":1,"share":"1e2"})"), "");
  EXPECT_EQ(fault<Offer>(R"({"price":1,"share":"0e7"})").substr(0, 18), "greater_than_equal");
  EXPECT_EQ(fault<Offer>(R"({"price":1,"share":"1e3"})").substr(0, 18), "decimal_max_digits");
  EXPECT_EQ(fault<Offer>(R"({"price":1,"share":"0.1234"})").substr(0, 18), "decimal_max_digits");
}

TEST(Bounds, hold_for_durations_days_and_times) {
  EXPECT_EQ(fault<Stay>(R"({"length":"PT90M","from":"2020-01-01","booked_at":"2030-06-01T12:00:00.250Z"})"), "");
  EXPECT_EQ(
      fault<Stay>(R"({"length":"PT89M"})"),
      R"(greater_than_equal {"ge":"1 hour and 30 minutes"} Input should be greater than or equal to 1 hour and 30 minutes)");
  EXPECT_EQ(fault<Stay>(R"({"length":172801})"),
            R"(less_than {"lt":"2 days and 1 second"} Input should be less than 2 days and 1 second)");
  EXPECT_EQ(fault<Stay>(R"({"from":"2019-12-31"})"),
            R"(greater_than_equal {"ge":"2020-01-01"} Input should be greater than or equal to 2020-01-01)");
  EXPECT_EQ(fault<Stay>(R"({"from":"2021-01-01"})"),
            R"(less_than {"lt":"2021-01-01"} Input should be less than 2021-01-01)");
  EXPECT_EQ(fault<Stay>(R"({"booked_at":"2020-01-01T01:00:00+01:00"})"),
            R"(greater_than {"gt":"2020-01-01T00:00:00Z"} Input should be greater than 2020-01-01T00:00:00Z)");
  EXPECT_EQ(
      fault<Stay>(R"({"booked_at":"2030-06-01T12:00:00.251Z"})"),
      R"(less_than_equal {"le":"2030-06-01T12:00:00.250000Z"} Input should be less than or equal to 2030-06-01T12:00:00.250000Z)");
}

TEST(Bounds, on_what_is_a_text_in_json_are_not_said_in_a_schema_of_texts) {
  const std::string text = to_json_text(schema<Offer>()) + to_json_text(schema<Stay>());
  EXPECT_FALSE(text.contains("inimum") || text.contains("aximum") || text.contains("multipleOf")) << text;
}

TEST(Decimals, are_multiples_exactly) {
  const auto is_one = [](std::string_view number, std::string_view of) {
    return is_multiple_of(Decimal::parse(number).value(), Decimal::parse(of).value());
  };
  EXPECT_TRUE(is_one("0.3", "0.1"));
  EXPECT_TRUE(is_one("-0.30", "0.15"));
  EXPECT_TRUE(is_one("1e10000", "3e-5") == false);
  EXPECT_TRUE(is_one("3e10000", "3e-5"));
  EXPECT_TRUE(is_one("0", "7"));
  EXPECT_TRUE(is_one(std::string(100, '9'), "999999999999999999") == false);
  EXPECT_TRUE(is_one(std::string(90, '9'), "999999999999999999"));
  EXPECT_FALSE(is_one("0.31", "0.1"));
  EXPECT_FALSE(is_one("70", "2e2"));
  EXPECT_TRUE(is_one("400", "2e2"));
  EXPECT_FALSE(is_one("1", "0"));
}

}  // namespace
}  // namespace bailey
