#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace bailey::graphql {

// What one operation may ask for, wherever it comes from. A bound of zero is none.
struct OperationOptions {
  std::size_t max_tokens = 15'000;  // of a document
  std::uint32_t max_depth = 15;     // of fields in fields; introspection has a bound of its own
  std::uint32_t max_aliases = 50;   // fragments counted wherever they are spread, as below
  std::uint32_t max_root_fields = 20;
  // The sum of the fields' costs (FieldOptions::cost), those in a list once an item: as many as `first`, `last` or
  // `limit` says, or else `assumed_list_size`.
  double max_cost = 0;
  double assumed_list_size = 10;
  // Of the JSON that answers an operation, of that of each event of a subscription, and of what the errors in it take;
  // of a batch in all. What is larger is not sent: the data is null, with an error of the code ANSWER_TOO_LARGE. A
  // value that a single resolver returns is made, and so may go beyond it, before that is known.
  std::size_t answer_limit_bytes = std::size_t{64} * 1024 * 1024;
  // How long a query or a mutation may take; then what it awaits is cancelled, down to the database.
  std::chrono::milliseconds deadline{30'000};
  bool introspection = true;             // whether the schema may be asked for
  bool suggestions = true;               // whether errors say "Did you mean …?", which tells strangers of its names
  std::size_t cached_documents = 1'000;  // parsed and validated, by their text
};

// For an app that faces strangers who need not know the schema: no introspection, no suggestions, and so no GraphiQL.
[[nodiscard]] constexpr OperationOptions production_operations() {
  OperationOptions options;
  options.introspection = false;
  options.suggestions = false;
  return options;
}

}  // namespace bailey::graphql
