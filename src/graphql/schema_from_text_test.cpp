#include <graphql/schema_from_text.hpp>

#include <graphql/schema_printer.hpp>
#include <graphql/test_schema.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace bailey::graphql {
namespace {

std::vector<std::string> problems_of(std::string_view text) {
  auto types = schema_from_text(std::string(text));
  return types ? std::vector<std::string>() : std::move(types.error());
}

TEST(SchemaFromText, has_what_the_document_defines) {
  const TypeSystem types = test::types_of(R"(
"the schema" schema { query: Root }
"the root" type Root { find("which" by: By = {id: "1"}): Found! old: Int @deprecated(reason: "new") }
interface Found { url: Url }
type Page implements Found { url: Url }
scalar Url @specifiedBy(url: "https://example.org/url")
input By @oneOf { id: ID name: String }
directive @mark(text: String! = "x") repeatable on FIELD | OBJECT
)");
  EXPECT_EQ(types.description(), "the schema");
  const NamedType& root = *types.root(OperationKind::query);
  EXPECT_EQ(root.description, "the root");
  const InputValue& by = root.fields[0].arguments[0];
  EXPECT_EQ(by.description, "which");
  EXPECT_EQ(by.default_value->fields[0].value.text, "1");
  EXPECT_EQ(types.to_string(root.fields[0].type), "Found!");
  EXPECT_EQ(root.fields[1].deprecation_reason, "new");
  EXPECT_EQ(types.find("Url")->specified_by_url, "https://example.org/url");
  EXPECT_TRUE(types.find("By")->is_one_of);
  EXPECT_TRUE(types.directive("mark")->is_repeatable);
  EXPECT_EQ(types.root(OperationKind::mutation), nullptr);
}

TEST(SchemaFromText, takes_the_usual_names_for_roots_where_there_is_no_schema_definition) {
  const TypeSystem types = test::types_of("type Query { a: Int } type Mutation { a: Int } type Other { a: Int }");
  EXPECT_EQ(types.root(OperationKind::query)->name, "Query");
  EXPECT_EQ(types.root(OperationKind::mutation)->name, "Mutation");
  EXPECT_EQ(types.root(OperationKind::subscription), nullptr);
  EXPECT_EQ(test::types_of("schema { query: Query } type Query { a: Int } type Mutation { a: Int }")
                .root(OperationKind::mutation),
            nullptr);
}

TEST(SchemaFromText, extends_types_wherever_the_extension_stands) {
  const TypeSystem types = test::types_of(R"(
extend type Query implements Titled { title: String }
type Query { kind: Kind found: Found }
interface Titled { title: String }
enum Kind { A }
extend enum Kind { B }
union Found = Query
extend union Found = Other
type Other { a(by: By): Any }
input By { id: ID }
extend input By @oneOf { name: String }
scalar Any
extend scalar Any @specifiedBy(url: "u")
extend schema { mutation: Other }
)");
  EXPECT_EQ(types.root(OperationKind::query)->fields.size(), 3U);
  EXPECT_EQ(types.root(OperationKind::query)->interfaces.size(), 1U);
  EXPECT_EQ(types.root(OperationKind::mutation)->name, "Other");
  EXPECT_EQ(types.find("Kind")->enum_values.size(), 2U);
  EXPECT_EQ(types.find("Found")->members.size(), 2U);
  EXPECT_EQ(types.find("By")->input_fields.size(), 2U);
  EXPECT_TRUE(types.find("By")->is_one_of);
  EXPECT_EQ(types.find("Any")->specified_by_url, "u");
}

TEST(SchemaFromText, reads_what_the_schema_printer_prints) {
  const std::string printed = print_schema(test::card_types());
  EXPECT_EQ(print_schema(test::types_of(printed)), printed);
}

TEST(SchemaFromText, says_each_problem_of_a_document) {
  constexpr struct {
    std::string_view text, problem;
  } rows[] = {
      {"type Query { a }", R"(Syntax Error: Expected ":", found "}". (1:16))"},
      {"type Query { a: Int } { a }", "An operation or a fragment is no definition of the type system."},
      {"type Query { a: Other }", R"(Unknown type "Other".)"},
      {"type Query { a: Int } type Query { a: Int }", R"(There can be only one type named "Query".)"},
      {"type Query { a: Int } extend type Other { a: Int }",
       R"(Cannot extend type "Other" because it is not defined.)"},
      {"type Query { a: Int } extend input Query { a: Int }", R"(Cannot extend non-input type "Query".)"},
      {"schema { query: Query } schema { query: Query } type Query { a: Int }",
       "Must provide only one schema definition."},
      {"schema { query: Query query: Query } type Query { a: Int }", "There can be only one query type in schema."},
      {"type Query @no { a: Int }", R"(Unknown directive "@no".)"},
      {"type Query { a: Int @oneOf }", R"(Directive "@oneOf" may not be used on FIELD_DEFINITION.)"},
      {"type Query { a: Int @skip(if: true) }", R"(Directive "@skip" may not be used on FIELD_DEFINITION.)"},
      {"type Query { a: Int @deprecated(reason: 1) }",
       R"(Argument "reason" of directive "@deprecated": String cannot represent a non string value: 1)"},
      {"type Query { a: S } scalar S @specifiedBy",
       R"(Argument "url" of directive "@specifiedBy" is required, but it was not provided.)"},
      {"type Query { a: Int @deprecated(why: 1) }", R"(Unknown argument "why" on directive "@deprecated".)"},
      {"type Query { a: Int @deprecated(reason: \"a\", reason: \"b\") }",
       R"(There can be only one argument named "reason".)"},
      {"type Query { a: Int @deprecated @deprecated }",
       R"(The directive "@deprecated" can only be used once at this location.)"},
      {"type Query { a: [[[[[[[[[[[[[[[[[Int]]]]]]]]]]]]]]]]] }", "A type is in more than 16 lists and non-nulls."},
      {"type Other { a: Int }", "Query root type must be provided."},
      {"directive @a on FIELD directive @a on FIELD type Query { a: Int }",
       R"(There can be only one directive named "@a".)"},
  };
  for (const auto& row : rows)
    EXPECT_THAT(problems_of(row.text), testing::Contains(std::string(row.problem))) << row.text;
}

}  // namespace
}  // namespace bailey::graphql
