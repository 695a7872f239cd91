#include <graphql/parser.hpp>

#include <graphql/test_schema.hpp>
#include <graphql/type_system_definition.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace bailey::graphql {
namespace {

std::string verdict(std::string_view text, const ParseLimits& limits = {}) {
  const auto document = parse(std::string(text), limits);
  if (document) return "";
  const SyntaxError& error = document.error();
  EXPECT_TRUE(error.message.starts_with("Syntax Error: "));
  return std::to_string(error.location.line) + ":" + std::to_string(error.location.column) + " " +
         error.message.substr(14);
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Parser, reads_an_operation_with_all_of_its_parts) {
  const auto document = parse(R"("what it is" query Cards("how many" $first: [Int!]! = [1] @label(text: "x")) @traced {
    mine: cards(first: $first, where: {a: 1.5, b: null, c: RED, d: true, e: [], f: {}}) @include(if: true) { id }
  })");
  ASSERT_TRUE(document) << document.error().message;
  const OperationDefinition& operation = *(*document)->definitions()[0].operation;
  EXPECT_EQ(operation.kind, OperationKind::query);
  EXPECT_EQ(operation.name.text, "Cards");
  EXPECT_EQ(operation.at, 0U);
  EXPECT_EQ(operation.description->text, "what it is");
  ASSERT_EQ(operation.variables.size(), 1U);
  const VariableDefinition& variable = operation.variables[0];
  EXPECT_EQ(variable.name.text, "first");
  EXPECT_EQ(variable.description->text, "how many");
  EXPECT_EQ(variable.type->kind, TypeNode::Kind::non_null);
  EXPECT_EQ(variable.type->of->kind, TypeNode::Kind::list);
  EXPECT_EQ(variable.type->of->of->of->name, "Int");
  EXPECT_EQ(variable.default_value->items.size(), 1U);
  EXPECT_EQ(variable.directives[0].arguments[0].value.text, "x");
  EXPECT_EQ(operation.directives[0].name.text, "traced");
  const Field& field = *operation.selection_set->selections[0].field;
  EXPECT_EQ(field.alias.text, "mine");
  EXPECT_EQ(field.name.text, "cards");
  EXPECT_EQ(field.response_key(), "mine");
  EXPECT_EQ(field.arguments[0].value.kind, Value::Kind::variable);
  EXPECT_EQ(field.arguments[0].value.text, "first");
  const auto fields = field.arguments[1].value.fields;
  ASSERT_EQ(fields.size(), 6U);
  const Value::Kind kinds[] = {Value::Kind::real,    Value::Kind::null, Value::Kind::enumeration,
                               Value::Kind::boolean, Value::Kind::list, Value::Kind::object};
  for (std::size_t i = 0; i < fields.size(); ++i) EXPECT_EQ(fields[i].value.kind, kinds[i]) << i;
  EXPECT_TRUE(fields[3].value.is_true);
  EXPECT_EQ(field.directives[0].name.text, "include");
  EXPECT_EQ(field.selection_set->selections[0].field->name.text, "id");
}

TEST(Parser, reads_fragments_and_what_spreads_them) {
  const auto document = parse("{ ...F @a ... on T @b { x } ... @c { y } ... { z } } fragment F on T @d { x }");
  ASSERT_TRUE(document) << document.error().message;
  const auto selections = (*document)->definitions()[0].operation->selection_set->selections;
  ASSERT_EQ(selections.size(), 4U);
  EXPECT_EQ(selections[0].spread->name.text, "F");
  EXPECT_EQ(selections[0].spread->directives[0].name.text, "a");
  EXPECT_EQ(selections[1].inline_fragment->type_condition.text, "T");
  EXPECT_EQ(selections[2].inline_fragment->type_condition.text, "");
  EXPECT_EQ(selections[2].inline_fragment->directives[0].name.text, "c");
  EXPECT_EQ(selections[3].inline_fragment->directives.size(), 0U);
  const FragmentDefinition& fragment = *(*document)->definitions()[1].fragment;
  EXPECT_EQ(fragment.name.text, "F");
  EXPECT_EQ(fragment.type_condition.text, "T");
  EXPECT_EQ(fragment.directives[0].name.text, "d");
}

TEST(Parser, takes_keywords_for_names_wherever_names_may_stand) {
  for (const std::string_view word : {"on", "fragment", "query", "mutation", "subscription", "true", "false", "null",
                                      "type", "extend", "schema", "input", "repeatable", "implements"}) {
    const std::string w(word);
    EXPECT_EQ(verdict("query " + w + "($" + w + ": " + w + ") @" + w + " { " + w + ": " + w + "(" + w + ": $" + w +
                      ") ... on " + w + " { " + w + " } }"),
              "");
    if (word != "on") {
      EXPECT_EQ(verdict("{ ..." + w + " } fragment " + w + " on " + w + " { " + w + " }"), "");
    }
  }
}

TEST(Parser, gives_a_name_and_a_plain_string_as_views_into_its_text) {
  const auto document = parse(R"({ title(a: "plain", b: """plain""", c: "es\\caped") })");
  ASSERT_TRUE(document);
  const std::string_view text = (*document)->text();
  const auto is_in_text = [&](std::string_view part) {
    return part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size();
  };
  const Field& field = *(*document)->definitions()[0].operation->selection_set->selections[0].field;
  EXPECT_TRUE(is_in_text(field.name.text));
  EXPECT_TRUE(is_in_text(field.arguments[0].value.text));
  EXPECT_TRUE(is_in_text(field.arguments[1].value.text));
  EXPECT_FALSE(is_in_text(field.arguments[2].value.text));
  EXPECT_EQ(field.arguments[2].value.text, R"(es\caped)");
}

TEST(Parser, reads_each_definition_of_a_type_system) {
  const auto document = parse(R"(
"s" schema @a { query: Q mutation: M }
"d" scalar S @specifiedBy(url: "u")
"d" type T implements & A & B @a { "f" f("a" a: Int = 1 @a, b: [S!]!): T! @a }
interface I implements A { f: Int }
union U @a = | A | B
enum E @a { "v" V @a W }
input N @a { "i" a: Int = 1 @a b: Int }
"d" directive @x("a" a: Int) repeatable on | FIELD | ENUM_VALUE
type Bare
union None
extend schema @a
extend type T implements C
extend enum E { X }
)");
  ASSERT_TRUE(document) << document.error().message;
  const auto definitions = (*document)->definitions();
  ASSERT_EQ(definitions.size(), 13U);
  using Kind = TypeSystemDefinition::Kind;
  const auto at = [&](std::size_t i) -> const TypeSystemDefinition& { return *definitions[i].type_system; };
  const Kind kinds[] = {Kind::schema,      Kind::scalar,       Kind::object,     Kind::interface, Kind::union_type,
                        Kind::enumeration, Kind::input_object, Kind::directive,  Kind::object,    Kind::union_type,
                        Kind::schema,      Kind::object,       Kind::enumeration};
  for (std::size_t i = 0; i < 13; ++i) {
    EXPECT_EQ(at(i).kind, kinds[i]) << i;
    EXPECT_EQ(at(i).is_extension, i >= 10) << i;
  }
  EXPECT_EQ(at(0).description->text, "s");
  EXPECT_EQ(at(0).operation_types[1].kind, OperationKind::mutation);
  EXPECT_EQ(at(0).operation_types[1].type.text, "M");
  EXPECT_EQ(at(1).directives[0].arguments[0].value.text, "u");
  ASSERT_EQ(at(2).interfaces.size(), 2U);
  EXPECT_EQ(at(2).interfaces[1].text, "B");
  const FieldDefinitionNode& field = at(2).fields[0];
  EXPECT_EQ(field.description->text, "f");
  EXPECT_EQ(field.arguments[0].default_value->text, "1");
  EXPECT_EQ(field.arguments[0].directives.size(), 1U);
  EXPECT_EQ(field.arguments[1].type->of->of->kind, TypeNode::Kind::non_null);
  EXPECT_EQ(field.type->kind, TypeNode::Kind::non_null);
  EXPECT_EQ(at(4).members.size(), 2U);
  EXPECT_EQ(at(5).values[0].description->text, "v");
  EXPECT_EQ(at(5).values[1].name.text, "W");
  EXPECT_EQ(at(6).input_fields.size(), 2U);
  EXPECT_TRUE(at(7).is_repeatable);
  EXPECT_THAT(at(7).locations, testing::ElementsAre(DirectiveLocation::field, DirectiveLocation::enum_value));
  EXPECT_EQ(at(11).interfaces[0].text, "C");
  EXPECT_EQ(at(12).values[0].name.text, "X");
}

// The place and the words of each are the reference implementation's.
TEST(Parser, says_what_it_expected_and_where) {
  constexpr struct {
    std::string_view text, verdict;
  } rows[] = {
      {"", "1:1 Unexpected <EOF>."},
      {"# nothing", "1:10 Unexpected <EOF>."},
      {"{", "1:2 Expected Name, found <EOF>."},
      {"{ }", R"(1:3 Expected Name, found "}".)"},
      {"{ a", "1:4 Expected Name, found <EOF>."},
      {"{ a } }", R"(1:7 Unexpected "}".)"},
      {"{ a: }", R"(1:6 Expected Name, found "}".)"},
      {"{ a { } }", R"(1:7 Expected Name, found "}".)"},
      {"{ a() }", R"~(1:5 Expected Name, found ")".)~"},
      {"{ a(b) }", R"~(1:6 Expected ":", found ")".)~"},
      {"{ a(b:) }", R"~(1:7 Unexpected ")".)~"},
      {"{ a(b: 1 }", R"(1:10 Expected Name, found "}".)"},
      {"{ a(b: $) }", R"~(1:9 Expected Name, found ")".)~"},
      {"{ a(b: [1) }", R"~(1:10 Unexpected ")".)~"},
      {"{ a(b: {c 1}) }", R"(1:11 Expected ":", found Int "1".)"},
      {"{ a @ }", R"(1:7 Expected Name, found "}".)"},
      {"{ a @b( }", R"(1:9 Expected Name, found "}".)"},
      {"{ ...on }", R"(1:9 Expected Name, found "}".)"},
      {"{ ... }", R"(1:7 Expected "{", found "}".)"},
      {"{ ... on T }", R"(1:12 Expected "{", found "}".)"},
      {"{ .. }", R"(1:3 Unexpected character: ".".)"},
      {"query", "1:6 Expected \"{\", found <EOF>."},
      {"query A B { a }", R"(1:9 Expected "{", found Name "B".)"},
      {"query () { a }", R"~(1:8 Expected "$", found ")".)~"},
      {"query ($a) { a }", R"~(1:10 Expected ":", found ")".)~"},
      {"query ($a:) { a }", R"~(1:11 Expected Name, found ")".)~"},
      {"query ($a: [Int) { a }", R"~(1:16 Expected "]", found ")".)~"},
      {"query ($a: Int = ) { a }", R"~(1:18 Unexpected ")".)~"},
      {"query ($a: Int = $b) { a }", R"(1:18 Unexpected variable "$b" in constant value.)"},
      {"query ($a: Int = [$b]) { a }", R"(1:19 Unexpected variable "$b" in constant value.)"},
      {"query ($a: Int = $) { a }", R"(1:18 Unexpected "$".)"},
      {"query ($a: Int @b(c: $d)) { a }", R"(1:22 Unexpected variable "$d" in constant value.)"},
      {"notanoperation Foo { field }", R"(1:1 Unexpected Name "notanoperation".)"},
      {"fragment on on T { a }", R"(1:10 Unexpected Name "on".)"},
      {"fragment F T { a }", R"(1:12 Expected "on", found Name "T".)"},
      {"fragment F on { a }", R"(1:15 Expected Name, found "{".)"},
      {"fragment F on T", R"(1:16 Expected "{", found <EOF>.)"},
      {R"("d" { a })", "1:1 Unexpected description, descriptions are not supported on shorthand queries."},
      {R"("d" extend type T { a: Int })", "1:1 Unexpected description, only GraphQL definitions support descriptions."},
      {R"("d" other)", "1:1 Unexpected description, only GraphQL definitions support descriptions."},
      {R"("d")", "1:4 Unexpected <EOF>."},
      {R"("d" "e" type T)", R"(1:5 Unexpected String "e".)"},
      {"1", R"(1:1 Unexpected Int "1".)"},
      {"1.5", R"(1:1 Unexpected Float "1.5".)"},
      {R"({ """b""" })", R"(1:3 Expected Name, found BlockString "b".)"},
      {"{\n  a\n  ?\n}", R"(3:3 Unexpected character: "?".)"},
      {"{\r\n  a\r  ?\n}", R"(3:3 Unexpected character: "?".)"},
      {"{ a(b: \"é😀\") ? }", R"(1:15 Unexpected character: "?".)"},
      {"schema { }", R"(1:10 Expected Name, found "}".)"},
      {"schema", R"(1:7 Expected "{", found <EOF>.)"},
      {"schema { other: T }", R"(1:10 Unexpected Name "other".)"},
      {"schema { query T }", R"(1:16 Expected ":", found Name "T".)"},
      {"scalar", "1:7 Expected Name, found <EOF>."},
      {"type T { }", R"(1:10 Expected Name, found "}".)"},
      {"type T { a }", R"(1:12 Expected ":", found "}".)"},
      {"type T { a(): Int }", R"~(1:12 Expected Name, found ")".)~"},
      {"type T implements { a: Int }", R"(1:19 Expected Name, found "{".)"},
      {"type T implements A B { a: Int }", R"(1:21 Unexpected Name "B".)"},
      {"union U = ", "1:11 Expected Name, found <EOF>."},
      {"union U = A |", "1:14 Expected Name, found <EOF>."},
      {"enum E { true }", R"(1:10 Name "true" is reserved and cannot be used for an enum value.)"},
      {"enum E { null }", R"(1:10 Name "null" is reserved and cannot be used for an enum value.)"},
      {"enum E { }", R"(1:10 Expected Name, found "}".)"},
      {"input I { a(b: Int): Int }", R"(1:12 Expected ":", found "(".)"},
      {"input I { a: Int = $b }", R"(1:20 Unexpected variable "$b" in constant value.)"},
      {"directive d on FIELD", R"(1:11 Expected "@", found Name "d".)"},
      {"directive @d FIELD", R"(1:14 Expected "on", found Name "FIELD".)"},
      {"directive @d on FIELDS", R"(1:17 Unexpected Name "FIELDS".)"},
      {"directive @d on", "1:16 Expected Name, found <EOF>."},
      {"extend", "1:7 Unexpected <EOF>."},
      {"extend query { a }", R"(1:8 Unexpected Name "query".)"},
      {"extend directive @d on FIELD", R"(1:8 Unexpected Name "directive".)"},
      {"extend scalar S", "1:16 Unexpected <EOF>."},
      {"extend type T", "1:14 Unexpected <EOF>."},
      {"extend schema", "1:14 Unexpected <EOF>."},
      {"extend union U", "1:15 Unexpected <EOF>."},
      {"extend enum E type T", R"(1:15 Unexpected Name "type".)"},
      {"extend input I", "1:15 Unexpected <EOF>."},
      {"extend interface I", "1:19 Unexpected <EOF>."},
  };
  for (const auto& row : rows) EXPECT_EQ(verdict(row.text), row.verdict) << row.text;
}

TEST(Parser, refuses_what_is_not_utf8_at_its_first_wrong_byte) {
  EXPECT_EQ(verdict("{ a } # \xff"), "1:9 Document is not valid UTF-8.");
  EXPECT_EQ(verdict("{ a(b: \"\xed\xa0\x80\") }"), "1:9 Document is not valid UTF-8.");
  EXPECT_EQ(verdict("{ a }\n\xc3"), "2:1 Document is not valid UTF-8.");
}

TEST(Parser, counts_tokens_and_stops_at_the_first_that_is_too_many) {
  EXPECT_EQ(verdict("{ a b }", {.max_tokens = 4}), "");
  EXPECT_EQ(verdict("{ a b c }", {.max_tokens = 4}), "1:9 Document contains more than 4 tokens. Parsing aborted.");
  EXPECT_EQ(verdict("# a b c d e\n{ a # f g\n }", {.max_tokens = 3}), "");
  EXPECT_EQ(verdict("{ " + repeated("a ", 20'000) + "}", {.max_tokens = 0}), "");
  EXPECT_EQ(verdict("{ " + repeated("a ", 20'000) + "}"),
            "1:30001 Document contains more than 15000 tokens. Parsing aborted.");
}

TEST(Parser, bounds_how_deep_selection_sets_values_and_types_are_nested) {
  const ParseLimits limits{.max_nesting = 4};
  const std::string fault = " Document is nested more than 4 levels deep. Parsing aborted.";
  EXPECT_EQ(verdict("{ a { a { a { a } } } }", limits), "");
  EXPECT_EQ(verdict("{ a { a { a { a { a } } } } }", limits), "1:17" + fault);
  EXPECT_EQ(verdict("{ ... { ... { ... { ... { a } } } } }", limits), "1:25" + fault);
  EXPECT_EQ(verdict("{ a(b: [[[1]]]) }", limits), "");
  EXPECT_EQ(verdict("{ a(b: [[[[1]]]]) }", limits), "1:11" + fault);
  EXPECT_EQ(verdict("{ a(b: {c: {c: {c: {}}}}) }", limits), "1:20" + fault);
  EXPECT_EQ(verdict("query ($a: [[[Int]]]) { a }", limits), "");
  EXPECT_EQ(verdict("query ($a: [[[[Int]]]]) { a }", limits), "1:16" + fault);
}

// Each would be deep in the stack, or slow, were there no bound.
TEST(Parser, refuses_a_megabyte_of_anything_without_going_down_with_it) {
  constexpr std::size_t megabyte = 1'000'000;
  for (const std::string_view part : {"{", "{a", "[", "a(b:[", "a(b:{c:", "...{", "(", "@a", "\"", "\"\"\"", "1 ", "a ",
                                      "#\n", "\\", "query($a:[", "type T{a:[", "\"\\u0041\" ", "-", "$a"}) {
    EXPECT_NE(verdict(repeated(part, megabyte / part.size())), "") << part;
    EXPECT_NE(verdict("{ a" + repeated(part, megabyte / part.size())), "") << part;
    EXPECT_NE(verdict("{ a(b: " + repeated(part, megabyte / part.size())), "") << part;
    EXPECT_NE(verdict("query ($a: " + repeated(part, megabyte / part.size())), "") << part;
  }
}

TEST(Parser, shows_only_so_much_of_a_long_token) {
  EXPECT_EQ(verdict(std::string(1'000, 'x')), "1:1 Unexpected Name \"" + std::string(100, 'x') + "…\".");
}

}  // namespace
}  // namespace bailey::graphql
