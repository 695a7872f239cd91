// A schema as operations are executed against it: its types, and how each field is resolved. It never changes; any
// thread may use it.
#pragma once

#include <bailey/graphql/detail/parts.hpp>
#include <graphql/engine/extensions.hpp>
#include <graphql/types.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bailey::graphql {

// Of a field, among the dependencies of all.
struct NeedRange {
  std::size_t first = 0, count = 0;
};

class CompiledSchema {
 public:
  explicit CompiledSchema(TypeSystem system) : types(std::move(system)) {}

  TypeSystem types;
  // By FieldDefinition::resolver; of those that are not introspection's.
  std::vector<std::shared_ptr<const detail::FieldCode>> fields{};
  std::vector<std::optional<std::vector<std::string>>> uses{};  // of each, as FieldParts has it
  std::vector<detail::TypeKey> keys{};                          // of the objects, by TypeId; else null
  std::vector<std::shared_ptr<const detail::LoaderCode>> loaders{};
  // What all fields and loaders take of the app's dependencies, one field's behind another's.
  std::vector<web_detail::Need> needs{};
  std::vector<NeedRange> needs_of{};  // by FieldDefinition::resolver
  std::vector<MakeExtension> extensions{};
};

}  // namespace bailey::graphql
