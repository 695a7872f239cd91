#include <graphql/coercion.hpp>

#include <graphql/test_schema.hpp>
#include <graphql/type_system_builder.hpp>

#include <gtest/gtest.h>

#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {
namespace {

json::value parsed(std::string_view text) { return try_parse_json(text).value(); }

using Outcome = std::expected<Variables, std::vector<ResponseError>>;

Outcome coerced(const TypeSystem& types, std::string_view variables, const json::value& given,
                std::size_t max_errors = 50, Suggestions suggestions = Suggestions::on) {
  const auto document = test::document_of("query (" + std::string(variables) + ") { title }");
  return coerce_variables(types, *document, *document->definitions()[0].operation, given.get_object(), max_errors,
                          suggestions);
}

// The values as JSON, or the messages.
std::string shown(const Outcome& outcome) {
  if (outcome) return to_json_text(outcome->values);
  std::string all;
  for (const ResponseError& error : outcome.error()) all += (all.empty() ? "" : "\n") + error.message;
  return all;
}

std::string coerced(std::string_view variables, std::string_view given) {
  return shown(coerced(test::card_types(), variables, parsed(given)));
}

TEST(CoerceVariables, takes_what_is_of_the_type_and_fills_in_what_is_missing) {
  struct Row {
    std::string_view variables, given, values;
  };
  const Row rows[] = {
      {"$a: Int", R"({})", R"({})"},
      {"$a: Int", R"({"a":null})", R"({"a":null})"},
      {"$a: Int", R"({"a":7.0,"other":{"b":[1]}})", R"({"a":7})"},
      {"$a: Int = 3", R"({})", R"({"a":3})"},
      {"$a: Int = 3", R"({"a":null})", R"({"a":null})"},
      {"$a: Int! = 3", R"({})", R"({"a":3})"},
      {"$a: Float = 3", R"({})", R"({"a":3E0})"},
      {"$a: ID = 3", R"({})", R"({"a":"3"})"},
      {"$a: Int $b: Int", R"({"b":1})", R"({"b":1})"},
      {"$a: [Int]", R"({"a":1})", R"({"a":[1]})"},
      {"$a: [Int]", R"({"a":[1,null]})", R"({"a":[1,null]})"},
      {"$a: [Int]", R"({"a":null})", R"({"a":null})"},
      {"$a: [[Int]]", R"({"a":1})", R"({"a":[[1]]})"},
      {"$a: [[Int]]", R"({"a":[1,[2,3]]})", R"({"a":[[1],[2,3]]})"},
      {"$a: [Int!] = 5", R"({})", R"({"a":[5]})"},
      {"$a: Color", R"({"a":"RED"})", R"({"a":"RED"})"},
      {"$a: Any", R"({"a":{"b":[1,"c",null]}})", R"({"a":{"b":[1,"c",null]}})"},
      {"$a: CardFilter", R"({"a":{}})", R"({"a":{"limit":5}})"},
      {"$a: CardFilter", R"({"a":{"limit":6,"title":null}})", R"({"a":{"title":null,"limit":6}})"},
      {"$a: CardFilter", R"({"a":{"and":{"need":{"id":1}}}})",
       R"({"a":{"and":[{"limit":5,"need":{"id":"1"}}],"limit":5}})"},
      {"$a: CardFilter = {title: \"x\"}", R"({})", R"({"a":{"title":"x","limit":5}})"},
      {"$a: [Order!]", R"({"a":{"by":"x"}})", R"({"a":[{"by":"x","descending":false}]})"},
      {"$a: Lookup", R"({"a":{"id":5}})", R"({"a":{"id":"5"}})"},
  };
  for (const Row& row : rows) {
    const auto outcome = coerced(test::card_types(), row.variables, parsed(row.given));
    ASSERT_TRUE(outcome) << row.variables << " " << row.given;
    EXPECT_EQ(json::value(outcome->values), parsed(row.values)) << row.variables << " " << row.given;
  }
}

TEST(CoerceVariables, says_what_is_wrong_where) {
  struct Row {
    std::string_view variables, given, said;
  };
  const Row rows[] = {
      {"$id: ID!", "{}", R"(Variable "$id" of required type "ID!" was not provided.)"},
      {"$id: ID!", R"({"id":null})", R"(Variable "$id" of non-null type "ID!" must not be null.)"},
      {"$a: Card", R"({"a":1})",
       R"(Variable "$a" expected value of type "Card" which cannot be used as an input type.)"},
      {"$a: [Cat!]", R"({"a":1})",
       R"(Variable "$a" expected value of type "[Cat!]" which cannot be used as an input type.)"},
      {"$a: Int", R"({"a":"x"})",
       R"(Variable "$a" got invalid value "x"; Int cannot represent non-integer value: "x")"},
      {"$a: String", R"({"a":[1]})",
       R"(Variable "$a" got invalid value [1]; String cannot represent a non string value: [1])"},
      {"$a: [Int!]", R"({"a":[1,null,"x"]})",
       R"(Variable "$a" got invalid value null at "a[1]"; Expected non-nullable type "Int!" not to be null.)"
       "\n"
       R"(Variable "$a" got invalid value "x" at "a[2]"; Int cannot represent non-integer value: "x")"},
      {"$a: Color", R"({"a":"RDE"})",
       R"(Variable "$a" got invalid value "RDE"; Value "RDE" does not exist in "Color" enum. )"
       R"(Did you mean the enum value "RED"?)"},
      {"$a: Color", R"({"a":5})",
       R"(Variable "$a" got invalid value 5; Enum "Color" cannot represent non-string value: 5.)"},
      {"$a: CardFilter", R"({"a":"x"})",
       R"(Variable "$a" got invalid value "x"; Expected type "CardFilter" to be an object.)"},
      {"$a: CardFilter", R"({"a":[]})",
       R"(Variable "$a" got invalid value []; Expected type "CardFilter" to be an object.)"},
      {"$a: CardFilter", R"({"a":{"limit":null}})",
       R"(Variable "$a" got invalid value null at "a.limit"; Expected non-nullable type "Int!" not to be null.)"},
      {"$a: CardFilter", R"({"a":{"and":[{},{"need":{"count":true}}]}})",
       R"(Variable "$a" got invalid value { count: true } at "a.and[1].need"; )"
       R"(Field "id" of required type "ID!" was not provided.)"
       "\n"
       R"(Variable "$a" got invalid value true at "a.and[1].need.count"; Int cannot represent non-integer value: true)"},
      {"$a: CardFilter", R"({"a":{"titel":"x"}})",
       R"(Variable "$a" got invalid value { titel: "x" }; Field "titel" is not defined by type "CardFilter". )"
       R"(Did you mean "title"?)"},
      {"$a: Lookup", R"({"a":{}})",
       R"(Variable "$a" got invalid value {}; Exactly one key must be specified for OneOf type "Lookup".)"},
      {"$a: Lookup", R"({"a":{"id":null}})",
       R"(Variable "$a" got invalid value null at "a.id"; Field "id" must be non-null.)"},
      {"$a: Lookup", R"({"a":{"title":"x","id":null}})",
       R"(Variable "$a" got invalid value { title: "x", id: null }; )"
       R"(Exactly one key must be specified for OneOf type "Lookup".)"
       "\n"
       R"(Variable "$a" got invalid value null at "a.id"; Field "id" must be non-null.)"},
      {"$a: Float = 1e999", "{}", R"(Variable "$a" has a default value that is no "Float".)"},
  };
  for (const Row& row : rows) EXPECT_EQ(coerced(row.variables, row.given), row.said);
}

TEST(CoerceVariables, gives_the_place_of_the_variable_and_a_code) {
  const auto document = test::document_of("query ($a: Int\n  $b: Card\n  $c: ID!) { title }");
  const auto outcome = coerce_variables(test::card_types(), *document, *document->definitions()[0].operation,
                                        parsed(R"({"a":"x","b":1})").get_object());
  ASSERT_FALSE(outcome);
  ASSERT_EQ(outcome.error().size(), 3u);
  EXPECT_EQ(outcome.error()[0].locations, (std::vector<Location>{{.line = 1, .column = 8}}));
  EXPECT_EQ(outcome.error()[1].locations, (std::vector<Location>{{.line = 2, .column = 7}}));  // of its type
  EXPECT_EQ(outcome.error()[2].locations, (std::vector<Location>{{.line = 3, .column = 3}}));
  for (const ResponseError& error : outcome.error())
    EXPECT_EQ(error.extensions, (json::object{{"code", "BAD_USER_INPUT"}}));
}

TEST(CoerceVariables, stops_after_as_many_errors_as_it_may_have) {
  const json::value given = parsed(R"({"a":["x","x","x"]})");
  EXPECT_EQ(coerced(test::card_types(), "$a: [Int]", given, 3).error().size(), 3u);
  const auto outcome = coerced(test::card_types(), "$a: [Int] $b: Int!", given, 2);
  ASSERT_EQ(outcome.error().size(), 3u);
  EXPECT_EQ(outcome.error()[2].message,
            "Too many errors processing variables, error limit reached. Execution aborted.");
  EXPECT_TRUE(outcome.error()[2].locations.empty());
}

TEST(CoerceVariables, names_nothing_of_the_schema_where_suggestions_are_off) {
  const json::value given = parsed(R"({"a":{"titel":"x"},"c":"RDE"})");
  EXPECT_EQ(shown(coerced(test::card_types(), "$a: CardFilter $c: Color", given, 50, Suggestions::off)),
            R"(Variable "$a" got invalid value { titel: "x" }; Field "titel" is not defined by type "CardFilter".)"
            "\n"
            R"(Variable "$c" got invalid value "RDE"; Value "RDE" does not exist in "Color" enum.)");
}

TEST(CoerceVariables, shows_a_bounded_part_of_a_value_and_no_other) {
  const std::string secret = "canary";
  const std::string text(100'000, 'x');
  for (const std::string_view type : {"Int", "Color", "CardFilter", "[Float]"}) {
    const auto outcome = coerced(test::card_types(), "$a: " + std::string(type) + " $b: String",
                                 json::object{{"a", text}, {"b", secret}, {"undefined", secret}});
    ASSERT_FALSE(outcome);
    EXPECT_LT(outcome.error()[0].message.size(), 600u);
    EXPECT_EQ(outcome.error()[0].message.find(secret), std::string::npos);
  }
  const auto unknown = coerced(test::card_types(), "$a: CardFilter", json::object{{"a", {{text, 1}}}});
  EXPECT_LT(unknown.error()[0].message.size(), 600u);
}

TEST(CoerceVariables, says_what_a_scalar_says_within_bounds) {
  TypeSystemBuilder builder;
  const TypeId scalar = builder.add_scalar("Odd");
  builder.check_values(scalar, [](const json::value& value) -> std::expected<void, std::string> {
    if (value.is_int64()) return {};
    return std::unexpected(value.is_string() ? "Odd is not " + std::string(value.get_string()) : "");
  });
  const TypeId query = builder.add_object("Query");
  builder.add_field(query, {.name = "title", .type = {.named = scalar}});
  builder.set_root(OperationKind::query, query);
  const TypeSystem types = builder.finish().value();
  EXPECT_EQ(shown(coerced(types, "$a: Odd", parsed(R"({"a":1})"))), R"({"a":1})");
  EXPECT_EQ(shown(coerced(types, "$a: Odd", parsed(R"({"a":"b"})"))),
            R"(Variable "$a" got invalid value "b"; Odd is not b)");
  EXPECT_EQ(shown(coerced(types, "$a: Odd", parsed(R"({"a":true})"))),
            R"(Variable "$a" got invalid value true; Expected type "Odd".)");
  EXPECT_LT(shown(coerced(types, "$a: Odd", json::object{{"a", std::string(100'000, 'x')}})).size(), 1000u);
}

// What the program calls them is not what clients do.
TypeSystem renamed_types() {
  TypeSystemBuilder builder;
  const TypeId color = builder.add_enumeration("Color");
  builder.add_enum_value(color, {.name = "RED", .source_name = "red"});
  builder.add_enum_value(color, {.name = "BLUE"});
  const TypeId input = builder.add_input_object("Paint");
  const Value red{.kind = Value::Kind::enumeration, .text = "RED"};
  builder.add_input_field(
      input,
      {.name = "firstCoat", .type = {.named = color}, .default_value = builder.keep(red), .source_name = "first_coat"});
  builder.add_input_field(input, {.name = "next", .type = TypeRef{.named = input}.list(), .source_name = "after"});
  const TypeId query = builder.add_object("Query");
  builder.add_field(query, {.name = "title", .type = {.named = string_type}});
  builder.set_root(OperationKind::query, query);
  return builder.finish().value();
}

TEST(CoerceVariables, calls_values_and_fields_what_the_source_calls_them) {
  const TypeSystem types = renamed_types();
  EXPECT_EQ(shown(coerced(types, "$a: Paint", parsed(R"({"a":{"next":{"firstCoat":"BLUE"}}})"))),
            R"({"a":{"first_coat":"red","after":[{"first_coat":"BLUE"}]}})");
  EXPECT_EQ(shown(coerced(types, "$a: [Color] = RED $b: Paint = {next: {}}", parsed("{}"))),
            R"({"a":["red"],"b":{"first_coat":"red","after":[{"first_coat":"red"}]}})");
  EXPECT_EQ(shown(coerced(types, "$a: Paint", parsed(R"({"a":{"next":[{"firstCoat":"red"}]}})"), 50, Suggestions::off)),
            R"(Variable "$a" got invalid value "red" at "a.next[0].firstCoat"; )"
            R"(Value "red" does not exist in "Color" enum.)");
}

// A megabyte each, of what costs most. The time is this process's, for others may have the machine meanwhile, and
// generous, for sanitizers: what it tells from is minutes.
TEST(CoerceVariables, takes_linear_time_over_hostile_values) {
  const auto repeated = [](std::string_view before, std::string_view part, std::string_view after) {
    std::string text(before);
    while (text.size() < 1'000'000) text += std::string(part) + ",";
    text.pop_back();
    return text + std::string(after);
  };
  std::string keys = R"({"a":{)";
  for (int i = 0; i < 4000; ++i) keys += "\"" + std::to_string(i) + std::string(240, 'k') + "\":1,";
  keys.back() = '}';
  keys += "}";
  const std::string hostile[] = {
      repeated(R"({"a":{"and":[)", "{}", "]}}"),
      repeated(R"({"a":{"and":[)", "[]", "]}}"),
      repeated(R"({"a":{"and":[)", R"({"titel":1,"colour":2})", "]}}"),
      repeated(R"({"a":{"and":[)", R"({"and":{"and":{"and":[{"need":{"id":1}}]}}})", "]}}"),
      keys,
      R"({"a":{"color":")" + std::string(1'000'000, 'R') + "\"}}",
  };
  for (const std::string& text : hostile) {
    const auto read = try_parse_json(text);
    ASSERT_TRUE(read) << text.substr(0, 40) << ": " << read.error().reason;
    const json::value& given = *read;
    const std::clock_t before = std::clock();
    const auto outcome = coerced(test::card_types(), "$a: CardFilter", given);
    const std::clock_t took = std::clock() - before;
    EXPECT_LT(took, 30 * CLOCKS_PER_SEC) << text.substr(0, 40);
    if (!outcome) {
      EXPECT_LE(outcome.error().size(), 51u);
    }
  }
}

}  // namespace
}  // namespace bailey::graphql
