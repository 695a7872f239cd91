// A schema as a document in the schema definition language: what is exported, committed and compared.
#pragma once

#include <graphql/types.hpp>

#include <cstdint>
#include <string>

namespace bailey::graphql {

enum class SchemaOrder : std::uint8_t {
  sorted,      // types, fields, arguments and all else by name: the same schema always gives the same text
  as_defined,  // as the builder got them
};

// Without the built-in scalars, directives and introspection's types. Ends in a line feed unless it is empty.
[[nodiscard]] std::string print_schema(const TypeSystem& types, SchemaOrder order = SchemaOrder::sorted);

}  // namespace bailey::graphql
