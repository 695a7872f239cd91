// Rules of variables (specification, 5.8). Where a variable stands is gathered on the walk, a definition at a time;
// what an operation uses is what it and all fragments below it use.
#include <graphql/type_node.hpp>
#include <graphql/validation/rules.hpp>

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

namespace bailey::graphql {

void report_unknown_type(ValidationContext& context, std::string_view name, Offset at) {
  std::string message = "Unknown type " + in_quotes(name) + ".";
  if (context.options.suggestions) {
    std::vector<std::string_view> names;
    for (const TypeId id : context.types.types()) names.push_back(context.types.type(id).name);
    message += context.suggest(name, names);
  }
  context.report("KnownTypeNames", std::move(message), {at});
}

TypeRef type_of_variable(ValidationContext& context, const VariableDefinition& variable) {
  const TypeNode& named = innermost(*variable.type);
  const NamedType* const known = context.types.find(named.name);
  if (known == nullptr) {
    report_unknown_type(context, named.name, named.at);
    return {};
  }
  if (!known->is_input()) {
    context.report("VariablesAreInputTypes",
                   "Variable \"$" + shortened(variable.name.text) + "\" cannot be non-input type " +
                       in_quotes(print_type(*variable.type)) + ".",
                   {variable.type->at});
    return {};
  }
  const TypeRef type = type_from_node(context.types, *variable.type);
  // No schema has a place for such a variable.
  if (!type.is_known())
    context.report("VariablesAreInputTypes",
                   "Variable \"$" + shortened(variable.name.text) + "\" is of lists in lists deeper than any type of " +
                       "the schema.",
                   {variable.type->at});
  return type;
}

void unique_variable_names(ValidationContext& context, const OperationDefinition& operation) {
  std::unordered_map<std::string_view, std::vector<Offset>> places;
  for (const VariableDefinition& variable : operation.variables) places[variable.name.text].push_back(variable.name.at);
  for (const VariableDefinition& variable : operation.variables) {
    const std::vector<Offset>& all = places[variable.name.text];
    if (all.size() > 1 && all.front() == variable.name.at)
      context.report("UniqueVariableNames",
                     "There can be only one variable named \"$" + shortened(variable.name.text) + "\".", all);
  }
}

namespace {

struct Defined {
  const VariableDefinition* definition;
  TypeRef type;
  bool is_used = false;
};

using Variables = std::unordered_map<std::string_view, Defined>;

// AreTypesCompatible with the defaults taken into account (5.8.5): a nullable variable may stand where null may not, if
// a default steps in on either side.
bool may_stand(const TypeSystem& types, const Defined& variable, const VariableUsage& usage) {
  if (!usage.type.is_non_null() || variable.type.is_non_null()) return types.is_subtype(variable.type, usage.type);
  const Value* const own = variable.definition->default_value;
  const bool has_default = (own != nullptr && own->kind != Value::Kind::null) || usage.has_default;
  return has_default && types.is_subtype(variable.type, usage.type.nullable());
}

void check_usage(ValidationContext& context, const OperationDefinition& operation, Variables& variables,
                 const VariableUsage& usage) {
  const std::string name = "\"$" + shortened(usage.variable->text) + "\"";
  const auto found = variables.find(usage.variable->text);
  if (found == variables.end()) {
    const std::string by = operation.name.text.empty() ? "." : " by operation " + in_quotes(operation.name.text) + ".";
    context.report("NoUndefinedVariables", "Variable " + name + " is not defined" + by,
                   {usage.variable->at, operation.at});
    return;
  }
  Defined& variable = found->second;
  variable.is_used = true;
  if (!usage.type.is_known() || !variable.type.is_known()) return;
  const auto type = [&] { return in_quotes(context.types.to_string(variable.type)); };
  if (!may_stand(context.types, variable, usage))
    context.report("VariablesInAllowedPosition",
                   "Variable " + name + " of type " + type() + " used in position expecting type " +
                       in_quotes(context.types.to_string(usage.type)) + ".",
                   {variable.definition->at, usage.variable->at});
  if (usage.one_of != nullptr && !variable.type.is_non_null())
    context.report("VariablesInAllowedPosition",
                   "Variable " + name + " is of type " + type() +
                       " but must be non-nullable to be used for OneOf Input Object " + in_quotes(usage.one_of->name) +
                       ".",
                   {variable.definition->at, usage.variable->at});
}

void check_operation(ValidationContext& context, const Selecting& operation) {
  const OperationDefinition& definition = *operation.operation;
  Variables variables;
  for (const VariableDefinition& variable : definition.variables)
    variables[variable.name.text] = {&variable, type_from_node(context.types, *variable.type)};
  std::unordered_set<FragmentId> seen;
  std::vector<const Selecting*> open = {&operation};
  for (std::size_t next = 0; next < open.size(); ++next) {
    const Selecting& one = *open[next];
    if (!context.spend_fragment_steps(1 + one.usages.size() + one.spreads.size())) return;
    for (const VariableUsage& usage : one.usages) {
      check_usage(context, definition, variables, usage);
      if (context.is_full()) return;
    }
    for (const FragmentSpread* spread : one.spreads)
      if (const FragmentId id = context.fragment(spread->name.text); id != no_fragment && seen.insert(id).second)
        open.push_back(&context.fragments[id]);
  }
  for (const VariableDefinition& variable : definition.variables) {
    if (variables.find(variable.name.text)->second.is_used) continue;
    const std::string in =
        definition.name.text.empty() ? "." : " in operation " + in_quotes(definition.name.text) + ".";
    context.report("NoUnusedVariables", "Variable \"$" + shortened(variable.name.text) + "\" is never used" + in,
                   {variable.at});
  }
}

}  // namespace

void check_variable_usages(ValidationContext& context) {
  for (const Selecting& operation : context.operations) {
    check_operation(context, operation);
    if (context.is_full()) return;
  }
}

}  // namespace bailey::graphql
