// What an operation may ask for in all: depth, aliases, root fields, cost, and lists of introspection in each other.
// Each fragment is measured once, after those that it spreads, and counted wherever it is spread: a document of a few
// fragments that double each other is as large as what it stands for.
#include <graphql/validation/rules.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace bailey::graphql {

namespace {

// Counts are doubles: they may grow past any integer, and only their size matters then.
struct Measure {
  double depth = 0, aliases = 0, fields = 0, introspection_lists = 0;
  // The cost, and what of it is in lists that no argument of theirs sizes: a connection's own argument may.
  double cost = 0, cost_an_item = 0;

  // What stands beside it in one selection set.
  void add(const Measure& other) {
    depth = std::max(depth, other.depth);
    introspection_lists = std::max(introspection_lists, other.introspection_lists);
    aliases += other.aliases;
    fields += other.fields;
    cost += other.cost;
    cost_an_item += other.cost_an_item;
  }
};

bool is_introspection_list(std::string_view name) {
  return name == "fields" || name == "interfaces" || name == "possibleTypes" || name == "inputFields";
}

std::optional<double> number(const Value& value, const VariableNumber& variable) {
  if (value.kind == Value::Kind::variable) return variable ? variable(value.text) : std::nullopt;
  if (value.kind != Value::Kind::integer) return std::nullopt;
  double parsed = 0;
  const auto [end, error] = std::from_chars(value.text.data(), value.text.data() + value.text.size(), parsed);
  return error == std::errc() ? std::optional(parsed) : std::nullopt;
}

struct Measuring {
  const TypeSystem& types;
  double assumed_list_size;
  const VariableNumber& variable;
  std::function<const Measure*(std::string_view)> fragment;  // null where there is none
  ValidationContext* context = nullptr;                      // where errors of introspection go, if anywhere

  // How long a list of the field may get, if one of its arguments says so.
  std::optional<double> size(const Field& field, const FieldDefinition& definition) const {
    const auto sizes = [&](std::string_view name) {
      if (!definition.size_arguments.empty())
        return std::ranges::find(definition.size_arguments, name) != definition.size_arguments.end();
      return name == "first" || name == "last" || name == "limit";
    };
    std::optional<double> largest;
    for (const InputValue& argument : definition.arguments) {
      if (!sizes(argument.name)) continue;
      const auto given = std::ranges::find(field.arguments, std::string_view(argument.name),
                                           [](const Argument& one) { return one.name.text; });
      const Value* const value = given != field.arguments.end() ? &given->value : argument.default_value;
      if (value == nullptr) continue;
      if (const auto said = number(*value, variable)) largest = std::max(largest.value_or(0), std::max(*said, 0.0));
    }
    return largest;
  }

  Measure measure(const Field& field, const NamedType* parent, bool in_introspection) const {
    const bool enters = field.name.text == "__schema" || field.name.text == "__type";
    const bool introspects = in_introspection || enters;
    const FieldDefinition* const definition = parent == nullptr ? nullptr : types.field(*parent, field.name.text);
    Measure of;
    if (field.selection_set != nullptr)
      of = measure(*field.selection_set, definition == nullptr ? nullptr : &types.type(definition->type), introspects);
    if (is_introspection_list(field.name.text)) of.introspection_lists += 1;
    if (enters && !in_introspection && context != nullptr) report_introspection(field, of);
    of.depth = introspects ? (in_introspection ? 0 : 1) : of.depth + 1;
    of.aliases += field.alias.text.empty() ? 0 : 1;
    of.fields = 1;
    price(of, field, definition);
    return of;
  }

  void price(Measure& of, const Field& field, const FieldDefinition* definition) const {
    if (definition == nullptr) return;
    const bool is_list = definition->type.nullable().is_list();
    const std::optional<double> said = size(field, *definition);
    const double items = of.cost + of.cost_an_item * (is_list ? assumed_list_size : said.value_or(assumed_list_size));
    of.cost_an_item = 0;
    if (!is_list) {
      of.cost = definition->cost + items;
    } else if (said) {
      of.cost = definition->cost + items * *said;
    } else {
      of.cost = definition->cost;
      of.cost_an_item = items;
    }
  }

  Measure measure(const SelectionSet& set, const NamedType* parent, bool in_introspection) const {
    Measure all;
    for (const Selection& selection : set.selections) {
      if (selection.field != nullptr) {
        all.add(measure(*selection.field, parent, in_introspection));
      } else if (selection.spread != nullptr) {
        if (const Measure* const known = fragment(selection.spread->name.text)) all.add(*known);
      } else {
        const InlineFragment& inline_fragment = *selection.inline_fragment;
        const std::string_view condition = inline_fragment.type_condition.text;
        all.add(measure(*inline_fragment.selection_set, condition.empty() ? parent : types.find(condition),
                        in_introspection));
      }
    }
    return all;
  }

  void report_introspection(const Field& field, const Measure& of) const {
    const std::uint32_t most = context->options.bounds.max_introspection_lists;
    if (most != 0 && of.introspection_lists >= most)
      context->report("MaxIntrospectionDepth", "Maximum introspection depth exceeded", {field.at});
  }
};

double total_cost(const Measure& of, double assumed_list_size) { return of.cost + of.cost_an_item * assumed_list_size; }

std::string shown(double count) { return count < 1e15 ? std::to_string(std::llround(count)) : "more than 10^15"; }

void report_bound(ValidationContext& context, const OperationDefinition& operation, std::string_view rule, double count,
                  double most, std::string_view what) {
  if (most <= 0 || count <= most) return;
  const std::string who =
      operation.name.text.empty() ? std::string("The operation") : "Operation " + in_quotes(operation.name.text);
  context.report(
      rule, who + " has " + std::string(what) + " of " + shown(count) + ", at most " + shown(most) + " is allowed.",
      {operation.at});
}

}  // namespace

void check_bounds(ValidationContext& context) {
  // Nothing has a measure that contains itself, and such a document is refused anyway.
  if (context.has_cycles) return;
  const OperationBounds& bounds = context.options.bounds;
  const VariableNumber unknown;
  std::vector<Measure> fragments(context.fragments.size());
  const Measuring measuring{.types = context.types,
                            .assumed_list_size = bounds.assumed_list_size,
                            .variable = unknown,
                            .fragment = [&](std::string_view name) -> const Measure* {
                              const FragmentId id = context.fragment(name);
                              return id == no_fragment ? nullptr : &fragments[id];
                            },
                            .context = &context};
  for (const FragmentId id : context.bottom_up)
    fragments[id] = measuring.measure(context.fragments[id].selection_set(), context.fragment_type(id), false);
  for (const Selecting& one : context.operations) {
    const OperationDefinition& operation = *one.operation;
    const Measure all = measuring.measure(one.selection_set(), context.types.root(operation.kind), false);
    report_bound(context, operation, "MaxDepth", all.depth, bounds.max_depth, "a depth");
    report_bound(context, operation, "MaxAliases", all.aliases, bounds.max_aliases, "a number of aliases");
    report_bound(context, operation, "MaxRootFields", all.fields, bounds.max_root_fields, "a number of root fields");
    report_bound(context, operation, "MaxCost", total_cost(all, bounds.assumed_list_size), bounds.max_cost, "a cost");
  }
}

double operation_cost(const TypeSystem& types, const Document& document, const OperationDefinition& operation,
                      const VariableNumber& variable, double assumed_list_size) {
  const ValidationOptions options;
  ValidationContext context(types, document, options);
  gather_spreads(context);
  no_fragment_cycles(context);
  std::vector<Measure> fragments(context.fragments.size());
  const Measuring measuring{.types = types,
                            .assumed_list_size = assumed_list_size,
                            .variable = variable,
                            .fragment = [&](std::string_view name) -> const Measure* {
                              const FragmentId id = context.fragment(name);
                              return id == no_fragment ? nullptr : &fragments[id];
                            }};
  for (const FragmentId id : context.bottom_up)
    fragments[id] = measuring.measure(context.fragments[id].selection_set(), context.fragment_type(id), false);
  return total_cost(measuring.measure(*operation.selection_set, types.root(operation.kind), false), assumed_list_size);
}

}  // namespace bailey::graphql
