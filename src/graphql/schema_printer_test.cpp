#include <graphql/schema_printer.hpp>
#include <graphql/test_schema.hpp>

#include <gtest/gtest.h>

#include <string_view>

namespace bailey::graphql {
namespace {

constexpr std::string_view with_all = R"("""The schema"""
schema {
  query: Root
  mutation: Change
}

directive @plain on FIELD | OBJECT

directive @tagged(
  """why"""
  a: Int = 3
  b: Kind = A
) repeatable on FIELD | QUERY

input By @oneOf {
  """the first"""
  a: Int

  """the second"""
  b: String
}

"""What changes"""
type Change {
  do(by: By!): Date
}

scalar Date @specifiedBy(url: "https://example.org/date")

type Impl implements Named & Node {
  f: Float
  id: ID!
  name: Int
}

"""
ends in a quote"
"""
enum Kind {
  A @deprecated(reason: "")
  Z
}

interface Named {
  name: Int
}

interface Node implements Named {
  id: ID!
  name: Int
}

union Outcome = Change | Root

type Root {
  """first"""
  a(
    """one"""
    x: Int = 1 @deprecated
    y: [String!] = ["a\nb"]
  ): String @deprecated
  b(by: By): Kind @deprecated(reason: "use \"a\"")

  """
  a description of a field that does not fit on one line, because it is longer than seventy
  """
  c: Outcome
}
)";

TEST(SchemaPrinter, prints_each_kind_of_type_so_that_it_reads_back_as_the_same) {
  const TypeSystem types = test::types_of(with_all);
  EXPECT_EQ(print_schema(types), with_all);
  EXPECT_EQ(print_schema(types, SchemaOrder::as_defined), with_all);
}

TEST(SchemaPrinter, sorts_unless_it_is_told_not_to) {
  const TypeSystem types = test::types_of(
      "type Query { b(d: Int, c: Int): B10 a: B2 } enum B10 { Z A } type B2 { x: Int } union A = Query | B2");
  EXPECT_EQ(print_schema(types), R"(union A = B2 | Query

type B2 {
  x: Int
}

enum B10 {
  A
  Z
}

type Query {
  a: B2
  b(c: Int, d: Int): B10
}
)");
  EXPECT_EQ(print_schema(types, SchemaOrder::as_defined), R"(type Query {
  b(d: Int, c: Int): B10
  a: B2
}

enum B10 {
  Z
  A
}

type B2 {
  x: Int
}

union A = Query | B2
)");
}

TEST(SchemaPrinter, leaves_out_the_roots_where_they_have_their_usual_names) {
  EXPECT_FALSE(print_schema(test::card_types()).contains("schema {"));
}

}  // namespace
}  // namespace bailey::graphql
