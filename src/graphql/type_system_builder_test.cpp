#include <graphql/type_system_builder.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::graphql {
namespace {

using Problems = std::vector<std::string>;

constexpr TypeRef text{.named = string_type}, number{.named = int_type};

// A schema that is right, with what the test adds to it.
Problems problems_of(const std::function<void(TypeSystemBuilder&)>& add) {
  TypeSystemBuilder builder;
  const TypeId query = builder.add_object("Query");
  builder.add_field(query, {.name = "title", .type = text});
  builder.set_root(OperationKind::query, query);
  add(builder);
  const auto types = builder.finish();
  return types ? Problems() : types.error();
}

TypeId object(TypeSystemBuilder& builder, std::string_view name) {
  const TypeId id = builder.add_object(name);
  builder.add_field(id, {.name = "title", .type = text});
  return id;
}

TEST(TypeSystemBuilder, makes_a_schema_of_types_that_are_named_before_they_are_added) {
  TypeSystemBuilder builder;
  const TypeId query = builder.add_object("Query");
  builder.add_field(query, {.name = "card", .type = {.named = builder.named("Card")}});
  builder.set_root(OperationKind::query, query);
  object(builder, "Card");
  const auto types = builder.finish();
  ASSERT_TRUE(types);
  EXPECT_EQ(types->type(types->find("Query")->field("card")->type).name, "Card");
}

TEST(TypeSystemBuilder, says_all_problems_at_once) {
  TypeSystemBuilder builder;
  const TypeId empty = builder.add_object("Empty");
  builder.add_object("Empty");
  builder.add_field(empty, {.name = "0", .type = text});
  builder.add_field(empty, {.name = "0", .type = text});
  builder.add_union("Nothing");
  const auto types = builder.finish();
  ASSERT_FALSE(types);
  EXPECT_EQ(types.error(),
            (Problems{"There can be only one type named \"Empty\".", "Query root type must be provided.",
                      "Field \"Empty.0\" can only be defined once.",
                      "Empty.0 has no valid name: a name is letters, digits and _, and does not begin with a digit.",
                      "Empty.0 has no valid name: a name is letters, digits and _, and does not begin with a digit.",
                      "Union type Nothing must define one or more member types."}));
}

struct Row {
  std::string_view what;
  std::function<void(TypeSystemBuilder&)> add;
  Problems problems;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> all = {
      {"a schema that is right", [](TypeSystemBuilder&) {}, {}},
      {"a type that is only named",
       [](TypeSystemBuilder& b) {
         b.add_field(b.named("Query"), {.name = "card", .type = {.named = b.named("Card")}});
       },
       {"Unknown type \"Card\"."}},
      {"a reserved name",
       [](TypeSystemBuilder& b) { object(b, "__Mine"); },
       {"Type \"__Mine\" must not have a name that begins with \"__\", which is reserved by introspection."}},
      {"a root that is no object",
       [](TypeSystemBuilder& b) {
         const TypeId kind = b.add_enumeration("Kind");
         b.add_enum_value(kind, {.name = "A"});
         b.set_root(OperationKind::mutation, kind);
       },
       {"The root type of a mutation must be an object type, it cannot be Kind."}},
      {"one root for two kinds",
       [](TypeSystemBuilder& b) { b.set_root(OperationKind::mutation, b.named("Query")); },
       {"All root types must be different, \"Query\" is used more than once."}},
      {"an object without fields",
       [](TypeSystemBuilder& b) { b.add_object("Card"); },
       {"Type Card must define one or more fields."}},
      {"a field of an input type",
       [](TypeSystemBuilder& b) {
         const TypeId in = b.add_input_object("In");
         b.add_input_field(in, {.name = "a", .type = number});
         b.add_field(b.named("Query"), {.name = "in", .type = TypeRef{.named = in}.non_null()});
       },
       {"The type of Query.in must be an output type, but it is In!."}},
      {"an argument of an output type",
       [](TypeSystemBuilder& b) {
         b.add_field(b.named("Query"),
                     {.name = "a", .type = text, .arguments = {{.name = "b", .type = {.named = b.named("Query")}}}});
       },
       {"The type of Query.a(b:) must be an input type, but it is Query."}},
      {"an argument twice",
       [](TypeSystemBuilder& b) {
         b.add_field(
             b.named("Query"),
             {.name = "a", .type = text, .arguments = {{.name = "b", .type = text}, {.name = "b", .type = text}}});
       },
       {"Query.a(b:) can only be defined once."}},
      {"a required argument that is deprecated",
       [](TypeSystemBuilder& b) {
         b.add_field(b.named("Query"),
                     {.name = "a",
                      .type = text,
                      .arguments = {{.name = "b", .type = text.non_null(), .deprecation_reason = "old"}}});
       },
       {"Query.a(b:) is required, so it cannot be deprecated."}},
      {"a default value that does not fit",
       [](TypeSystemBuilder& b) {
         const Value value{.kind = Value::Kind::string, .text = "x"};
         b.add_field(b.named("Query"),
                     {.name = "a",
                      .type = text,
                      .arguments = {{.name = "b", .type = number.list(), .default_value = b.keep(value)}}});
       },
       {"The default value of Query.a(b:) does not fit: Int cannot represent non-integer value: \"x\""}},
      {"a size from an argument that is not there",
       [](TypeSystemBuilder& b) {
         b.add_field(b.named("Query"), {.name = "a", .type = text.list(), .size_arguments = {"count"}});
       },
       {"Query.a takes its size from an argument \"count\" that it does not have."}},
      {"an interface that is not kept",
       [](TypeSystemBuilder& b) {
         const TypeId node = b.add_interface("Node");
         b.add_field(node, {.name = "id", .type = text.non_null()});
         b.add_field(node, {.name = "next", .type = text, .arguments = {{.name = "by", .type = number}}});
         b.add_field(node, {.name = "other", .type = text});
         const TypeId card = b.add_object("Card");
         b.implement(card, node);
         b.add_field(card, {.name = "id", .type = text});
         b.add_field(card, {.name = "next",
                            .type = text,
                            .arguments = {{.name = "by", .type = text}, {.name = "must", .type = text.non_null()}}});
       },
       {"Interface field Node.id expects type String! but Card.id is type String.",
        "Interface field argument Node.next(by:) expects type Int but Card.next(by:) is type String.",
        "Field Card.next has the required argument must that the interface field Node.next does not have.",
        "Interface field Node.other expected but Card does not provide it."}},
      {"an interface without what it inherits",
       [](TypeSystemBuilder& b) {
         const TypeId base = b.add_interface("Base"), node = b.add_interface("Node"), card = object(b, "Card");
         b.add_field(base, {.name = "title", .type = text});
         b.add_field(node, {.name = "title", .type = text});
         b.implement(node, base);
         b.implement(card, node);
       },
       {"Type Card must implement Base because it is implemented by Node."}},
      {"interfaces in a circle",
       [](TypeSystemBuilder& b) {
         const TypeId one = b.add_interface("One"), other = b.add_interface("Other");
         b.add_field(one, {.name = "title", .type = text});
         b.add_field(other, {.name = "title", .type = text});
         b.implement(one, other);
         b.implement(other, one);
       },
       {"Type One cannot implement Other because it would create a circular reference.",
        "Type Other cannot implement One because it would create a circular reference."}},
      {"what is no interface, itself, and twice",
       [](TypeSystemBuilder& b) {
         const TypeId node = b.add_interface("Node"), card = object(b, "Card");
         b.add_field(node, {.name = "title", .type = text});
         b.implement(node, node);
         b.implement(card, b.named("Query"));
         b.implement(card, node);
         b.implement(card, node);
       },
       {"Type Node cannot implement itself because it would create a circular reference.",
        "Type Card must only implement interface types, it cannot implement Query.",
        "Type Card can only implement Node once."}},
      {"members of a union",
       [](TypeSystemBuilder& b) {
         const TypeId found = b.add_union("Found"), card = object(b, "Card");
         b.add_member(found, card);
         b.add_member(found, card);
         b.add_member(found, string_type);
       },
       {"Union type Found can only include type Card once.",
        "Union type Found can only include object types, it cannot include String."}},
      {"values of an enumeration",
       [](TypeSystemBuilder& b) {
         const TypeId kind = b.add_enumeration("Kind");
         b.add_enum_value(kind, {.name = "A"});
         b.add_enum_value(kind, {.name = "A"});
         b.add_enum_value(kind, {.name = "true"});
         b.add_enumeration("None");
       },
       {"Enum value \"Kind.A\" can only be defined once.", "Enum type Kind cannot have a value named true.",
        "Enum type None must define one or more values."}},
      {"fields of a one-of",
       [](TypeSystemBuilder& b) {
         const TypeId by = b.add_input_object("By");
         b.make_one_of(by);
         const Value value{.kind = Value::Kind::integer, .text = "1"};
         b.add_input_field(by, {.name = "a", .type = text.non_null()});
         b.add_input_field(by, {.name = "b", .type = number, .default_value = b.keep(value)});
       },
       {"The one-of input field By.a must be nullable.", "The one-of input field By.b cannot have a default value."}},
      {"parts of another kind",
       [](TypeSystemBuilder& b) { b.add_enum_value(object(b, "Card"), {.name = "A"}); },
       {"Type Card has parts that its kind, OBJECT, does not have."}},
      {"a directive twice, without a place",
       [](TypeSystemBuilder& b) {
         b.add_directive({.name = "skip"});
         b.add_directive({.name = "mine"});
       },
       {"There can be only one directive named \"@skip\".", "Directive @mine must include one or more locations."}},
  };
  return all;
}

TEST(TypeSystemBuilder, says_what_is_wrong_and_where) {
  for (const Row& row : rows()) EXPECT_EQ(problems_of(row.add), row.problems) << row.what;
}

TEST(TypeSystemBuilder, refuses_input_objects_of_which_no_finite_value_can_be_written) {
  const auto with = [](TypeRef back, bool is_one_of) {
    return problems_of([&](TypeSystemBuilder& b) {
      const TypeId one = b.add_input_object("One"), other = b.add_input_object("Other");
      b.add_input_field(one, {.name = "other", .type = TypeRef{.named = other}.non_null()});
      back.named = one;
      b.add_input_field(other, {.name = "one", .type = back});
      if (is_one_of) b.make_one_of(other);
    });
  };
  constexpr TypeRef any{};
  EXPECT_EQ(with(any.non_null(), false).size(), 2U);
  EXPECT_EQ(with(any, false), Problems());
  EXPECT_EQ(with(any.non_null().list().non_null(), false), Problems());
  EXPECT_EQ(with(any, true).size(), 2U);
}

TEST(TypeSystemBuilder, refuses_default_values_that_lead_back_to_themselves) {
  const Value empty{.kind = Value::Kind::object};
  const Value null{.kind = Value::Kind::null};
  const ObjectField ended[] = {{.name = {.text = "other"}, .value = null}};
  const Value not_empty{.kind = Value::Kind::object, .fields = ended};
  const auto with = [&](TypeRef type, const Value& of_one, const Value& of_other) {
    return problems_of([&](TypeSystemBuilder& b) {
      const TypeId one = b.add_input_object("One"), other = b.add_input_object("Other");
      type.named = other;
      b.add_input_field(one, {.name = "other", .type = type, .default_value = b.keep(of_one)});
      b.add_input_field(other, {.name = "one", .type = {.named = one}, .default_value = b.keep(of_other)});
    });
  };
  constexpr TypeRef any{};
  EXPECT_EQ(
      with(any, empty, empty),
      (Problems{"The default value of One.other leads back to itself through the default values of what it leaves "
                "out.",
                "The default value of Other.one leads back to itself through the default values of what it leaves "
                "out."}));
  EXPECT_EQ(with(any.list(), empty, empty).size(), 2U);
  EXPECT_EQ(with(any, empty, not_empty), Problems());
  EXPECT_EQ(with(any, null, empty), Problems());
}

TEST(TypeSystemBuilder, refuses_two_inputs_that_are_one_in_the_source) {
  EXPECT_EQ(problems_of([](TypeSystemBuilder& b) {
              const TypeId input = b.add_input_object("Input");
              b.add_input_field(input, {.name = "firstOne", .type = text, .source_name = "first_one"});
              b.add_input_field(input, {.name = "first_one", .type = text});
              b.add_field(b.named("Query"), {.name = "a",
                                             .type = text,
                                             .arguments = {{.name = "b", .type = text, .source_name = "x"},
                                                           {.name = "c", .type = text, .source_name = "x"}}});
            }),
            (Problems{"Query.a has two inputs, b and c, that are both x in the source.",
                      "Input has two inputs, firstOne and first_one, that are both first_one in the source."}));
}

TEST(TypeSystemBuilder, lets_a_scalar_look_at_its_literals) {
  TypeSystemBuilder builder;
  const TypeId even = builder.add_scalar("Even");
  builder.check_literals(even, [](const Value& value) -> std::expected<void, std::string> {
    if (value.kind == Value::Kind::integer && (value.text.back() - '0') % 2 == 0) return {};
    return std::unexpected("Even takes even numbers.");
  });
  const TypeId query = builder.add_object("Query");
  builder.set_root(OperationKind::query, query);
  const Value odd{.kind = Value::Kind::integer, .text = "3"};
  builder.add_field(query, {.name = "a",
                            .type = text,
                            .arguments = {{.name = "b", .type = {.named = even}, .default_value = builder.keep(odd)}}});
  const auto types = builder.finish();
  ASSERT_FALSE(types);
  EXPECT_EQ(types.error(), Problems{"The default value of Query.a(b:) does not fit: Even takes even numbers."});
}

}  // namespace
}  // namespace bailey::graphql
