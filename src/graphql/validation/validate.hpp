// Whether a document may be executed against a type system (specification of October 2021, section 5), and within what
// bounds. Every rule of the specification by its name, and four bounds that it does not have.
#pragma once

#include <graphql/types.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {

struct ValidationError {
  std::string_view rule{};  // its standard name, as in ScalarLeafs
  std::string message{};
  std::vector<Location> locations{};
};

// Bounds of what one operation may ask for. Each of them is without a bound at zero.
struct OperationBounds {
  std::uint32_t max_depth = 15;               // of fields in fields; introspection has a bound of its own
  std::uint32_t max_aliases = 50;             // in an operation, fragments counted wherever they are spread
  std::uint32_t max_root_fields = 20;         // counted likewise
  std::uint32_t max_introspection_lists = 3;  // fields, interfaces, possibleTypes and inputFields in each other
  double max_cost = 0;                        // the sum of the fields' costs, those in lists once an item
  double assumed_list_size = 10;              // of a list of which no argument says it
};

struct ValidationOptions {
  std::size_t max_errors = 100;
  bool suggestions = true;  // whether messages say "Did you mean …?", which tells strangers the schema's names
  OperationBounds bounds{};
  // Steps that the rules may take which could take more than linear time: comparing fields that overlap, and following
  // fragments through operations. A document that needs more is refused.
  std::uint32_t max_field_comparisons = 500'000;
  std::uint32_t max_fragment_steps = 500'000;
};

// All errors, as many as max_errors; empty where the document is valid. Takes no time but linear in the document, aside
// from the two steps that are counted.
[[nodiscard]] std::vector<ValidationError> validate(const TypeSystem& types, const Document& document,
                                                    const ValidationOptions& options = {});

// A whole number that a variable has, if it has one.
using VariableNumber = std::function<std::optional<double>(std::string_view variable)>;

// What an operation of a valid document costs, with the variables' values where they are known: the size of a list that
// a variable says is not known before.
[[nodiscard]] double operation_cost(const TypeSystem& types, const Document& document,
                                    const OperationDefinition& operation, const VariableNumber& variable,
                                    double assumed_list_size);

}  // namespace bailey::graphql
