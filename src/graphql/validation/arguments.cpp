// Rules of arguments, of fields and of directives (specification, 5.4).
#include <graphql/validation/rules.hpp>

#include <algorithm>
#include <unordered_map>

namespace bailey::graphql {

namespace {

void unique_argument_names(ValidationContext& context, std::span<const Argument> arguments) {
  if (arguments.size() < 2) return;
  std::unordered_map<std::string_view, std::vector<Offset>> places;
  for (const Argument& argument : arguments) places[argument.name.text].push_back(argument.name.at);
  if (places.size() == arguments.size()) return;
  for (const Argument& argument : arguments) {
    const std::vector<Offset>& all = places[argument.name.text];
    if (all.size() > 1 && all.front() == argument.name.at)
      context.report("UniqueArgumentNames",
                     "There can be only one argument named " + in_quotes(argument.name.text) + ".", all);
  }
}

bool is_given(std::span<const Argument> arguments, std::string_view name) {
  return std::ranges::any_of(arguments, [&](const Argument& one) { return one.name.text == name; });
}

void unknown_argument(ValidationContext& context, const Argument& argument, const std::string& owner,
                      const std::vector<InputValue>& known) {
  std::string message = "Unknown argument " + in_quotes(argument.name.text) + " on " + owner + ".";
  if (context.options.suggestions) {
    std::vector<std::string_view> names;
    for (const InputValue& one : known) names.push_back(one.name);
    message += context.suggest(argument.name.text, names);
  }
  context.report("KnownArgumentNames", std::move(message), {argument.name.at});
}

void check_argument_value(ValidationContext& context, const Argument& argument, const InputValue* known) {
  ValuePosition position;
  if (known != nullptr) position = {.type = known->type, .has_default = known->default_value != nullptr};
  check_value(context, argument.value, position);
}

}  // namespace

void check_field_arguments(ValidationContext& context, const Field& field, const NamedType* parent,
                           const FieldDefinition* definition) {
  unique_argument_names(context, field.arguments);
  for (const Argument& argument : field.arguments) {
    const InputValue* const known = definition == nullptr ? nullptr : definition->argument(argument.name.text);
    if (known == nullptr && definition != nullptr && parent != nullptr)
      unknown_argument(context, argument, "field " + in_quotes(parent->name + "." + definition->name),
                       definition->arguments);
    check_argument_value(context, argument, known);
  }
}

void provided_required_arguments(ValidationContext& context, const Field& field, const FieldDefinition& definition) {
  for (const InputValue& argument : definition.arguments)
    if (argument.is_required() && !is_given(field.arguments, argument.name))
      context.report("ProvidedRequiredArguments",
                     "Field " + in_quotes(definition.name) + " argument " + in_quotes(argument.name) + " of type " +
                         in_quotes(context.types.to_string(argument.type)) + " is required, but it was not provided.",
                     {field.at});
}

void check_directive_arguments(ValidationContext& context, const Directive& directive,
                               const DirectiveDefinition* definition) {
  unique_argument_names(context, directive.arguments);
  for (const Argument& argument : directive.arguments) {
    const InputValue* const known = definition == nullptr ? nullptr : definition->argument(argument.name.text);
    if (known == nullptr && definition != nullptr)
      unknown_argument(context, argument, "directive \"@" + definition->name + "\"", definition->arguments);
    check_argument_value(context, argument, known);
  }
  if (definition == nullptr) return;
  for (const InputValue& argument : definition->arguments)
    if (argument.is_required() && !is_given(directive.arguments, argument.name))
      context.report("ProvidedRequiredArguments",
                     "Directive \"@" + definition->name + "\" argument " + in_quotes(argument.name) + " of type " +
                         in_quotes(context.types.to_string(argument.type)) + " is required, but it was not provided.",
                     {directive.at});
}

}  // namespace bailey::graphql
