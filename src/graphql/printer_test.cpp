#include <graphql/printer.hpp>

#include <graphql/parser.hpp>
#include <graphql/test_schema.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace bailey::graphql {
namespace {

std::string printed(std::string_view text) { return print_document(*test::document_of(text)); }

struct Row {
  std::string_view text, printed;
};

// What is printed reads and prints as itself.
void expect_printed(const Row& row) {
  const std::string once = printed(row.text);
  EXPECT_EQ(once, row.printed) << row.text;
  EXPECT_EQ(printed(once), once);
}

TEST(DocumentPrinter, lays_out_operations_and_fragments) {
  constexpr Row rows[] = {
      {"{a,b}", "{\n  a\n  b\n}"},
      {"query{a}", "{\n  a\n}"},
      {"query Q{a}", "query Q {\n  a\n}"},
      {"query@d{a}", "query @d {\n  a\n}"},
      {"query($a:[Int!]!=[1,2]@d,$b:B){a}", "query ($a: [Int!]! = [1, 2] @d, $b: B) {\n  a\n}"},
      {"mutation{a}", "mutation {\n  a\n}"},
      {"subscription S{a}", "subscription S {\n  a\n}"},
      {"{a:b(c:$d)@e{f}}", "{\n  a: b(c: $d) @e {\n    f\n  }\n}"},
      {"{...F@d ...on T@d{a}...@d{a}...{a}}",
       "{\n  ...F @d\n  ... on T @d {\n    a\n  }\n  ... @d {\n    a\n  }\n  ... {\n    a\n  }\n}"},
      {"fragment F on T@d{a} {b}", "fragment F on T @d {\n  a\n}\n\n{\n  b\n}"},
      {"\"d\" query{a} \"e\" fragment F on T{a}", "\"d\"\nquery {\n  a\n}\n\n\"e\"\nfragment F on T {\n  a\n}"},
      {"query(\"d\"$a:Int,$b:Int){a}", "query (\n\"d\"\n$a: Int\n$b: Int\n) {\n  a\n}"},
      {"# nothing of this\n{ a # stays\n}", "{\n  a\n}"},
  };
  for (const Row& row : rows) expect_printed(row);
}

TEST(DocumentPrinter, writes_each_kind_of_value) {
  constexpr Row rows[] = {
      {"{a(b:[1,-2.50e3,true,false,null,RED,$v,[],{}])}",
       "{\n  a(b: [1, -2.50e3, true, false, null, RED, $v, [], {}])\n}"},
      {"{a(b:{c:{d:1}e:2})}", "{\n  a(b: {c: {d: 1}, e: 2})\n}"},
      {R"({a(b:"\u0041\n\u{1F600}\"\u0001\u0085\/")})", "{\n  a(b: \"A\\n😀\\\"\\u0001\\u0085/\")\n}"},
      {"{a(b:\"\"\"one\"\"\")}", "{\n  a(b: \"\"\"one\"\"\")\n}"},
      {"{a(b:\"\"\"\none\n  two\n\"\"\")}", "{\n  a(b: \"\"\"\n  one\n    two\n  \"\"\")\n}"},
  };
  for (const Row& row : rows) expect_printed(row);
}

TEST(DocumentPrinter, breaks_the_arguments_of_a_field_where_a_line_would_be_longer_than_eighty) {
  const std::string most(70, 'x');
  EXPECT_EQ(printed("{f(a:\"" + most + "\")}"), "{\n  f(a: \"" + most + "\")\n}");
  EXPECT_EQ(printed("{ff(a:\"" + most + "\")}"), "{\n  ff(a: \"" + most + "\")\n}");
  EXPECT_EQ(printed("{a:ff(a:\"" + most + "\" b: 1)@d{e}}"),
            "{\n  a: ff(\n    a: \"" + most + "\"\n    b: 1\n  ) @d {\n    e\n  }\n}");
  EXPECT_EQ(printed("{fffff(a:\"" + most + "\")}"), "{\n  fffff(\n    a: \"" + most + "\"\n  )\n}");
}

TEST(DocumentPrinter, lays_out_definitions_of_a_type_system) {
  constexpr Row rows[] = {
      {"\"s\"schema@a{query:Q mutation:M}", "\"s\"\nschema @a {\n  query: Q\n  mutation: M\n}"},
      {"scalar S@a", "scalar S @a"},
      {"type T", "type T"},
      {"type T implements&A&B@a{a:Int \"d\" b(c:Int=1@a,\"e\"d:[S!]):T!@a}",
       "type T implements A & B @a {\n  a: Int\n  \"d\"\n  b(\n    c: Int = 1 @a\n    \"e\"\n    d: [S!]\n  ): T! "
       "@a\n}"},
      {"interface I implements A{a(b:Int,c:Int):Int}", "interface I implements A {\n  a(b: Int, c: Int): Int\n}"},
      {"union U@a=|A|B", "union U @a = A | B"},
      {"enum E@a{\"\"\"v\"\"\"A@a B}", "enum E @a {\n  \"\"\"v\"\"\"\n  A @a\n  B\n}"},
      {"input I@a{\"d\"a:Int=1@a b:[S]}", "input I @a {\n  \"d\"\n  a: Int = 1 @a\n  b: [S]\n}"},
      {"directive@a(b:Int)repeatable on|FIELD|QUERY", "directive @a(b: Int) repeatable on FIELD | QUERY"},
      {"directive@a(\"d\"b:Int)on FIELD", "directive @a(\n  \"d\"\n  b: Int\n) on FIELD"},
      {"extend schema@a{query:Q}", "extend schema @a {\n  query: Q\n}"},
      {"extend type T implements A", "extend type T implements A"},
      {"extend union U=A extend scalar S@a", "extend union U = A\n\nextend scalar S @a"},
      {"extend enum E{A}extend input I{a:Int}extend interface I@a",
       "extend enum E {\n  A\n}\n\nextend input I {\n  a: Int\n}\n\nextend interface I @a"},
      {"\"\"\"\nof two\nlines\n\"\"\"type T{\"\"\"\nof two\nlines\n\"\"\"a:Int}",
       "\"\"\"\nof two\nlines\n\"\"\"\ntype T {\n  \"\"\"\n  of two\n  lines\n  \"\"\"\n  a: Int\n}"},
  };
  for (const Row& row : rows) expect_printed(row);
}

TEST(DocumentPrinter, prints_a_whole_schema_so_that_it_prints_the_same_again) {
  const std::string once = printed(test::card_schema);
  EXPECT_EQ(printed(once), once);
}

// The words of the language in any order: what is a document prints as one that prints the same.
TEST(DocumentPrinter, prints_what_it_has_printed_unchanged) {
  constexpr std::string_view words[] = {
      "{", "}",     "{ a }",         "(",        ")",   "$a",       ":",          "a",
      "B", "[Int]", "= 1",           "@d",       "!",   "query",    "type",       "on",
      "1", "\"s\"", "\"\"\"b\"\"\"", "fragment", "...", "{ x: y }", "implements", "a: B"};
  std::uint32_t seed = 1;
  const auto next = [&](std::size_t below) {
    seed = seed * 1'664'525 + 1'013'904'223;
    return (seed >> 8) % below;
  };
  std::size_t documents = 0;
  for (int i = 0; i < 40'000; ++i) {
    std::string text = i % 2 == 0 ? "{ a " : "type T { a: B ";
    for (std::size_t left = next(6); left > 0; --left) text.append(words[next(std::size(words))]).append(" ");
    text += "}";
    const auto document = parse(text);
    if (!document) continue;
    ++documents;
    const std::string once = print_document(**document);
    ASSERT_EQ(printed(once), once) << text;
  }
  EXPECT_GT(documents, 1'000U);
}

}  // namespace
}  // namespace bailey::graphql
