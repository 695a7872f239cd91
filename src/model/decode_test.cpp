#include <bailey/model/decode.hpp>

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include <bailey/base/uuid.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/model/model.hpp>

namespace bailey {
namespace {

enum class Status { draft, published };

struct Tag {
  std::string label;
  int weight;
};
struct Card {
  std::int64_t id;
  std::string full_name;
  std::optional<std::string> website;
  std::vector<Tag> tags;
  Status status;
};
struct Tree {
  std::string name;
  std::vector<Tree> children;
  std::unique_ptr<Tree> left;
};

// The errors as FastAPI prints them; "" for none.
template <class T>
std::string errors_of(std::string_view text) {
  const auto result = decode_json<T>(text, {"body"});
  if (result) return "";
  std::string out;
  result.error().append_json(out);
  return out;
}

TEST(Decode, reads_nested_models) {
  const auto card = decode_json<Card>(
      R"({"id": 7, "full_name": "Ada", "tags": [{"label": "x", "weight": 2}], "status": "published", "other": [1]})");
  ASSERT_TRUE(card);
  EXPECT_EQ(card->id, 7);
  EXPECT_EQ(card->full_name, "Ada");
  EXPECT_EQ(card->website, std::nullopt);
  EXPECT_EQ(card->tags.at(0).label, "x");
  EXPECT_EQ(card->status, Status::published);
}

TEST(Decode, collects_all_errors_in_the_order_of_members) {
  EXPECT_EQ(
      errors_of<Card>(R"({"id":"7","website":5,"tags":[{"label":1,"weight":1.5},{"weight":1},[]],"status":"gone"})"),
      R"([{"type":"int_type","loc":["body","id"],"msg":"Input should be a valid integer","input":"7"},)"
      R"({"type":"missing","loc":["body","full_name"],"msg":"Field required","input":{"id":"7","website":5,)"
      R"("tags":[{"label":1,"weight":1.5},{"weight":1},[]],"status":"gone"}},)"
      R"({"type":"string_type","loc":["body","website"],"msg":"Input should be a valid string","input":5},)"
      R"({"type":"string_type","loc":["body","tags",0,"label"],"msg":"Input should be a valid string","input":1},)"
      R"({"type":"int_from_float","loc":["body","tags",0,"weight"],"msg":"Input should be a valid integer, got a )"
      R"(number with a fractional part","input":1.5},)"
      R"({"type":"missing","loc":["body","tags",1,"label"],"msg":"Field required","input":{"weight":1}},)"
      R"({"type":"model_attributes_type","loc":["body","tags",2],"msg":"Input should be a valid dictionary or )"
      R"(object to extract fields from","input":[]},)"
      R"({"type":"enum","loc":["body","status"],"msg":"Input should be 'draft' or 'published'","input":"gone",)"
      R"("ctx":{"expected":"'draft' or 'published'"}}])");
}

struct KindCase {
  const char* text;
  const char* type;
};

template <class T>
void expect_types(const std::vector<KindCase>& cases) {
  for (const KindCase& c : cases) {
    const auto result = decode_json<T>(c.text);
    if (*c.type == '\0') {
      EXPECT_TRUE(result) << c.text;
      continue;
    }
    ASSERT_FALSE(result) << c.text;
    EXPECT_EQ(result.error().entries.at(0).type, c.type) << c.text;
  }
}

TEST(Decode, is_strict_in_the_kinds_of_json) {
  expect_types<bool>({{"true", ""}, {"1", "bool_type"}, {"\"true\"", "bool_type"}, {"null", "bool_type"}});
  expect_types<std::string>({{"\"\"", ""}, {"1", "string_type"}, {"null", "string_type"}, {"[]", "string_type"}});
  expect_types<double>(
      {{"1", ""}, {"1.5", ""}, {"18446744073709551615", ""}, {"\"1\"", "float_type"}, {"true", "float_type"}});
  expect_types<std::vector<int>>({{"[]", ""}, {"{}", "list_type"}, {"\"x\"", "list_type"}, {"[null]", "int_type"}});
  expect_types<std::map<std::string, int>>({{"{\"a\":1}", ""}, {"[]", "dict_type"}, {"{\"a\":true}", "int_type"}});
  expect_types<Tag>({{"[]", "model_attributes_type"}, {"null", "model_attributes_type"}});
  expect_types<Uuid>({{"\"123e4567-e89b-12d3-a456-426614174000\"", ""}, {"\"x\"", "uuid_parsing"}, {"1", "uuid_type"}});
  expect_types<Status>({{"\"draft\"", ""}, {"0", "enum"}, {"\"Draft\"", "enum"}});
  expect_types<std::array<int, 2>>({{"[1,2]", ""}, {"[1]", "too_short"}, {"[1,2,3]", "too_long"}});
  expect_types<std::vector<std::byte>>({{"\"Zm8=\"", ""}, {"\"Zm8\"", "bytes_invalid_encoding"}, {"1", "bytes_type"}});
  expect_types<std::monostate>({{"null", ""}, {"0", "none_required"}});
  expect_types<json::object>({{"{}", ""}, {"[]", "dict_type"}});
  expect_types<json::array>({{"[1]", ""}, {"{}", "list_type"}});
  expect_types<json::value>({{"{\"a\":[null]}", ""}, {"1", ""}});
}

TEST(Decode, keeps_integers_within_their_type) {
  expect_types<std::int64_t>({{"9223372036854775807", ""},
                              {"-9223372036854775808", ""},
                              {"9223372036854775808", "less_than_equal"},
                              {"-9223372036854775809", "int_parsing_size"},
                              {"1e30", "int_parsing_size"},
                              {"7.0", ""},
                              {"7.5", "int_from_float"}});
  expect_types<std::uint64_t>(
      {{"18446744073709551615", ""}, {"18446744073709551616", "int_parsing_size"}, {"-1", "greater_than_equal"}});
  expect_types<std::int32_t>(
      {{"2147483647", ""}, {"2147483648", "less_than_equal"}, {"-2147483649", "greater_than_equal"}});
  expect_types<std::uint32_t>(
      {{"4294967295", ""}, {"4294967296", "less_than_equal"}, {"18446744073709551615", "less_than_equal"}});
  expect_types<std::int8_t>({{"-128", ""}, {"128", "less_than_equal"}});
  EXPECT_EQ(
      errors_of<std::uint8_t>("256"),
      R"([{"type":"less_than_equal","loc":["body"],"msg":"Input should be less than or equal to 255","input":256,"ctx":{"le":255}}])");
}

TEST(Decode, converts_other_kinds_where_it_is_told_to) {
  const auto decoded = []<class T>(std::type_identity<T>, std::string_view text) {
    const auto result = decode_json<T>(text, {"body"}, {}, Conversion::lenient);
    return result ? encode(*result) : result.error().entries.at(0).type;
  };
  constexpr std::type_identity<bool> truth;
  constexpr std::type_identity<int> integer;
  constexpr std::type_identity<std::uint64_t> large;
  constexpr std::type_identity<double> real;
  constexpr std::type_identity<std::chrono::sys_seconds> time;
  constexpr std::type_identity<std::chrono::sys_days> day;
  constexpr std::type_identity<std::variant<int, std::string, bool>> any;
  EXPECT_EQ(decoded(truth, "\"on\""), "true");
  EXPECT_EQ(decoded(truth, "0.0"), "false");
  EXPECT_EQ(decoded(truth, "2"), "bool_parsing");
  EXPECT_EQ(decoded(truth, "0.5"), "bool_type");
  EXPECT_EQ(decoded(integer, "\" 1_000 \""), "1000");
  EXPECT_EQ(decoded(integer, "true"), "1");
  EXPECT_EQ(decoded(integer, "\"x\""), "int_parsing");
  EXPECT_EQ(decoded(integer, "1e20"), "int_parsing_size");
  EXPECT_EQ(decoded(integer, "{}"), "int_type");
  EXPECT_EQ(decoded(large, "\"18446744073709551615\""), "18446744073709551615");
  EXPECT_EQ(decoded(large, "\"-1\""), "greater_than_equal");
  EXPECT_EQ(decoded(real, "\"1_0.5\""), "10.5");
  EXPECT_EQ(decoded(real, "\"1__0\""), "float_parsing");
  EXPECT_EQ(decoded(real, "[]"), "float_type");
  EXPECT_EQ(decoded(time, "1700000000"), "\"2023-11-14T22:13:20Z\"");
  EXPECT_EQ(decoded(time, "\"1700000000000\""), "\"2023-11-14T22:13:20Z\"");
  EXPECT_EQ(decoded(time, "1e20"), "datetime_parsing");
  EXPECT_EQ(decoded(time, "true"), "datetime_type");
  EXPECT_EQ(decoded(day, "86400"), "\"1970-01-02\"");
  EXPECT_EQ(decoded(day, "86401"), "date_from_datetime_inexact");
  EXPECT_EQ(decoded(day, "\"2026-11-23T00:00+05:00\""), "\"2026-11-23\"");
  EXPECT_EQ(decoded(any, "\"7\""), "\"7\"") << "what fits as it is goes before what is converted";
  EXPECT_EQ(decoded(any, "true"), "true");
}

TEST(Decode, says_what_is_wrong_with_a_uuid) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"x", "invalid character: found `x` at 0"},
      {"", "invalid length: found 0"},
      {"12345678-1234-1234-1234-12345678901", "invalid group length in group 4: expected 12, found 11"},
      {"1234567-81234-1234-1234-123456789012", "invalid group length in group 0: expected 8, found 7"},
      {"12345678-12341234-1234-123456789012", "invalid group count: expected 5, found 4"},
      {"{1234567812341234123412345678901g}", "invalid character: found `g` at 32"},
      {"12345678-1234-1234-1234-12345678901\u00e4", "invalid character: found `\u00e4` at 35"}};
  for (const auto& [text, reason] : cases) {
    const auto refused = decode<Uuid>(json::value(text));
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().entries.at(0).ctx, (json::object{{"error", reason}})) << text;
  }
  EXPECT_TRUE(decode<Uuid>(json::value("{12345678-1234-1234-1234-123456789012}")));
  EXPECT_TRUE(decode<Uuid>(json::value("urn:uuid:12345678-1234-1234-1234-123456789012")));
}

TEST(Decode, reads_times_and_dates) {
  using Time = std::chrono::sys_time<std::chrono::milliseconds>;
  expect_types<Time>({{"\"2026-11-23T14:05:09.120Z\"", ""},
                      {"\"2026-11-23\"", ""},
                      {"\"soon\"", "datetime_from_date_parsing"},
                      {"1700000000", "datetime_type"}});
  expect_types<std::chrono::sys_days>({{"\"2026-11-23\"", ""},
                                       {"\"2026-11-23T00:00:00Z\"", ""},
                                       {"\"2026-11-23T00:00:01Z\"", "date_from_datetime_inexact"},
                                       {"\"2026-11-32\"", "date_from_datetime_parsing"},
                                       {"7", "date_type"}});
  expect_types<std::chrono::sys_time<std::chrono::nanoseconds>>({{"\"9999-01-01\"", "datetime_parsing"}});
}

TEST(Decode, tells_missing_null_and_value_apart_where_asked) {
  struct Patch {
    Maybe<std::string> name;
    Maybe<int> age;
    Maybe<int> size;
  };
  const auto patch = decode_json<Patch>(R"({"name":null,"age":3})");
  ASSERT_TRUE(patch);
  EXPECT_TRUE(patch->name.is_null());
  EXPECT_EQ(*patch->age, 3);
  EXPECT_TRUE(patch->size.is_missing());
  EXPECT_EQ(encode(*patch), R"({"name":null,"age":3})");
}

TEST(Decode, reads_types_that_contain_themselves) {
  const auto tree = decode_json<Tree>(
      R"({"name":"a","children":[{"name":"b","children":[],"left":null}],"left":{"name":"c","children":[]}})");
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->children.at(0).name, "b");
  EXPECT_EQ(tree->left->name, "c");
  EXPECT_EQ(
      errors_of<Tree>(R"({"name":"a","children":[{"name":"b"}],"left":null})"),
      R"([{"type":"missing","loc":["body","children",0,"children"],"msg":"Field required","input":{"name":"b"}}])");
}

TEST(Decode, takes_the_first_alternative_that_fits) {
  using Either = std::variant<std::int64_t, std::string, Tag>;
  EXPECT_EQ(std::get<0>(decode_json<Either>("7").value()), 7);
  EXPECT_EQ(std::get<1>(decode_json<Either>("\"7\"").value()), "7");
  EXPECT_EQ(std::get<2>(decode_json<Either>(R"({"label":"x","weight":1})").value()).label, "x");
  const auto wrong = decode_json<Either>(R"({"label":"x"})", {"body"});
  ASSERT_FALSE(wrong);
  ASSERT_EQ(wrong.error().entries.size(), 3U);
  EXPECT_EQ(wrong.error().entries[0].loc, (Location{"body", "int"}));
  EXPECT_EQ(wrong.error().entries[1].loc, (Location{"body", "str"}));
  EXPECT_EQ(wrong.error().entries[2].loc, (Location{"body", "Tag", "weight"}));
}

enum class Colour { red, green };
template <class T>
struct Page {
  std::vector<T> items;
};

TEST(Decode, calls_the_alternatives_as_pydantic_does) {
  using Many = std::variant<std::vector<std::int64_t>, std::map<std::string, Tag>, Page<Tag>, Page<Uuid>, Colour,
                            Decimal, TimeOfDay, std::vector<std::optional<double>>, std::array<bool, 2>,
                            std::vector<std::variant<std::int64_t, bool>>, json::array>;
  const auto wrong = decode_json<Many>("true", {"body"});
  ASSERT_FALSE(wrong);
  std::string names;
  for (const ValidationError& entry : wrong.error().entries) names += std::get<std::string>(entry.loc.at(1)) + " ";
  EXPECT_EQ(names,
            "list[int] dict[str,Tag] Page[Tag] Page[UUID] str-enum[Colour] decimal time list[nullable[float]] "
            "list[bool] list[union[int,bool]] list[any] ");
}

TEST(DecodeJson, refuses_a_number_that_a_float_cannot_hold) {
  EXPECT_EQ(decode_json<float>("3.4e38").value(), 3.4e38F);
  for (const char* text : {"3.5e38", "-1e300"}) {
    const auto number = decode_json<float>(text);
    ASSERT_FALSE(number) << text;
    EXPECT_EQ(number.error().entries[0].type, "finite_number");
  }
  EXPECT_TRUE(decode_json<double>("1e300"));
}

TEST(DecodeJson, reports_syntax_at_its_offset) {
  EXPECT_EQ(
      errors_of<Tag>("{\"label\": x}"),
      R"([{"type":"json_invalid","loc":["body",10],"msg":"JSON decode error","input":{},"ctx":{"error":"Unexpected character"}}])");
  EXPECT_EQ(errors_of<Tag>(""), R"([{"type":"missing","loc":["body"],"msg":"Field required","input":null}])");
  EXPECT_EQ(decode_json<Tag>(R"({"label":"a","label":"b","weight":1})").error().entries.at(0).type, "json_invalid");
}

TEST(DecodeJson, copies_what_outlives_the_text) {
  struct Keeps {
    json::value any;
    json::object object;
    json::array array;
  };
  auto kept =
      decode_json<Keeps>(R"({"any":{"deep":["some text that is not short at all"]},"object":{"a":1},"array":["x"]})")
          .value();
  EXPECT_EQ(encode(kept), R"({"any":{"deep":["some text that is not short at all"]},"object":{"a":1},"array":["x"]})");
}

TEST(Decode, stops_collecting_at_the_limit) {
  std::string text = "[";
  for (int i = 0; i < 5000; ++i) text += "{},";
  text.back() = ']';
  const auto result = decode_json<std::vector<Card>>(text);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().entries.size(), validation_error_limit);
}

TEST(Decode, does_not_echo_large_values) {
  const auto result = decode_json<int>("\"" + std::string(10'000, 'x') + "\"");
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().entries.at(0).input.is_null());
}

}  // namespace
}  // namespace bailey
