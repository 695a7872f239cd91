// Types as documents write them.
#pragma once

#include <graphql/types.hpp>

#include <string>

namespace bailey::graphql {

// The named type without its wrappers.
[[nodiscard]] const TypeNode& innermost(const TypeNode& node) noexcept;

// The type that a document writes; not known where the type system does not have it, or a TypeRef no room for it.
[[nodiscard]] TypeRef type_from_node(const TypeSystem& types, const TypeNode& node);

[[nodiscard]] std::string print_type(const TypeNode& node);

}  // namespace bailey::graphql
