// JSON values as messages show them: in graphql-js's form, and bounded, for they are a stranger's.
#pragma once

#include <bailey/model/json.hpp>
#include <graphql/shortened.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace bailey::graphql {

// A value on one line: what is nested deeper than two levels as [Object] or [Array], of a list the first ten. Past
// max_length bytes it ends with an ellipsis, and what is behind costs nothing.
[[nodiscard]] std::string inspect(const json::value& value, std::size_t max_length = longest_shown);

// A number as JavaScript writes it: the fewest digits that read back, an exponent from 1e21 on and below 1e-6.
[[nodiscard]] std::string print_number(double number);

}  // namespace bailey::graphql
