#include <graphql/coercion.hpp>

#include <graphql/test_schema.hpp>
#include <graphql/type_system_builder.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {
namespace {

json::value parsed(std::string_view text) { return try_parse_json(text).value(); }

std::expected<json::object, ResponseError> arguments_of(const TypeSystem& types, std::string_view field,
                                                        std::string_view variables) {
  const auto document = test::document_of("{ " + std::string(field) + " }");
  const Field& one = *document->definitions()[0].operation->selection_set->selections[0].field;
  const FieldDefinition& definition = *types.field(*types.root(OperationKind::query), one.name.text);
  return coerce_arguments(types, *document, definition.arguments, one.arguments, one.at,
                          {.values = parsed(variables).get_object()});
}

// The arguments as JSON, or the message.
std::string coerced(std::string_view field, std::string_view variables = "{}") {
  const auto outcome = arguments_of(test::card_types(), field, variables);
  return outcome ? to_json_text(*outcome) : outcome.error().message;
}

TEST(CoerceArguments, takes_literals_variables_and_defaults) {
  struct Row {
    std::string_view field, variables, values;
  };
  const Row rows[] = {
      {"title", "{}", "{}"},
      {"values", "{}", R"({"flags":[true]})"},
      {"values(flags: false)", "{}", R"({"flags":[false]})"},
      {"values(flags: [], int: -7)", "{}", R"({"int":-7,"flags":[]})"},
      {"values(flags: [], int: null)", "{}", R"({"int":null,"flags":[]})"},
      {"values(flags: [], float: 7)", "{}", R"({"float":7.0,"flags":[]})"},
      {"values(flags: [], float: 1.5e3)", "{}", R"({"float":1500.0,"flags":[]})"},
      {"values(flags: [], float: 1e-999)", "{}", R"({"float":0.0,"flags":[]})"},
      {"values(flags: [], id: 123456789012345678901234567890)", "{}",
       R"({"flags":[],"id":"123456789012345678901234567890"})"},
      {"values(flags: [], id: \"x\", text: \"y\", color: RED)", "{}",
       R"({"text":"y","flags":[],"id":"x","color":"RED"})"},
      {"values(flags: [], any: {a: [1, RED, 2.5, null], b: {}})", "{}",
       R"({"flags":[],"any":{"a":[1,"RED",2.5,null],"b":{}}})"},
      {"values(flags: [], any: 9223372036854775807)", "{}", R"({"flags":[],"any":9223372036854775807})"},
      {"values(flags: [], any: 18446744073709551615)", "{}", R"({"flags":[],"any":18446744073709551615})"},
      {"values(flags: [], any: 18446744073709551616)", "{}", R"({"flags":[],"any":18446744073709551616.0})"},
      {"values(flags: [], any: {a: $a, b: $b, c: [$a, $b]})", R"({"a":[1]})",
       R"({"flags":[],"any":{"a":[1],"c":[[1],null]}})"},
      {"values(flags: $f)", R"({"f":[false]})", R"({"flags":[false]})"},
      {"values(flags: $f)", "{}", R"({"flags":[true]})"},
      {"values(flags: [], int: $a)", "{}", R"({"flags":[]})"},
      {"values(flags: [], int: $a)", R"({"a":null})", R"({"int":null,"flags":[]})"},
      {"cards", "{}", R"({"first":10})"},
      {"cards(first: $a)", "{}", R"({"first":10})"},
      {"cards(first: $a)", R"({"a":null})", R"({"first":null})"},
      {"cards(where: {})", "{}", R"({"first":10,"where":{"limit":5}})"},
      {"cards(where: {limit: $a, title: $b})", "{}", R"({"first":10,"where":{"limit":5}})"},
      {"cards(where: {title: $b, and: {color: BLUE}})", R"({"b":"x"})",
       R"({"first":10,"where":{"title":"x","and":[{"color":"BLUE","limit":5}],"limit":5}})"},
      {"cards(order: {by: \"x\"})", "{}", R"({"first":10,"order":[{"by":"x","descending":false}]})"},
      {"lookup(by: {id: $a})", R"({"a":"x"})", R"({"by":{"id":"x"}})"},
      {"search(text: \"x\", kinds: CARD)", "{}", R"({"text":"x","kinds":["CARD"]})"},
  };
  for (const Row& row : rows) {
    const auto outcome = arguments_of(test::card_types(), row.field, row.variables);
    ASSERT_TRUE(outcome) << row.field << " " << outcome.error().message;
    EXPECT_EQ(json::value(*outcome), parsed(row.values)) << row.field;
  }
}

TEST(CoerceArguments, says_what_is_wrong) {
  struct Row {
    std::string_view field, variables, said;
    Location location{};
  };
  const Row rows[] = {
      {"card", "{}", R"(Argument "id" of required type "ID!" was not provided.)", {1, 3}},
      {"card(id: null)", "{}", R"(Argument "id" of non-null type "ID!" must not be null.)", {1, 12}},
      {"card(id: $a)",
       "{}",
       R"(Argument "id" of required type "ID!" was provided the variable "$a" which was not provided a runtime value.)",
       {1, 12}},
      {"card(id: $a)", R"({"a":null})", R"(Argument "id" of non-null type "ID!" must not be null.)", {1, 12}},
      {"values(flags: null)", "{}", R"(Argument "flags" of non-null type "[Boolean!]!" must not be null.)", {1, 17}},
      {"values(flags: [$a])", "{}", R"(Argument "flags" has invalid value [$a].)", {1, 17}},
      {"values(flags: [$a])", R"({"a":null})", R"(Argument "flags" has invalid value [$a].)", {1, 17}},
      {"values(flags: [], int: 1.5)", "{}", R"(Argument "int" has invalid value 1.5.)", {1, 26}},
      {"values(int: 2147483648)", "{}", R"(Argument "int" has invalid value 2147483648.)", {1, 15}},
      {"values(float: 1e999)", "{}", R"(Argument "float" has invalid value 1e999.)", {1, 17}},
      {"values(color: GREEN)", "{}", R"(Argument "color" has invalid value GREEN.)", {1, 17}},
      {"values(color: \"RED\")", "{}", R"(Argument "color" has invalid value "RED".)", {1, 17}},
      {"cards(where: 1)", "{}", R"(Argument "where" has invalid value 1.)", {1, 16}},
      {"cards(where: {more: 1})", "{}", R"(Argument "where" has invalid value {more: 1}.)", {1, 16}},
      {"cards(where: {need: {}})", "{}", R"(Argument "where" has invalid value {need: {}}.)", {1, 16}},
      {"cards(where: {limit: $a})", R"({"a":null})", R"(Argument "where" has invalid value {limit: $a}.)", {1, 16}},
      {"lookup(by: {})", "{}", R"(Argument "by" has invalid value {}.)", {1, 14}},
      {"lookup(by: {id: null})", "{}", R"(Argument "by" has invalid value {id: null}.)", {1, 14}},
      {"lookup(by: {id: $a})", "{}", R"(Argument "by" has invalid value {id: $a}.)", {1, 14}},
      {"lookup(by: {id: 1, title: \"x\"})", "{}", R"(Argument "by" has invalid value {id: 1, title: "x"}.)", {1, 14}},
  };
  for (const Row& row : rows) {
    const auto outcome = arguments_of(test::card_types(), row.field, row.variables);
    ASSERT_FALSE(outcome) << row.field;
    EXPECT_EQ(outcome.error().message, row.said);
    EXPECT_EQ(outcome.error().locations, std::vector<Location>{row.location}) << row.field;
    EXPECT_EQ(outcome.error().extensions, (json::object{{"code", "BAD_USER_INPUT"}}));
  }
}

TEST(CoerceArguments, gives_numbers_their_one_form) {
  const auto values = arguments_of(test::card_types(), "values(int: 7, float: 7, any: 7)", "{}");
  ASSERT_TRUE(values);
  EXPECT_TRUE(values->at("int").is_int64());
  EXPECT_TRUE(values->at("float").is_double());
  EXPECT_TRUE(values->at("any").is_int64());
}

TEST(CoerceArguments, bounds_what_it_shows_of_a_literal) {
  EXPECT_LT(coerced("values(int: \"" + std::string(100'000, 'x') + "\")").size(), 300u);
}

TEST(CoerceArguments, refuses_to_make_a_short_document_large) {
  std::string field = "values(any: [";
  for (int i = 0; i < 10'000; ++i) field += "$a ";
  const std::string large = R"({"a":")" + std::string(100'000, 'x') + R"("})";
  EXPECT_EQ(coerced(field + "])", large), "Argument \"any\" repeats the values of variables until they are too large.");
  EXPECT_TRUE(coerced(field + "])", R"({"a":"small"})").starts_with(R"({"flags":[true],"any":["small")"));
}

TEST(CoerceArguments, checks_a_scalar_with_what_its_variables_stand_for) {
  TypeSystemBuilder builder;
  const TypeId point = builder.add_scalar("Point");
  builder.check_values(point, [](const json::value& value) -> std::expected<void, std::string> {
    if (value.is_array() && value.get_array().size() == 2 && value.get_array()[1].is_int64()) return {};
    return std::unexpected("A point is two numbers.");
  });
  const TypeId query = builder.add_object("Query");
  FieldDefinition at{.name = "at", .type = {.named = string_type}};
  at.arguments.push_back({.name = "thePoint", .type = {.named = point}, .source_name = "the_point"});
  builder.add_field(query, std::move(at));
  builder.set_root(OperationKind::query, query);
  const TypeSystem types = builder.finish().value();
  const auto outcome = arguments_of(types, "at(thePoint: [1, $y])", R"({"y":2})");
  ASSERT_TRUE(outcome);
  EXPECT_EQ(to_json_text(*outcome), R"({"the_point":[1,2]})");
  EXPECT_FALSE(arguments_of(types, "at(thePoint: [1, $y])", R"({"y":"2"})"));
  EXPECT_FALSE(arguments_of(types, "at(thePoint: [1])", "{}"));
}

}  // namespace
}  // namespace bailey::graphql
