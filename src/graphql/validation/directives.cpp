// Rules of directives (specification, 5.7): KnownDirectives, UniqueDirectivesPerLocation, and their arguments'.
#include <graphql/validation/rules.hpp>

#include <unordered_map>

namespace bailey::graphql {

void check_directives(ValidationContext& context, std::span<const Directive> directives, DirectiveLocation location) {
  if (directives.empty()) return;
  std::unordered_map<std::string_view, Offset> seen;
  for (const Directive& directive : directives) {
    const DirectiveDefinition* const definition = context.types.directive(directive.name.text);
    const std::string name = "\"@" + shortened(directive.name.text) + "\"";
    if (definition == nullptr)
      context.report("KnownDirectives", "Unknown directive " + name + ".", {directive.at});
    else if (!definition->may_stand_on(location))
      context.report("KnownDirectives",
                     "Directive " + name + " may not be used on " + std::string(to_string(location)) + ".",
                     {directive.at});
    if (definition != nullptr && !definition->is_repeatable)
      if (const auto [first, is_new] = seen.try_emplace(directive.name.text, directive.at); !is_new)
        context.report("UniqueDirectivesPerLocation",
                       "The directive " + name + " can only be used once at this location.",
                       {first->second, directive.at});
    check_directive_arguments(context, directive, definition);
  }
}

}  // namespace bailey::graphql
