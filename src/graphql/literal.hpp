// Literals: how they are printed, and whether they are of a type (specification, sections 2.9 and 3).
#pragma once

#include <graphql/types.hpp>

#include <expected>
#include <limits>
#include <string>

namespace bailey::graphql {

// The value as a document writes it, in canonical form. Past max_length characters it ends with an ellipsis, for
// messages.
[[nodiscard]] std::string print_literal(const Value& value,
                                        std::size_t max_length = std::numeric_limits<std::size_t>::max());

// The rules of the five built-in scalars.
[[nodiscard]] LiteralCheck built_in_check(TypeId scalar);

// Whether the scalar or enumeration takes the literal; else what there is to say, which may be nothing (LiteralCheck).
// Suggestions of enum values are the caller's.
[[nodiscard]] std::expected<void, std::string> check_leaf(const NamedType& leaf, const Value& value);

// Whether a constant, as a default value is one, is of the type, down to the last field; else the first thing that is
// not.
[[nodiscard]] std::expected<void, std::string> check_constant(const TypeSystem& types, const Value& value,
                                                              TypeRef type);

}  // namespace bailey::graphql
