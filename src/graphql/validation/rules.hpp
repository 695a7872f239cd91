// The rules, as the walk calls them. Each is named as the specification names it; what a rule needs to know of where it
// stands is its arguments.
#pragma once

#include <graphql/validation/context.hpp>

namespace bailey::graphql {

// operations.cpp
void unique_operation_names(ValidationContext& context);
void lone_anonymous_operation(ValidationContext& context);
void known_operation_types(ValidationContext& context, const OperationDefinition& operation);
void single_field_subscriptions(ValidationContext& context, const OperationDefinition& operation);

// fields.cpp
void fields_on_correct_type(ValidationContext& context, const Field& field, const NamedType& parent);
void scalar_leafs(ValidationContext& context, const Field& field, const FieldDefinition& definition);

// fragments.cpp
// What each operation and each fragment spreads: before the other rules.
void gather_spreads(ValidationContext& context);
void unique_fragment_names(ValidationContext& context);
void no_fragment_cycles(ValidationContext& context);
void no_unused_fragments(ValidationContext& context);
void known_fragment_names(ValidationContext& context, const FragmentSpread& spread);
void possible_fragment_spreads(ValidationContext& context, const FragmentSpread& spread, const NamedType* parent);
void possible_fragment_spreads(ValidationContext& context, const InlineFragment& inline_fragment, const NamedType* type,
                               const NamedType* parent);
// KnownTypeNames and FragmentsOnCompositeTypes: the type of a condition, null where it is not known or not composite.
// The fragment's name is empty for an inline one.
const NamedType* type_of_condition(ValidationContext& context, const Name& condition, std::string_view fragment);

// variables.cpp
void report_unknown_type(ValidationContext& context, std::string_view name, Offset at);
// KnownTypeNames, VariablesAreInputTypes: the variable's type; not known where it is no input type.
TypeRef type_of_variable(ValidationContext& context, const VariableDefinition& variable);
void unique_variable_names(ValidationContext& context, const OperationDefinition& operation);
// NoUndefinedVariables, NoUnusedVariables and VariablesInAllowedPosition, once the walk is over.
void check_variable_usages(ValidationContext& context);

// values.cpp: ValuesOfCorrectType and UniqueInputFieldNames. The position says what is expected.
struct ValuePosition {
  TypeRef type{};
  bool has_default = false;
  const NamedType* one_of = nullptr;
};
void check_value(ValidationContext& context, const Value& value, const ValuePosition& position);

// directives.cpp
void check_directives(ValidationContext& context, std::span<const Directive> directives, DirectiveLocation location);

// arguments.cpp: KnownArgumentNames, UniqueArgumentNames, ProvidedRequiredArguments and the values.
void check_field_arguments(ValidationContext& context, const Field& field, const NamedType* parent,
                           const FieldDefinition* definition);
void provided_required_arguments(ValidationContext& context, const Field& field, const FieldDefinition& definition);
void check_directive_arguments(ValidationContext& context, const Directive& directive,
                               const DirectiveDefinition* definition);

// executable_definitions.cpp
void executable_definitions(ValidationContext& context);

// bounds.cpp: what OperationBounds bounds. After no_fragment_cycles.
void check_bounds(ValidationContext& context);

}  // namespace bailey::graphql
