#include <graphql/validation/rules.hpp>

#include <algorithm>

namespace bailey::graphql {

void executable_definitions(ValidationContext& context) {
  for (const Definition& definition : context.document.definitions())
    if (definition.type_system != nullptr) {
      // Once for all of them: what they define is of no interest to who wanted an answer.
      context.report("ExecutableDefinitions", "Definitions of the type system are not executable.", {});
      return;
    }
}

}  // namespace bailey::graphql
