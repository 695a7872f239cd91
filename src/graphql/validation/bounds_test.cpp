// The bounds, each crossed; and documents made to be slow, which must be told so in time that is near to linear.
#include <graphql/test_schema.hpp>
#include <graphql/validation/validate.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {
namespace {

std::vector<std::string_view> broken_by(std::string_view text, const ValidationOptions& options = {}) {
  const std::unique_ptr<const Document> document = test::document_of(text);
  std::vector<std::string_view> rules;
  for (const ValidationError& error : validate(test::card_types(), *document, options)) rules.push_back(error.rule);
  return rules;
}

std::vector<std::string_view> broken_by(std::string_view text, const OperationBounds& bounds) {
  return broken_by(text, ValidationOptions{.bounds = bounds});
}

using Rules = std::vector<std::string_view>;

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

double cost_of(std::string_view text, const VariableNumber& variable = {}) {
  const std::unique_ptr<const Document> document = test::document_of(text);
  return operation_cost(test::card_types(), *document, *document->definitions()[0].operation, variable, 10);
}

TEST(OperationBounds, count_depth_through_fragments_and_not_through_inline_ones) {
  const OperationBounds three{.max_depth = 3};
  EXPECT_EQ(broken_by("{ card(id: 1) { next { id } } }", three), Rules());
  EXPECT_EQ(broken_by("{ ... on Query { card(id: 1) { ... { next { ... { id } } } } } }", three), Rules());
  EXPECT_EQ(broken_by("{ card(id: 1) { next { next { id } } } }", three), Rules{"MaxDepth"});
  EXPECT_EQ(
      broken_by("{ card(id: 1) { ...F } } fragment F on Card { next { ...G } } fragment G on Card { next { id } }",
                three),
      Rules{"MaxDepth"});
  EXPECT_EQ(broken_by("{ card(id: 1) { next { next { id } } } }", OperationBounds{.max_depth = 0}), Rules());
}

TEST(OperationBounds, leave_introspection_to_its_own_bound) {
  const std::string chain = "{ __type(name: \"Card\") { " + repeated("ofType { ", 20) + "name" + repeated(" }", 22);
  EXPECT_EQ(broken_by(chain), Rules());
  EXPECT_EQ(broken_by("{ __schema { types { fields { name } } } }", OperationBounds{.max_introspection_lists = 1}),
            Rules{"MaxIntrospectionDepth"});
}

TEST(OperationBounds, count_aliases_and_root_fields_wherever_a_fragment_is_spread) {
  const OperationBounds two{.max_aliases = 2, .max_root_fields = 3};
  EXPECT_EQ(broken_by("{ a: title b: title title }", two), Rules());
  EXPECT_EQ(broken_by("{ a: title b: title c: title }", two), Rules{"MaxAliases"});
  EXPECT_EQ(broken_by("{ title ...F ...F } fragment F on Query { title ...G } fragment G on Query { x: title }", two),
            Rules{"MaxRootFields"});
  EXPECT_EQ(broken_by("{ ...F ...F ...F } fragment F on Query { x: title }", two), Rules{"MaxAliases"});
}

TEST(OperationBounds, count_what_fragments_that_double_each_other_stand_for) {
  std::string text = "{ card(id: 1) { ...F0 } }";
  for (int i = 0; i < 60; ++i)
    text += " fragment F" + std::to_string(i) + " on Card { x: next { ...F" + std::to_string(i + 1) + " ...F" +
            std::to_string(i + 1) + " } }";
  text += " fragment F60 on Card { id }";
  EXPECT_EQ(broken_by(text, OperationBounds{.max_depth = 0}), Rules{"MaxAliases"});
}

TEST(OperationCost, counts_a_field_once_an_item_of_the_lists_around_it) {
  EXPECT_EQ(cost_of("{ title }"), 1);
  EXPECT_EQ(cost_of("{ cards(first: 3) { id views } }"), 1 + 3 * 2);
  EXPECT_EQ(cost_of("{ cards(first: 3) { owner { id } tags } }"), 1 + 3 * (2 + 1));
  EXPECT_EQ(cost_of("{ search(text: \"x\") { ... on Card { id } } }"), 1 + 10 * 1);
  EXPECT_EQ(cost_of("{ owner { ... on Company { staff(limit: 100) { friends(first: 100) { id } } } } }"),
            2 + 100 * (1 + 100));
}

TEST(OperationCost, takes_a_default_where_the_argument_is_not_given) {
  EXPECT_EQ(cost_of("{ cards { id } }"), 1 + 10 * 1);
}

TEST(OperationCost, knows_variables_that_it_is_told) {
  constexpr std::string_view text = "query ($n: Int) { ...F } fragment F on Query { cards(first: $n) { id } }";
  EXPECT_EQ(cost_of(text), 1 + 10 * 1);
  EXPECT_EQ(cost_of(text, [](std::string_view name) { return name == "n" ? std::optional(500.0) : std::nullopt; }),
            1 + 500 * 1);
}

TEST(OperationCost, gives_the_lists_of_a_connection_the_size_that_the_connection_has) {
  const TypeSystem types = test::types_of(
      "type Query { cards(first: Int): Cards } type Cards { edges: [Edge!]! } type Edge { node: Card } type Card { id: "
      "ID }");
  const std::unique_ptr<const Document> document =
      test::document_of("{ cards(first: 7) { ...E } } fragment E on Cards { edges { node { id } } }");
  EXPECT_EQ(operation_cost(types, *document, *document->definitions()[0].operation, {}, 10), 1 + 1 + 7 * 2);
}

TEST(OperationCost, is_a_bound_where_one_is_set) {
  EXPECT_EQ(broken_by("{ cards(first: 1000000) { id } }"), Rules());
  EXPECT_EQ(broken_by("{ cards(first: 1000000) { id } }", OperationBounds{.max_cost = 1000}), Rules{"MaxCost"});
  EXPECT_EQ(broken_by("{ cards(first: 99) { id } }", OperationBounds{.max_cost = 100}), Rules());
}

struct Hostile {
  std::string_view what;
  std::string text;
};

std::vector<Hostile> hostile_documents() {
  std::vector<Hostile> all;
  const auto chain = [](std::string_view head, auto&& fragment, int count) {
    std::string text(head);
    for (int i = 0; i < count; ++i) text += fragment(i);
    return text;
  };
  const auto number = [](int i) { return std::to_string(i); };
  all.push_back({"one field many times", "{ card(id: 1) { " + repeated("views ", 20000) + "} }"});
  all.push_back({"one key for two fields", "{ card(id: 1) { " + repeated("x: views x: color ", 5000) + "} }"});
  std::string nested = "id";
  for (int i = 0; i < 7; ++i) nested = repeated("next { " + nested + " } ", 4);
  all.push_back({"fields that overlap on each level", "{ card(id: 1) { " + nested + "} }"});
  all.push_back(
      {"a chain of fragments",
       chain(
           "{ ...F0 } fragment F3000 on Query { title }",
           [&](int i) { return " fragment F" + number(i) + " on Query { title ...F" + number(i + 1) + " }"; }, 3000)});
  all.push_back({"fragments that all spread each other", chain(
                                                             "{ ...F0 }",
                                                             [&](int i) {
                                                               std::string text =
                                                                   " fragment F" + number(i) + " on Query { title";
                                                               for (int j = 0; j < 150; ++j)
                                                                 text += " ...F" + number(j);
                                                               return text + " }";
                                                             },
                                                             150)});
  all.push_back({"two chains through fields",
                 chain(
                     "{ card(id: 1) { ...F0 ...G0 } } fragment F2000 on Card { id } fragment G2000 on Card { id }",
                     [&](int i) {
                       std::string text;
                       for (const char* letter : {"F", "G"})
                         text += std::string(" fragment ") + letter + number(i) + " on Card { next { ..." + letter +
                                 number(i + 1) + " } }";
                       return text;
                     },
                     2000)});
  all.push_back(
      {"many operations with many fragments",
       chain(
           chain(
               "", [&](int i) { return "query Q" + number(i) + " { ...F0 } "; }, 1000) +
               "fragment F1000 on Query { title }",
           [&](int i) { return " fragment F" + number(i) + " on Query { values(int: $x) ...F" + number(i + 1) + " }"; },
           1000)});
  all.push_back({"one argument many times", "{ card(" + repeated("id: 1 ", 20000) + ") { id } }"});
  all.push_back({"one long list", "{ values(any: [" + repeated("1 ", 50000) + "]) }"});
  std::string wide = "{";
  for (int i = 0; i < 20000; ++i) wide += " a" + number(i) + ": title";
  all.push_back({"aliases", wide + " }"});
  return all;
}

// The time is this process's, for others may have the machine meanwhile, and generous, for sanitizers: what it tells
// from is minutes.
TEST(HostileDocuments, end_in_time) {
  for (const Hostile& hostile : hostile_documents()) {
    const std::unique_ptr<const Document> document = test::document_of(hostile.text);
    const std::clock_t start = std::clock();
    const std::vector<ValidationError> errors = validate(test::card_types(), *document);
    const std::clock_t took = std::clock() - start;
    EXPECT_LT(took, 30 * CLOCKS_PER_SEC) << hostile.what;
    EXPECT_TRUE(hostile.what == "one long list" || !errors.empty()) << hostile.what;
  }
}

TEST(HostileDocuments, are_told_that_they_need_too_many_comparisons) {
  const std::string text = "{ card(id: 1) { " + repeated("views ", 2000) + "} }";
  EXPECT_EQ(broken_by(text, ValidationOptions{.max_field_comparisons = 1000}), Rules{"OverlappingFieldsCanBeMerged"});
  EXPECT_EQ(broken_by("{ title title }", ValidationOptions{.max_field_comparisons = 10}), Rules());
}

TEST(HostileDocuments, are_told_that_they_spread_their_fragments_too_often) {
  std::string text = "fragment F on Query { title }";
  for (int i = 0; i < 50; ++i) text += " query Q" + std::to_string(i) + " { ...F }";
  EXPECT_EQ(broken_by(text, ValidationOptions{.max_fragment_steps = 20}), Rules{"FragmentSteps"});
  EXPECT_EQ(broken_by(text), Rules());
}

}  // namespace
}  // namespace bailey::graphql
