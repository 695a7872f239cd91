// JSON values of the five built-in scalars (specification, 3.5): which each takes, and what they become.
#pragma once

#include <graphql/types.hpp>

#include <bailey/model/json.hpp>

namespace bailey::graphql {

// The rules of a built-in scalar: Int takes whole numbers of 32 bits, of which 7.0 is one, Float any number, ID text
// and whole numbers.
[[nodiscard]] ValueCheck built_in_value_check(TypeId scalar);

// A value that the scalar takes, in the form that the program sees: an Int is an int64, a Float a double, an ID text.
// Those of other scalars stay what they are.
[[nodiscard]] json::value normalised(TypeId scalar, const json::value& value);

}  // namespace bailey::graphql
