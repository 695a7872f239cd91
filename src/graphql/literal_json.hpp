// Literals as the JSON that they are, where no type says what they mean: the values of scalars that are not built in.
#pragma once

#include <graphql/document.hpp>

#include <bailey/model/json.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace bailey::graphql {

// What stands for the variables in literals. A document can name a variable many times, so that a short document with a
// large variable would become large beyond both: how much is copied is bounded.
struct VariableValues {
  const json::object& values;
  std::size_t bytes_left = 0;  // of copies, about as many as they take in memory
  bool has_run_out = false;    // then what was made is not whole

  // A copy. Nothing where there is no such variable, or no more may be copied.
  [[nodiscard]] std::optional<json::value> copy(std::string_view name);
};

// About what a value takes in memory; of one that takes more than the bound, more than that.
[[nodiscard]] std::size_t size_in_memory(const json::value& value, std::size_t bound);

// An enumeration's value becomes text, a number an int64, else a uint64, else a double. A variable is replaced by what
// `variables` has for it; one that it does not have is null in a list and left out of an object. Nothing where the
// literal is such a variable itself, or a number in it is beyond a double's range.
[[nodiscard]] std::optional<json::value> literal_json(const Value& literal, VariableValues& variables);

// Whether a variable stands in the literal.
[[nodiscard]] bool has_variable(const Value& literal);

// A number as a document writes it. Nothing where it is beyond a double's range; one that is too small is 0.
[[nodiscard]] std::optional<double> parse_real(std::string_view text);

}  // namespace bailey::graphql
