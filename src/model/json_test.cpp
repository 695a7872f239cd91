#include <bailey/model/json.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace bailey {
namespace {

std::string again(std::string_view text) {
  const auto value = try_parse_json(text);
  return value ? to_json_text(*value) : "error: " + value.error().reason;
}

TEST(ParseJson, takes_what_rfc_8259_allows) {
  for (const char* text : {"null", "true", "[]", "{}", "[1,-2,3.5,\"x\"]", "{\"a\":{\"b\":[null]}}", "\"\\u0000\"",
                           "-0", "18446744073709551615", "-9223372036854775808", "1e300"}) {
    EXPECT_TRUE(try_parse_json(text)) << text;
  }
  EXPECT_EQ(again(" { \"a\" : [ 1 , 2 ] } \n"), "{\"a\":[1,2]}");
  EXPECT_EQ(again("\"\\u00e9\\ud83e\\udd8a\""), "\"é🦊\"");
}

TEST(ParseJson, refuses_everything_else) {
  for (const std::string& text : {std::string(),
                                  std::string(" "),
                                  std::string("{"),
                                  std::string("[1,]"),
                                  std::string("{\"a\":1,}"),
                                  std::string("NaN"),
                                  std::string("Infinity"),
                                  std::string("-Infinity"),
                                  std::string("[1] 2"),
                                  std::string("// x\n1"),
                                  std::string("01"),
                                  std::string("1."),
                                  std::string("+1"),
                                  std::string(".5"),
                                  std::string("'a'"),
                                  std::string("{a:1}"),
                                  std::string("\"\t\""),
                                  std::string("\"\\x\""),
                                  std::string("\"\\ud800\""),
                                  std::string("\"\\udd8a\""),
                                  std::string("\"\xff\""),
                                  std::string("\"\xc0\xaf\""),
                                  std::string("\"\xed\xa0\x80\""),
                                  std::string("\"\xf5\x80\x80\x80\""),
                                  std::string("\xef\xbb\xbf{}"),
                                  std::string("1e999"),
                                  std::string("-1e999"),
                                  std::string("\"a"),
                                  std::string("tru"),
                                  std::string("[1]\0", 4),
                                  std::string("\xff\xfe{\0}\0", 6)}) {
    EXPECT_FALSE(try_parse_json(text)) << text;
  }
}

TEST(ParseJson, refuses_a_name_that_occurs_twice_at_any_depth) {
  for (const char* text : {"{\"a\":1,\"a\":2}", "[{\"x\":{\"a\":1,\"b\":0,\"a\":2}}]", "{\"a\":1,\"\\u0061\":2}",
                           "{\"a\":{\"b\":1},\"a\":{\"b\":1}}", "{\"\":1,\"\":1}"}) {
    const auto value = try_parse_json(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().reason, "A name occurs twice in an object");
  }
  EXPECT_TRUE(try_parse_json("{\"a\":{\"a\":{\"a\":1}},\"A\":1}"));
}

TEST(ParseJson, keeps_depth_and_size_within_their_limits) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(try_parse_json(nested(64)));
  EXPECT_FALSE(try_parse_json(nested(65)));
  EXPECT_EQ(try_parse_json(nested(65)).error().reason, "Nested deeper than 64 levels");
  EXPECT_FALSE(try_parse_json(nested(100'000)));
  EXPECT_TRUE(try_parse_json(nested(3), {.depth = 3}));
  EXPECT_FALSE(try_parse_json(nested(4), {.depth = 3}));
  EXPECT_FALSE(try_parse_json(nested(300), {.depth = 1000}));
  EXPECT_TRUE(try_parse_json("[1,2]", {.size_bytes = 5}));
  EXPECT_EQ(try_parse_json("[1,2] ", {.size_bytes = 5}).error().reason, "Larger than 5 bytes");
}

TEST(ParseJson, refuses_objects_with_too_many_members) {
  std::string text = "{";
  for (int i = 0; i < 10'001; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  text.back() = '}';
  EXPECT_EQ(try_parse_json(text).error().reason, "Object has too many members");
}

TEST(ParseJson, says_where_and_why) {
  EXPECT_EQ(try_parse_json("[1,x]").error().offset, 3U);
  EXPECT_EQ(try_parse_json("[1] x").error().reason, "Unexpected text behind the value");
  EXPECT_EQ(try_parse_json("[1").error().reason, "Unexpected end of the text");
  const auto error = parse_json("{\"password\": hunter2}").error();
  EXPECT_EQ(error.code(), "json_invalid");
  EXPECT_EQ(error.http_status(), 400);
  EXPECT_EQ(error.message().find("hunter"), std::string::npos);
}

std::string in_quotes(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

// Boost 1.81 reads the first three one unit in the last place off.
TEST(ParseJson, reads_doubles_exactly) {
  EXPECT_EQ(try_parse_json("2.3594600136454917e+140").value().as_double(), 2.3594600136454917e+140);
  EXPECT_EQ(try_parse_json("5.418488127046681e-230").value().as_double(), 5.418488127046681e-230);
  EXPECT_EQ(try_parse_json("[-4.4115513289242656e-308]").value().at(0).as_double(), -4.4115513289242656e-308);
  EXPECT_EQ(try_parse_json("1e-400").value().as_double(), 0.0);
  EXPECT_EQ(try_parse_json("123456789012345678901234567890").value().as_double(), 1.2345678901234568e29);
  EXPECT_EQ(try_parse_json("0." + std::string(400, '0') + "1e401").value().as_double(), 1.0);
}

TEST(AppendJsonString, escapes_what_must_be_and_no_more) {
  EXPECT_EQ(in_quotes(""), "\"\"");
  EXPECT_EQ(in_quotes("plain text of more than eight bytes"), "\"plain text of more than eight bytes\"");
  EXPECT_EQ(in_quotes("\"\\/\b\f\n\r\t"), R"("\"\\/\b\f\n\r\t")");
  EXPECT_EQ(in_quotes(std::string_view("\0\x1f\x7f", 3)), "\"\\u0000\\u001f\x7f\"");
  EXPECT_EQ(in_quotes("é🦊"), "\"é🦊\"");
}

TEST(AppendJsonString, finds_a_misfit_at_every_place_of_a_run) {
  for (const char* misfit : {"\"", "\\", "\n", "\x01", "\x1f"}) {
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, 'x');
      text[at] = *misfit;
      EXPECT_EQ(try_parse_json(in_quotes(text)).value().as_string(), text);
    }
  }
  for (int c = 0; c < 0x80; ++c) {
    const std::string text = std::string(9, static_cast<char>(c)) + " ~" + static_cast<char>(c);
    EXPECT_EQ(try_parse_json(in_quotes(text)).value().as_string(), text);
  }
}

TEST(AppendJsonString, replaces_bytes_that_are_not_utf8) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(in_quotes("a\xffz"), "\"a" + bad + "z\"");
  EXPECT_EQ(in_quotes("\xc3"), "\"" + bad + "\"");
  EXPECT_EQ(in_quotes("\xed\xa0\x80"), "\"" + bad + bad + bad + "\"");
  EXPECT_EQ(in_quotes("\xf0\x9f\xa6"), "\"" + bad + bad + bad + "\"");
  for (int c = 0x80; c < 0x100; ++c) EXPECT_TRUE(try_parse_json(in_quotes(std::string(3, static_cast<char>(c)))));
}

TEST(AppendJson, prints_numbers_that_read_back) {
  for (const double number : {0.0, -0.0, 0.1, 1e22, 5e-324, 1.7976931348623157e308, -123.456}) {
    std::string out;
    append_json_number(out, number);
    EXPECT_EQ(try_parse_json(out).value().to_number<double>(), number) << out;
  }
  EXPECT_EQ(again("[-0.0,-444e-444]"), "[-0.0,-0.0]");
  EXPECT_EQ(to_json_text(json::value(std::nan(""))), "null");
  EXPECT_EQ(to_json_text(json::value(std::numeric_limits<double>::infinity())), "null");
  EXPECT_EQ(again("[18446744073709551615,-9223372036854775808]"), "[18446744073709551615,-9223372036854775808]");
}

}  // namespace
}  // namespace bailey
