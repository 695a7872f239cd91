#include <graphql/validation/rules.hpp>

#include <graphql/type_system_definition.hpp>

#include <algorithm>

namespace bailey::graphql {

// Said of the first, once for all of them: what they define is of no interest to who wanted an answer.
void executable_definitions(ValidationContext& context) {
  const auto definitions = context.document.definitions();
  const auto found =
      std::ranges::find_if(definitions, [](const Definition& one) { return one.type_system != nullptr; });
  if (found == definitions.end()) return;
  const TypeSystemDefinition& first = *found->type_system;
  const bool is_schema = first.kind == TypeSystemDefinition::Kind::schema;
  context.report("ExecutableDefinitions",
                 "The " + (is_schema ? "schema" : in_quotes(first.name.text)) + " definition is not executable.",
                 {first.at});
}

}  // namespace bailey::graphql
