#include <graphql/execution/plan.hpp>

#include <graphql/coercion.hpp>
#include <graphql/execution/introspection.hpp>

#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

namespace bailey::graphql {

using detail::ObjectPlan;
using detail::PlannedField;

namespace {

// The nodes that one response key has on an object.
using Nodes = std::vector<const Field*>;

class Planner {
 public:
  Planner(const CompiledSchema& schema, const Document& document, const Conditions& conditions)
      : schema_(schema), conditions_(conditions) {
    for (const Definition& definition : document.definitions())
      if (definition.fragment != nullptr) fragments_.emplace(definition.fragment->name.text, definition.fragment);
  }

  std::optional<Plan> plan(const OperationDefinition& operation) {
    const NamedType& root = *schema_.types.root(operation.kind);
    plan_.root = object(root, {operation.selection_set});
    if (is_too_large()) return std::nullopt;
    plan_.needs.assign(needs_.begin(), needs_.end());
    return std::move(plan_);
  }

 private:
  struct Group {
    std::string_view key;
    Nodes nodes{};
  };
  // In the order in which their keys come first.
  struct Groups {
    std::vector<Group> list{};
    std::unordered_map<std::string_view, std::size_t> places{};
  };

  [[nodiscard]] bool is_too_large() const noexcept { return steps_ > max_plan_steps; }

  const ObjectPlan* object(const NamedType& type, std::vector<const SelectionSet*> selected) {
    const auto known = known_.find({type.id, selected});
    if (known != known_.end()) return known->second;

    Groups groups;
    std::set<std::string_view> spread;
    for (const SelectionSet* set : selected) collect(type, *set, groups, spread);

    ObjectPlan& made = plan_.objects.emplace_back(ObjectPlan{.type = type.id});
    known_.emplace(std::pair(type.id, std::move(selected)), &made);
    made.fields.reserve(groups.list.size());
    for (Group& group : groups.list) {
      if (is_too_large()) break;
      add_field(type, made, std::move(group));
    }
    return &made;
  }

  void collect(const NamedType& type, const SelectionSet& set, Groups& groups, std::set<std::string_view>& spread) {
    for (const Selection& selection : set.selections) {
      if (++steps_; is_too_large()) return;
      if (selection.field != nullptr) {
        if (is_taken(selection.field->directives)) add_node(*selection.field, groups);
      } else if (selection.spread != nullptr) {
        const FragmentSpread& fragment = *selection.spread;
        if (!is_taken(fragment.directives) || !spread.insert(fragment.name.text).second) continue;
        const FragmentDefinition& definition = *fragments_.at(fragment.name.text);
        if (applies(definition.type_condition.text, type)) collect(type, *definition.selection_set, groups, spread);
      } else {
        const InlineFragment& fragment = *selection.inline_fragment;
        if (!is_taken(fragment.directives)) continue;
        if (fragment.type_condition.text.empty() || applies(fragment.type_condition.text, type))
          collect(type, *fragment.selection_set, groups, spread);
      }
    }
  }

  void add_node(const Field& field, Groups& groups) {
    const std::string_view key = field.response_key();
    const auto [place, is_new] = groups.places.emplace(key, groups.list.size());
    if (is_new) groups.list.push_back({.key = key});
    groups.list[place->second].nodes.push_back(&field);
  }

  [[nodiscard]] bool applies(std::string_view condition, const NamedType& type) const {
    const NamedType* const named = schema_.types.find(condition);
    return named != nullptr && (named->id == type.id || schema_.types.is_possible(named->id, type.id));
  }

  [[nodiscard]] bool is_taken(std::span<const Directive> directives) const {
    return is_included(directives, conditions_.variables, conditions_.mask);
  }

  void add_field(const NamedType& type, ObjectPlan& into, Group group) {
    const Field& first = *group.nodes.front();
    const FieldDefinition& definition = *schema_.types.field(type, first.name.text);
    PlannedField& field = into.fields.emplace_back();
    field.text.append(into.fields.size() == 1 ? "{\"" : ",\"").append(group.key).append("\":");
    field.response_key = group.key;
    field.definition = &definition;
    field.nodes = std::move(group.nodes);
    if (&definition == &schema_.types.typename_field()) {
      field.text.append("\"").append(type.name).append("\"");
      return;
    }
    field.code = code_of(type, definition);
    if (!is_introspection(type, definition)) add_needs(definition);
    field.has_arguments = !definition.arguments.empty();
    if (field.has_arguments) field.arguments = plan_.argument_places++;
    if (schema_.types.type(definition.type).is_composite()) select(definition.type.named, field);
    into.suspends |= field.suspends_below || field.code->suspends();
  }

  [[nodiscard]] bool is_introspection(const NamedType& type, const FieldDefinition& definition) const {
    return is_built_in(type.id) || &definition == &schema_.types.schema_field() ||
           &definition == &schema_.types.type_field();
  }
  [[nodiscard]] const detail::FieldCode* code_of(const NamedType& type, const FieldDefinition& definition) const {
    if (is_introspection(type, definition)) return introspection_code(type, definition);
    return schema_.fields[definition.resolver].get();
  }

  void add_needs(const FieldDefinition& definition) {
    add_needs(schema_.needs_of[definition.resolver]);
    for (const detail::LoaderNeed& need : schema_.fields[definition.resolver]->loaders())
      for (const auto& loader : schema_.loaders)
        if (loader->key() == need.key) add_needs({.first = loader->first_need, .count = loader->needs().size()});
  }
  void add_needs(NeedRange range) {
    for (std::size_t i = 0; i < range.count; ++i) needs_.insert(range.first + i);
  }

  void select(TypeId type, PlannedField& field) {
    std::vector<const SelectionSet*> sets;
    sets.reserve(field.nodes.size());
    for (const Field* node : field.nodes) sets.push_back(node->selection_set);
    for (const TypeId possible : schema_.types.possible_types(type)) {
      const ObjectPlan* const plan = object(schema_.types.type(possible), sets);
      field.selection.choices.push_back({.type = key_of(possible), .plan = plan});
      field.suspends_below |= plan->suspends;
    }
  }

  [[nodiscard]] detail::TypeKey key_of(TypeId type) const {
    return is_built_in(type) ? introspection_key(schema_.types.type(type)) : schema_.keys[type];
  }

  const CompiledSchema& schema_;
  const Conditions& conditions_;
  std::map<std::string_view, const FragmentDefinition*> fragments_;
  std::map<std::pair<TypeId, std::vector<const SelectionSet*>>, const ObjectPlan*> known_;
  std::set<std::size_t> needs_;
  std::size_t steps_ = 0;
  Plan plan_;
};

}  // namespace

std::optional<Plan> make_plan(const CompiledSchema& schema, const Document& document,
                              const OperationDefinition& operation, const Conditions& conditions) {
  return Planner(schema, document, conditions).plan(operation);
}

}  // namespace bailey::graphql
