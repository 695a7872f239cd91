// Rules of a field and its type (specification, 5.3).
#include <graphql/validation/rules.hpp>

#include <algorithm>

namespace bailey::graphql {

namespace {

// On an abstract type: its objects that have the field, and their interfaces that have it, those first that have it
// most often.
std::vector<std::string_view> types_with_field(const TypeSystem& types, const NamedType& parent,
                                               std::string_view name) {
  struct Candidate {
    const NamedType* type;
    std::size_t uses;
  };
  std::vector<Candidate> found;
  for (const TypeId id : types.possible_types(parent.id)) {
    const NamedType& object = types.type(id);
    if (object.field(name) == nullptr) continue;
    found.push_back({&object, 1});
    for (const TypeId interface : object.interfaces) {
      if (types.type(interface).field(name) == nullptr) continue;
      const auto known = std::ranges::find(found, &types.type(interface), &Candidate::type);
      if (known == found.end())
        found.push_back({&types.type(interface), 1});
      else
        ++known->uses;
    }
  }
  std::ranges::sort(found, [&](const Candidate& a, const Candidate& b) {
    if (a.uses != b.uses) return a.uses > b.uses;
    if (a.type->kind != b.type->kind) return a.type->kind == TypeKind::interface;
    return a.type->name < b.type->name;
  });
  std::vector<std::string_view> names;
  for (const Candidate& one : found) names.push_back(one.type->name);
  return names;
}

}  // namespace

void fields_on_correct_type(ValidationContext& context, const Field& field, const NamedType& parent) {
  std::string message = "Cannot query field " + in_quotes(field.name.text) + " on type " + in_quotes(parent.name) + ".";
  if (context.options.suggestions) {
    std::string suggestion;
    if (parent.is_abstract())
      suggestion =
          did_you_mean(types_with_field(context.types, parent, field.name.text), "to use an inline fragment on");
    if (suggestion.empty()) {
      std::vector<std::string_view> names;
      for (const FieldDefinition& known : parent.fields) names.push_back(known.name);
      suggestion = context.suggest(field.name.text, names);
    }
    message += suggestion;
  }
  context.report("FieldsOnCorrectType", std::move(message), {field.at});
}

void scalar_leafs(ValidationContext& context, const Field& field, const FieldDefinition& definition) {
  const bool is_leaf = context.types.type(definition.type).is_leaf();
  const auto name = [&] { return in_quotes(field.name.text); };
  const auto type = [&] { return in_quotes(context.types.to_string(definition.type)); };
  if (is_leaf && field.selection_set != nullptr)
    context.report("ScalarLeafs",
                   "Field " + name() + " must not have a selection since type " + type() + " has no subfields.",
                   {field.selection_set->at});
  else if (!is_leaf && field.selection_set == nullptr)
    context.report("ScalarLeafs",
                   "Field " + name() + " of type " + type() + " must have a selection of subfields. Did you mean \"" +
                       shortened(field.name.text) + " { ... }\"?",
                   {field.at});
}

}  // namespace bailey::graphql
