// Rules of whole definitions and of operations (specification, 5.1 and 5.2).
#include <graphql/validation/rules.hpp>

#include <algorithm>
#include <unordered_set>

namespace bailey::graphql {

void unique_operation_names(ValidationContext& context) {
  std::unordered_map<std::string_view, Offset> seen;
  for (const Selecting& one : context.operations) {
    const Name& name = one.operation->name;
    if (name.text.empty()) continue;
    if (const auto [first, is_new] = seen.try_emplace(name.text, name.at); !is_new)
      context.report("UniqueOperationNames", "There can be only one operation named " + in_quotes(name.text) + ".",
                     {first->second, name.at});
  }
}

void lone_anonymous_operation(ValidationContext& context) {
  if (context.operations.size() < 2) return;
  for (const Selecting& one : context.operations)
    if (one.operation->name.text.empty())
      context.report("LoneAnonymousOperation", "This anonymous operation must be the only defined operation.",
                     {one.operation->at});
}

void known_operation_types(ValidationContext& context, const OperationDefinition& operation) {
  if (context.types.root(operation.kind) == nullptr)
    context.report("KnownOperationTypes",
                   "The " + std::string(to_string(operation.kind)) + " operation is not supported by the schema.",
                   {operation.at});
}

namespace {

// Whether @skip or @include leave a selection out whatever the variables are.
bool is_never(std::span<const Directive> directives) {
  const auto says = [&](std::string_view name, bool value) {
    return std::ranges::any_of(directives, [&](const Directive& directive) {
      return directive.name.text == name && std::ranges::any_of(directive.arguments, [&](const Argument& argument) {
               return argument.name.text == "if" && argument.value.kind == Value::Kind::boolean &&
                      argument.value.is_true == value;
             });
    });
  };
  return !directives.empty() && (says("skip", true) || says("include", false));
}

struct RootField {
  std::string_view key;
  std::vector<const Field*> fields;
};

// The root fields of an operation by their response key, in their order. Fragments are followed with a stack of our
// own: a chain of them can be as long as the document.
std::vector<RootField> collect_root_fields(ValidationContext& context, const OperationDefinition& operation,
                                           const NamedType& root) {
  std::vector<RootField> collected;
  std::unordered_map<std::string_view, std::size_t> places;
  std::unordered_set<FragmentId> seen;
  std::vector<std::span<const Selection>> open = {operation.selection_set->selections};
  const auto applies = [&](const NamedType* type) {
    return type != nullptr && type->is_composite() && context.types.is_possible(type->id, root.id);
  };
  while (!open.empty()) {
    if (open.back().empty()) {
      open.pop_back();
      continue;
    }
    const Selection selection = open.back().front();
    open.back() = open.back().subspan(1);
    if (!context.spend_fragment_steps(1)) return {};
    if (selection.field != nullptr) {
      if (is_never(selection.field->directives)) continue;
      const auto [place, is_new] = places.try_emplace(selection.field->response_key(), collected.size());
      if (is_new) collected.push_back({.key = place->first, .fields = {}});
      collected[place->second].fields.push_back(selection.field);
    } else if (selection.inline_fragment != nullptr) {
      const InlineFragment& inline_fragment = *selection.inline_fragment;
      if (is_never(inline_fragment.directives)) continue;
      const std::string_view condition = inline_fragment.type_condition.text;
      if (condition.empty() || applies(context.types.find(condition)))
        open.push_back(inline_fragment.selection_set->selections);
    } else if (!is_never(selection.spread->directives)) {
      const FragmentId id = context.fragment(selection.spread->name.text);
      if (id == no_fragment || !seen.insert(id).second || !applies(context.fragment_type(id))) continue;
      open.push_back(context.fragments[id].selection_set().selections);
    }
  }
  return collected;
}

}  // namespace

void single_field_subscriptions(ValidationContext& context, const OperationDefinition& operation) {
  const NamedType* const root = context.types.root(operation.kind);
  if (operation.kind != OperationKind::subscription || root == nullptr) return;
  const std::vector<RootField> fields = collect_root_fields(context, operation, *root);
  const std::string who = operation.name.text.empty() ? std::string("Anonymous Subscription")
                                                      : "Subscription " + in_quotes(operation.name.text);
  if (fields.size() > 1) {
    std::vector<Offset> places;
    for (const RootField& extra : std::span(fields).subspan(1))
      for (const Field* field : extra.fields) places.push_back(field->at);
    context.report("SingleFieldSubscriptions", who + " must select only one top level field.", places);
  }
  for (const RootField& one : fields) {
    if (!one.fields.front()->name.text.starts_with("__")) continue;
    std::vector<Offset> places;
    for (const Field* field : one.fields) places.push_back(field->at);
    context.report("SingleFieldSubscriptions", who + " must not select an introspection top level field.", places);
  }
}

}  // namespace bailey::graphql
