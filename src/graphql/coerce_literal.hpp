// The input coercion of literals (specification, section 3), which validation has found to be of their types.
#pragma once

#include <graphql/literal_json.hpp>
#include <graphql/types.hpp>

#include <bailey/model/json.hpp>

#include <optional>

namespace bailey::graphql {

// The literal as a value of the type, as coercion.hpp describes it. Nothing where it is none: a literal of another
// type, a variable that is not provided or null where neither may be, a number out of range.
[[nodiscard]] std::optional<json::value> coerce_literal(const TypeSystem& types, const Value& literal, TypeRef type,
                                                        VariableValues& variables);

// A default value, in which no variable can stand.
[[nodiscard]] std::optional<json::value> coerce_default(const TypeSystem& types, const Value& literal, TypeRef type);

}  // namespace bailey::graphql
