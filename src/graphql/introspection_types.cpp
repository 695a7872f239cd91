// What each type system has by itself: the scalars and directives that the specification builds in (3.5, 3.13), the
// types of introspection (section 4) and the three meta-fields.
#include <graphql/literal.hpp>
#include <graphql/scalar_values.hpp>
#include <graphql/type_system_builder.hpp>

#include <utility>

namespace bailey::graphql {

namespace {

constexpr Value false_value{.kind = Value::Kind::boolean, .is_true = false};
constexpr Value default_reason{.kind = Value::Kind::string, .text = "No longer supported"};

TypeRef plain(TypeId id) { return {.named = id}; }
TypeRef required(TypeId id) { return plain(id).non_null(); }
TypeRef many(TypeId id) { return required(id).list(); }

}  // namespace

TypeSystemBuilder::TypeSystemBuilder() {
  system_.values_ = std::make_unique<std::pmr::monotonic_buffer_resource>();
  add_scalar("Int", "A whole number from -2^31 to 2^31 - 1.");
  add_scalar("Float", "A number as IEEE 754 has it in double precision.");
  add_scalar("String", "Text in Unicode.");
  add_scalar("Boolean", "true or false.");
  add_scalar("ID", "What identifies an object. It is written as a string; a whole number is read too.");
  for (TypeId id = int_type; id <= id_type; ++id) {
    check_literals(id, built_in_check(id));
    check_values(id, built_in_value_check(id));
  }
  add_introspection();
  add_directives();
}

void TypeSystemBuilder::add_introspection() {
  const TypeId schema = add_object("__Schema", "A schema: its types, where operations begin, and its directives.");
  const TypeId type = add_object("__Type", "A type: named, or a list or a non-null of another.");
  const TypeId kind = add_enumeration("__TypeKind", "The kinds of type.");
  const TypeId field = add_object("__Field", "A field of an object or an interface.");
  const TypeId input = add_object("__InputValue", "An argument, or a field of an input object.");
  const TypeId value = add_object("__EnumValue", "A value of an enumeration.");
  const TypeId directive = add_object("__Directive", "A directive: what may be said beside parts of a document.");
  const TypeId location = add_enumeration("__DirectiveLocation", "Where a directive may stand.");

  const auto plain_field = [&](TypeId owner, std::string name, TypeRef of) {
    add_field(owner, {.name = std::move(name), .type = of});
  };
  const auto filtered = [&](TypeId owner, std::string name, TypeRef of) {
    FieldDefinition definition{.name = std::move(name), .type = of};
    definition.arguments.push_back(
        {.name = "includeDeprecated", .type = plain(boolean_type), .default_value = &false_value});
    add_field(owner, std::move(definition));
  };

  plain_field(schema, "description", plain(string_type));
  plain_field(schema, "types", many(type).non_null());
  plain_field(schema, "queryType", required(type));
  plain_field(schema, "mutationType", plain(type));
  plain_field(schema, "subscriptionType", plain(type));
  plain_field(schema, "directives", many(directive).non_null());

  plain_field(type, "kind", required(kind));
  plain_field(type, "name", plain(string_type));
  plain_field(type, "description", plain(string_type));
  plain_field(type, "specifiedByURL", plain(string_type));
  filtered(type, "fields", many(field));
  plain_field(type, "interfaces", many(type));
  plain_field(type, "possibleTypes", many(type));
  filtered(type, "enumValues", many(value));
  filtered(type, "inputFields", many(input));
  plain_field(type, "ofType", plain(type));
  plain_field(type, "isOneOf", plain(boolean_type));

  plain_field(field, "name", required(string_type));
  plain_field(field, "description", plain(string_type));
  filtered(field, "args", many(input).non_null());
  plain_field(field, "type", required(type));
  plain_field(field, "isDeprecated", required(boolean_type));
  plain_field(field, "deprecationReason", plain(string_type));

  plain_field(input, "name", required(string_type));
  plain_field(input, "description", plain(string_type));
  plain_field(input, "type", required(type));
  plain_field(input, "defaultValue", plain(string_type));
  plain_field(input, "isDeprecated", required(boolean_type));
  plain_field(input, "deprecationReason", plain(string_type));

  plain_field(value, "name", required(string_type));
  plain_field(value, "description", plain(string_type));
  plain_field(value, "isDeprecated", required(boolean_type));
  plain_field(value, "deprecationReason", plain(string_type));

  plain_field(directive, "name", required(string_type));
  plain_field(directive, "description", plain(string_type));
  plain_field(directive, "isRepeatable", required(boolean_type));
  plain_field(directive, "locations", many(location).non_null());
  filtered(directive, "args", many(input).non_null());

  for (const char* name : {"SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT", "LIST", "NON_NULL"})
    add_enum_value(kind, {.name = name});
  // The last location is a proposal that no edition has yet.
  for (auto at = DirectiveLocation::query; at != DirectiveLocation::directive_definition;
       at = static_cast<DirectiveLocation>(static_cast<int>(at) + 1))
    add_enum_value(location, {.name = std::string(to_string(at))});

  FieldDefinition by_name{.name = "__type", .description = "The type of this name.", .type = plain(type)};
  by_name.arguments.push_back({.name = "name", .type = required(string_type)});
  system_.meta_fields_.push_back({.name = "__typename",
                                  .description = "The name of the object's type.",
                                  .type = required(string_type),
                                  .cost = 0});
  system_.meta_fields_.push_back(
      {.name = "__schema", .description = "The schema that answers.", .type = required(schema)});
  system_.meta_fields_.push_back(std::move(by_name));
}

void TypeSystemBuilder::add_directives() {
  using enum DirectiveLocation;
  const auto add_built_in = [&](DirectiveDefinition directive) {
    directive.is_built_in = true;
    system_.directives_.push_back(std::move(directive));
  };
  const std::vector<DirectiveLocation> selections = {field, fragment_spread, inline_fragment};
  add_built_in({.name = "include",
                .description = "Takes the selection in only where the argument is true.",
                .arguments = {{.name = "if", .description = "Whether it is taken in.", .type = required(boolean_type)}},
                .locations = selections});
  add_built_in({.name = "skip",
                .description = "Leaves the selection out where the argument is true.",
                .arguments = {{.name = "if", .description = "Whether it is left out.", .type = required(boolean_type)}},
                .locations = selections});
  add_built_in({.name = "deprecated",
                .description = "Says that this should not be used any more.",
                .arguments = {{.name = "reason",
                               .description = "Why, and what to use instead, in Markdown.",
                               .type = plain(string_type),
                               .default_value = &default_reason}},
                .locations = {field_definition, argument_definition, input_field_definition, enum_value}});
  add_built_in({.name = "specifiedBy",
                .description = "Says where the scalar's behaviour is specified.",
                .arguments = {{.name = "url", .description = "The specification.", .type = required(string_type)}},
                .locations = {scalar}});
  add_built_in({.name = "oneOf",
                .description = "Says that exactly one field of the input object is given, and is not null.",
                .locations = {input_object}});
}

}  // namespace bailey::graphql
