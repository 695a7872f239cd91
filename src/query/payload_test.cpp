#include "query/payload.hpp"

#include <gtest/gtest.h>

namespace bailey::query::detail {
namespace {

using Texts = std::vector<std::string>;

TEST(PayloadKeys, are_those_all_rows_share) {
  const std::vector<std::pair<std::string, Texts>> payloads{
      {R"({"b":1,"a":{"c":[1,{"d":2}]}})", {"a", "b"}},
      {R"([{"a":1,"b":2},{"b":{"x":1},"a":[{"y":1}]}])", {"a", "b"}},
      {R"({"a":1,"a":2})", {"a"}},
      {R"([{"a":1,"b":2,"a":3},{"a":1,"b":1}])", {"a", "b"}},
      {R"({"\u00e9\"":1})", {"é\""}},
      {"{}", {}},
      {"[{},{}]", {}},
      {" [ ] ", {}},
      {"7", {}},
      {"null", {}},
      {"\"x\"", {}}};
  for (const auto& [json, keys] : payloads) {
    const auto found = payload_keys(json);
    ASSERT_TRUE(found) << json << ' ' << found.error().to_json();
    EXPECT_EQ(found->keys, keys) << json;
  }
}

TEST(PayloadKeys, tell_shape_and_emptiness) {
  EXPECT_EQ(payload_keys("{}")->shape, PayloadShape::object);
  EXPECT_FALSE(payload_keys("{}")->empty);
  EXPECT_FALSE(payload_keys("[{}]")->empty);
  EXPECT_TRUE(payload_keys("[]")->empty);
  EXPECT_TRUE(payload_keys("true")->empty);
}

TEST(PayloadKeys, refuse_rows_that_differ) {
  for (const std::string json :
       {R"([{"a":1},{"b":1}])", R"([{"a":1},{"a":1,"b":1}])", R"([{"a":1,"b":1},{"a":1}])", R"([{"a":1},1])", "[1]",
        "[[{}]]", R"([{"a":1},[]])", R"([{"a":1,"b":2},{"a":1,"a":2}])"}) {
    const auto found = payload_keys(json);
    ASSERT_FALSE(found) << json;
    EXPECT_EQ(found.error().code(), "PGRST102");
    EXPECT_EQ(found.error().message(), "All object keys must match") << json;
  }
}

TEST(PayloadKeys, refuse_more_keys_than_a_table_has_columns) {
  std::string object = "{";
  for (int i = 0; i < 1600; ++i) object.append(i == 0 ? "\"k" : ",\"k").append(std::to_string(i)).append("\":1");
  EXPECT_EQ(payload_keys(object + "}")->keys.size(), 1600U);
  const auto found = payload_keys(object + ",\"one\":1");  // without its end: the rest is not read
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), "PGRST102");
  EXPECT_EQ(found.error().message(), "An object has more than 1600 keys, and no table so many columns");
}

TEST(PayloadKeys, are_found_beside_json_of_a_thousand_levels_and_no_more) {
  const auto nested = [](std::size_t levels) {
    return R"({"b":1,"a":)" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
  };
  for (const std::size_t levels : {32U, 64U, 65U, 1000U}) {
    const auto found = payload_keys(nested(levels));
    ASSERT_TRUE(found) << levels << ' ' << found.error().to_json();
    EXPECT_EQ(found->keys, (Texts{"a", "b"}));
  }
  for (const std::string& json : {nested(1001), std::string(100'000, '['), std::string(R"({"a":)") + nested(2000)}) {
    const auto found = payload_keys(json);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().http_status(), 400);
    EXPECT_EQ(found.error().message(), "The JSON is nested more than 1000 levels deep");
  }
}

TEST(PayloadKeys, refuse_what_is_no_json) {
  for (const std::string& json :
       {std::string(), std::string("{"), std::string("{} x"), std::string("{'a':1}"), std::string("{\"a\":\"\xff\"}"),
        std::string("{\"a\":1}\0", 8), std::string("[1,]"), std::string(1000, '['), std::string("nul")}) {
    const auto found = payload_keys(json);
    ASSERT_FALSE(found) << json;
    EXPECT_EQ(found.error().message(), "Empty or invalid json") << json;
  }
}

TEST(PayloadShape, is_told_by_the_first_byte) {
  EXPECT_EQ(payload_shape(" \n{nonsense"), PayloadShape::object);
  EXPECT_EQ(payload_shape("[1"), PayloadShape::array);
  EXPECT_EQ(payload_shape("7"), std::nullopt);
  EXPECT_EQ(payload_shape(""), std::nullopt);
  EXPECT_EQ(payload_shape(std::string_view("{\0}", 3)), std::nullopt);
}

TEST(Payload, of_csv_becomes_rows_of_strings) {
  const auto json = payload_as_json("text/csv; charset=utf-8", "a,\"b \"\"q\"\"\"\r\n1,NULL\n\"x,\ny\",\n");
  ASSERT_TRUE(json) << json.error().to_json();
  EXPECT_EQ(*json, R"([{"a":"1","b \"q\"":null},{"a":"x,\ny","b \"q\"":""}])");
  EXPECT_EQ(payload_as_json("text/csv", "a,b\n1").error().message(), "All lines must have same number of fields");
  EXPECT_FALSE(payload_as_json("text/csv", "a\n\"x"));
  EXPECT_FALSE(payload_as_json("text/csv", "a\n\"x\"y"));
  EXPECT_FALSE(payload_as_json("text/csv", ""));
  EXPECT_FALSE(payload_as_json("text/csv", "a\n\xff"));
}

TEST(Payload, of_a_form_becomes_one_object) {
  EXPECT_EQ(payload_as_json("Application/X-WWW-Form-Urlencoded", "a=1+2&b=%22"), R"({"a":"1 2","b":"\""})");
}

TEST(Payload, of_another_type_is_refused) {
  const auto refused = payload_as_json("text/plain", "x");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), "Content-Type not acceptable: text/plain");
  EXPECT_EQ(payload_as_json(std::nullopt, "{}"), "{}");
}

}  // namespace
}  // namespace bailey::query::detail
