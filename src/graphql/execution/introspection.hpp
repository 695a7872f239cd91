// How the fields of introspection are resolved (specification, section 4): as fields of objects like any other, whose
// objects are parts of the type system.
#pragma once

#include <bailey/graphql/detail/run.hpp>
#include <graphql/types.hpp>

namespace bailey::graphql {

// Of a field of one of introspection's types, or of __schema and __type.
[[nodiscard]] const detail::FieldCode* introspection_code(const NamedType& type, const FieldDefinition& field);
// What the objects of one of introspection's types are in C++.
[[nodiscard]] detail::TypeKey introspection_key(const NamedType& type);

}  // namespace bailey::graphql
