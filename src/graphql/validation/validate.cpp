// The one walk over a document on which the rules are called, with the types of what it passes. Recursion is as deep as
// selections stand in each other in the text, which the parser bounds; fragments are not followed but where a rule
// does.
#include <graphql/validation/overlapping_fields.hpp>
#include <graphql/validation/rules.hpp>

#include <utility>

namespace bailey::graphql {

namespace {

DirectiveLocation location_of(OperationKind kind) {
  switch (kind) {
    case OperationKind::query: return DirectiveLocation::query;
    case OperationKind::mutation: return DirectiveLocation::mutation;
    case OperationKind::subscription: break;
  }
  return DirectiveLocation::subscription;
}

struct Walk {
  ValidationContext& context;
  OverlappingFields overlapping{context};

  void operation(Selecting& selecting) {
    const OperationDefinition& definition = *selecting.operation;
    context.current = &selecting;
    known_operation_types(context, definition);
    single_field_subscriptions(context, definition);
    unique_variable_names(context, definition);
    for (const VariableDefinition& one : definition.variables) {
      const TypeRef type = type_of_variable(context, one);
      if (one.default_value != nullptr) check_value(context, *one.default_value, {.type = type});
      check_directives(context, one.directives, DirectiveLocation::variable_definition);
    }
    check_directives(context, definition.directives, location_of(definition.kind));
    own_selections(*definition.selection_set, context.types.root(definition.kind));
  }

  void fragment(Selecting& selecting) {
    const FragmentDefinition& definition = *selecting.fragment;
    context.current = &selecting;
    const NamedType* const type = type_of_condition(context, definition.type_condition, definition.name.text);
    check_directives(context, definition.directives, DirectiveLocation::fragment_definition);
    own_selections(*definition.selection_set, type);
  }

  // A definition's or a field's.
  void own_selections(const SelectionSet& set, const NamedType* parent) {
    overlapping.check(set, parent);
    selections(set, parent);
  }

  void selections(const SelectionSet& set, const NamedType* parent) {
    for (const Selection& selection : set.selections) {
      if (context.is_full()) return;
      if (selection.field != nullptr)
        field(*selection.field, parent);
      else if (selection.inline_fragment != nullptr)
        inline_fragment(*selection.inline_fragment, parent);
      else
        spread(*selection.spread, parent);
    }
  }

  void field(const Field& one, const NamedType* parent) {
    const FieldDefinition* const definition = parent == nullptr ? nullptr : context.types.field(*parent, one.name.text);
    if (parent != nullptr && definition == nullptr) fields_on_correct_type(context, one, *parent);
    if (definition != nullptr) scalar_leafs(context, one, *definition);
    check_field_arguments(context, one, parent, definition);
    check_directives(context, one.directives, DirectiveLocation::field);
    if (one.selection_set != nullptr) {
      const NamedType* const type = definition == nullptr ? nullptr : &context.types.type(definition->type);
      own_selections(*one.selection_set, type != nullptr && type->is_composite() ? type : nullptr);
    }
    // After what is deeper, which comes first in messages.
    if (definition != nullptr) provided_required_arguments(context, one, *definition);
  }

  void inline_fragment(const InlineFragment& one, const NamedType* parent) {
    const NamedType* type = parent;
    if (!one.type_condition.text.empty()) {
      type = type_of_condition(context, one.type_condition, {});
      possible_fragment_spreads(context, one, type, parent);
    }
    check_directives(context, one.directives, DirectiveLocation::inline_fragment);
    selections(*one.selection_set, type);
  }

  void spread(const FragmentSpread& one, const NamedType* parent) {
    known_fragment_names(context, one);
    possible_fragment_spreads(context, one, parent);
    check_directives(context, one.directives, DirectiveLocation::fragment_spread);
  }
};

}  // namespace

std::vector<ValidationError> validate(const TypeSystem& types, const Document& document,
                                      const ValidationOptions& options) {
  ValidationContext context(types, document, options);
  gather_spreads(context);
  executable_definitions(context);
  unique_operation_names(context);
  lone_anonymous_operation(context);
  unique_fragment_names(context);
  Walk walk{context};
  for (Selecting& operation : context.operations) walk.operation(operation);
  for (Selecting& fragment : context.fragments) walk.fragment(fragment);
  context.current = nullptr;
  no_fragment_cycles(context);
  no_unused_fragments(context);
  check_variable_usages(context);
  check_bounds(context);
  return context.take_errors();
}

}  // namespace bailey::graphql
