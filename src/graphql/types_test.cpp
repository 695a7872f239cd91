#include <graphql/test_schema.hpp>
#include <graphql/types.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace bailey::graphql {
namespace {

constexpr TypeRef plain_int{.named = int_type};

TypeRef of(std::string_view name) { return {.named = test::card_types().find(name)->id}; }

TEST(TypeRef, wraps_and_unwraps_from_the_outside) {
  constexpr TypeRef type = plain_int.non_null().list().non_null();
  EXPECT_TRUE(type.is_non_null());
  EXPECT_FALSE(type.is_list());
  EXPECT_TRUE(type.nullable().is_list());
  EXPECT_EQ(type.item(), plain_int.non_null());
  EXPECT_EQ(type.item().nullable(), plain_int);
  EXPECT_EQ(plain_int.nullable(), plain_int);
  EXPECT_EQ(plain_int.item(), plain_int);
  EXPECT_EQ(type.non_null(), type);
}

TEST(TypeRef, has_room_for_sixteen_wrappers) {
  TypeRef type = plain_int;
  for (int i = 0; i < TypeRef::max_wrappers; ++i) {
    EXPECT_TRUE(type.has_room());
    type = type.list();
  }
  EXPECT_FALSE(type.has_room());
}

TEST(TypeSystem, writes_a_type_as_a_document_does) {
  const TypeSystem& types = test::card_types();
  EXPECT_EQ(types.to_string(plain_int), "Int");
  EXPECT_EQ(types.to_string(plain_int.non_null().list().non_null()), "[Int!]!");
  EXPECT_EQ(types.to_string(plain_int.list().non_null().list()), "[[Int]!]");
}

TEST(TypeSystem, finds_types_fields_arguments_and_values_by_name) {
  const TypeSystem& types = test::card_types();
  ASSERT_NE(types.find("Card"), nullptr);
  EXPECT_EQ(types.find("Cart"), nullptr);
  EXPECT_EQ(types.find(""), nullptr);
  const NamedType& query = *types.root(OperationKind::query);
  const FieldDefinition* const card = types.field(query, "card");
  ASSERT_NE(card, nullptr);
  ASSERT_NE(card->argument("id"), nullptr);
  EXPECT_TRUE(card->argument("id")->is_required());
  EXPECT_EQ(card->argument("ids"), nullptr);
  EXPECT_FALSE(types.find("CardFilter")->input_field("limit")->is_required());
  EXPECT_NE(types.find("Color")->enum_value("RED"), nullptr);
  EXPECT_EQ(types.find("Color")->enum_value("red"), nullptr);
  EXPECT_NE(types.directive("label"), nullptr);
  EXPECT_EQ(types.directive("@label"), nullptr);
}

TEST(TypeSystem, has_meta_fields_where_the_specification_has_them) {
  const TypeSystem& types = test::card_types();
  const NamedType &query = *types.root(OperationKind::query), &card = *types.find("Card");
  EXPECT_EQ(types.field(query, "__schema"), &types.schema_field());
  EXPECT_EQ(types.field(query, "__type"), &types.type_field());
  EXPECT_EQ(types.field(card, "__schema"), nullptr);
  EXPECT_EQ(types.field(card, "__typename"), &types.typename_field());
  EXPECT_EQ(types.field(*types.find("Found"), "__typename"), &types.typename_field());
  EXPECT_EQ(types.field(*types.find("Color"), "__typename"), nullptr);
  EXPECT_EQ(types.field(query, "__other"), nullptr);
}

TEST(TypeSystem, has_only_those_built_in_scalars_that_something_is_of) {
  const TypeSystem types = test::types_of("type Query { title: String }");
  EXPECT_EQ(types.find("Int"), nullptr);
  EXPECT_EQ(types.find("ID"), nullptr);
  EXPECT_NE(types.find("String"), nullptr);
  EXPECT_NE(types.find("Boolean"), nullptr);
  EXPECT_NE(test::card_types().find("Int"), nullptr);
  EXPECT_TRUE(std::ranges::none_of(types.types(), [&](TypeId id) { return types.type(id).name == "Int"; }));
}

TEST(TypeSystem, stays_whole_when_it_is_moved) {
  TypeSystem types = test::types_of("type Query { a(b: [String!] = [\"a long enough text to be kept\"]): String }");
  const TypeSystem moved = std::move(types);
  const FieldDefinition* const field = moved.find("Query")->field("a");
  ASSERT_NE(field, nullptr);
  EXPECT_EQ(field->argument("b")->default_value->items[0].text, "a long enough text to be kept");
}

TEST(TypeSystem, knows_what_a_value_of_a_type_can_be) {
  const TypeSystem& types = test::card_types();
  const auto id = [&](std::string_view name) { return types.find(name)->id; };
  EXPECT_EQ(types.possible_types(id("Owner")).size(), 2U);
  EXPECT_EQ(types.possible_types(id("Found")).size(), 3U);
  EXPECT_EQ(types.possible_types(id("Card")).size(), 1U);
  EXPECT_TRUE(types.is_possible(id("Node"), id("Card")));
  EXPECT_FALSE(types.is_possible(id("Owner"), id("Card")));
  EXPECT_TRUE(types.overlap(id("Found"), id("Owner")));
  EXPECT_TRUE(types.overlap(id("Node"), id("Titled")));
  EXPECT_TRUE(types.overlap(id("Card"), id("Found")));
  EXPECT_FALSE(types.overlap(id("Card"), id("Owner")));
  EXPECT_FALSE(types.overlap(id("Place"), id("Found")));
}

TEST(TypeSystem, knows_which_types_are_subtypes) {
  const TypeSystem& types = test::card_types();
  const TypeRef card = of("Card"), node = of("Node"), found = of("Found"), owner = of("Owner");
  EXPECT_TRUE(types.is_subtype(card, card));
  EXPECT_TRUE(types.is_subtype(card, node));
  EXPECT_TRUE(types.is_subtype(owner, node));
  EXPECT_TRUE(types.is_subtype(card, found));
  EXPECT_FALSE(types.is_subtype(node, card));
  EXPECT_FALSE(types.is_subtype(owner, found));
  EXPECT_TRUE(types.is_subtype(card.non_null(), node));
  EXPECT_FALSE(types.is_subtype(card, node.non_null()));
  EXPECT_TRUE(types.is_subtype(card.non_null().list().non_null(), node.list()));
  EXPECT_FALSE(types.is_subtype(card.list(), node.non_null().list()));
  EXPECT_FALSE(types.is_subtype(card.list(), node));
  EXPECT_FALSE(types.is_subtype(card, node.list()));
}

TEST(TypeSystem, has_the_types_that_introspection_answers_with) {
  const TypeSystem& types = test::card_types();
  for (const char* name : {"__Schema", "__Type", "__TypeKind", "__Field", "__InputValue", "__EnumValue", "__Directive",
                           "__DirectiveLocation"}) {
    ASSERT_NE(types.find(name), nullptr) << name;
    EXPECT_TRUE(is_built_in(types.find(name)->id)) << name;
  }
  EXPECT_FALSE(is_built_in(types.find("Query")->id));
  EXPECT_EQ(types.find("__DirectiveLocation")->enum_values.size(), 19U);
}

}  // namespace
}  // namespace bailey::graphql
