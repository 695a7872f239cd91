#include <graphql/coercion.hpp>

#include <graphql/test_schema.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {
namespace {

const OperationDefinition& operation_of(const Document& document) { return *document.definitions()[0].operation; }

const Field& field_of(const Document& document) { return *operation_of(document).selection_set->selections[0].field; }

TEST(IsIncluded, follows_skip_and_include) {
  const Variables variables{.values = {{"yes", true}, {"no", false}, {"none", nullptr}}};
  struct Row {
    std::string_view directives;
    bool included;
  };
  const Row rows[] = {
      {"", true},
      {"@skip(if: true)", false},
      {"@skip(if: false)", true},
      {"@include(if: true)", true},
      {"@include(if: false)", false},
      {"@skip(if: $yes)", false},
      {"@skip(if: $no)", true},
      {"@include(if: $yes)", true},
      {"@include(if: $no)", false},
      {"@skip(if: $yes) @include(if: $yes)", false},
      {"@skip(if: $no) @include(if: $yes)", true},
      {"@skip(if: $no) @include(if: $no)", false},
      {"@label(text: \"x\")", true},
      {"@include(if: $none)", false},
      {"@skip(if: $none)", true},
      {"@include(if: $unknown)", false},
  };
  for (const Row& row : rows) {
    const auto document = test::document_of("{ title " + std::string(row.directives) + " }");
    EXPECT_EQ(is_included(field_of(*document).directives, variables), row.included) << row.directives;
    const std::vector<Name> conditions = condition_variables(*document, operation_of(*document));
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < conditions.size(); ++i)
      if (conditions[i].text == "yes") mask |= std::uint64_t(1) << i;
    EXPECT_EQ(is_included(field_of(*document).directives, conditions, mask), row.included) << row.directives;
  }
}

TEST(ConditionVariables, are_those_of_an_operation_and_its_fragments_each_once) {
  const auto document = test::document_of(R"(
query A { title @skip(if: $a) ... @include(if: $b) { title @include(if: true) @skip(if: $a) } ...One @skip(if: $c)
          card(id: $z) { next { id @include(if: $d) } } }
query B { title @skip(if: $x) }
fragment Two on Query { title @skip(if: $f) ...One ...Missing }
fragment One on Query { title @label(if: $y) @include(if: $e) ...Two ...One }
fragment Three on Query { title @skip(if: $x) })");
  std::string names;
  for (const Name& name : condition_variables(*document, operation_of(*document))) names += name.text;
  EXPECT_EQ(names, "abcdef");
}

TEST(ConditionVariables, follow_a_long_chain_of_fragments) {
  std::string text = "{ ...F0 } ";
  for (int i = 0; i < 20'000; ++i)
    text += "fragment F" + std::to_string(i) + " on Query { ...F" + std::to_string(i + 1) + " } ";
  text += "fragment F20000 on Query { title @skip(if: $a) }";
  const auto document = test::document_of(text);
  EXPECT_EQ(condition_variables(*document, operation_of(*document)).size(), 1u);
}

TEST(ConditionMask, has_a_bit_for_each_that_is_true) {
  const auto document = test::document_of("{ title @skip(if: $a) @include(if: $b) card @skip(if: $c) }");
  const std::vector<Name> conditions = condition_variables(*document, operation_of(*document));
  const auto mask = [&](json::object values) { return condition_mask(*document, conditions, {.values = values}); };
  EXPECT_EQ(mask({{"a", true}, {"b", false}, {"c", true}}), 5u);
  EXPECT_EQ(mask({{"a", false}, {"b", true}, {"c", false}}), 2u);
  const auto null = mask({{"a", true}, {"b", nullptr}, {"c", true}});
  ASSERT_FALSE(null);
  EXPECT_EQ(null.error().message, "Argument \"if\" of non-null type \"Boolean!\" must not be null.");
  EXPECT_EQ(null.error().locations, (std::vector<Location>{{.line = 1, .column = 36}}));
  EXPECT_EQ(mask({{"a", true}}).error().message,
            "Argument \"if\" of required type \"Boolean!\" was provided the variable \"$b\" which was not provided a "
            "runtime value.");
}

TEST(ConditionMask, refuses_more_variables_than_it_has_bits) {
  std::string text = "{ ";
  Variables variables;
  for (int i = 0; i < 65; ++i) {
    text += "title @skip(if: $v" + std::to_string(i) + ") ";
    variables.values.emplace("v" + std::to_string(i), true);
  }
  const auto document = test::document_of(text + "}");
  std::vector<Name> conditions = condition_variables(*document, operation_of(*document));
  ASSERT_EQ(conditions.size(), 65u);
  EXPECT_FALSE(condition_mask(*document, conditions, variables));
  conditions.pop_back();
  EXPECT_EQ(condition_mask(*document, conditions, variables), ~std::uint64_t(0));
}

}  // namespace
}  // namespace bailey::graphql
