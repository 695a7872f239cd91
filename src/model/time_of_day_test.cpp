#include <bailey/model/time_of_day.hpp>

#include <bailey/model/decode.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/schema.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace bailey {
namespace {

using namespace std::chrono_literals;

struct Shop {
  TimeOfDay opens;
};

// The first fault of a shop that opens then, as type and reason.
std::string fault(std::string_view opens) {
  const auto decoded = decode_json<Shop>(R"({"opens":)" + std::string(opens) + "}", {}, {}, Conversion::lenient);
  if (decoded) return "";
  const ValidationError& error = decoded.error().entries.at(0);
  std::string text(error.type);
  if (const json::value* reason = error.ctx.if_contains("error")) text += ": " + std::string(reason->as_string());
  return text;
}

TEST(TimesOfDay, are_read_and_written_as_clocks_show_them) {
  const auto shown = [](std::string_view text) { return TimeOfDay::parse(text).value().to_text(); };
  EXPECT_EQ(shown("09:30"), "09:30:00");
  EXPECT_EQ(shown("23:59:59.999999999"), "23:59:59.999999999");
  EXPECT_EQ(shown("00:00:00,5"), "00:00:00.500");
  const Shop shop = decode_json<Shop>(R"({"opens":"09:30:15"})").value();
  EXPECT_EQ(shop.opens, TimeOfDay(9h + 30min + 15s));
  EXPECT_LT(shop.opens, TimeOfDay(10h));
  EXPECT_EQ(encode(shop), R"({"opens":"09:30:15"})");
  EXPECT_EQ(schema<Shop>().at("$defs").at("Shop").at("properties").at("opens").at("format"), "time");
}

TEST(TimesOfDay, are_refused_as_pydantic_refuses_them) {
  EXPECT_EQ(fault("\"24:00\""), "time_parsing: hour value is outside expected range of 0-23");
  EXPECT_EQ(fault("\"12:60\""), "time_parsing: minute value is outside expected range of 0-59");
  EXPECT_EQ(fault("\"12:30:60\""), "time_parsing: second value is outside expected range of 0-59");
  EXPECT_EQ(fault("\"1:30\""), "time_parsing: input is too short");
  EXPECT_EQ(fault("\"T12:30\""), "time_parsing: invalid character in hour");
  EXPECT_EQ(fault("\"123000\""), "time_parsing: invalid time separator, expected `:`");
  EXPECT_EQ(fault("\"12:30:01.\""), "time_parsing: second fraction digits missing after `.`");
  EXPECT_EQ(fault("true"), "time_type");
  EXPECT_EQ(fault("null"), "time_type");
  EXPECT_EQ(fault("3600"), "time_type") << "a number says neither hours nor seconds";
  EXPECT_EQ(fault("\"12:30Z\""), "time_parsing: unexpected extra characters at the end of the input");
}

TEST(TimesOfDay, are_less_than_a_day) {
  EXPECT_THROW(static_cast<void>(TimeOfDay(24h)), std::out_of_range);
  EXPECT_THROW(static_cast<void>(TimeOfDay(-1ns)), std::out_of_range);
}

}  // namespace
}  // namespace bailey
