// What came from outside as values of the schema's types (specification, 6.1.2 and 6.4.1): an operation's variables,
// and the arguments of a field or a directive.
//
// A coerced value is JSON in the program's own terms: an enumeration's value and an input object's fields by what the
// source calls them, defaults filled in, a list where one value stood for it. An Int is an int64, a Float a double, an
// ID text. Values of other scalars are as they came; from a literal a whole number is an int64 where it fits.
#pragma once

#include <graphql/response_error.hpp>
#include <graphql/types.hpp>

#include <bailey/model/json.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>
#include <vector>

namespace bailey::graphql {

struct Variables {
  // By the names that the operation gives them. One that is not in here was not provided and has no default.
  json::object values{};
  std::size_t size_in_memory = 0;  // about

  // Null where it is not provided.
  [[nodiscard]] const json::value* find(std::string_view name) const noexcept { return values.if_contains(name); }
};

// Whether messages say "Did you mean …?", which tells strangers the schema's names.
enum class Suggestions : bool { off, on };

// The variables of an operation of a valid document, or all that is wrong with what is given, each error with the
// extension code BAD_USER_INPUT; at max_errors the rest is not looked at, which a last error says. A message shows
// the value that it is about, of which it shows 200 bytes, and no other. What is given for variables that the operation
// does not have is not looked at. Takes time linear in what is given.
[[nodiscard]] std::expected<Variables, std::vector<ResponseError>> coerce_variables(
    const TypeSystem& types, const Document& document, const OperationDefinition& operation, const json::object& given,
    std::size_t max_errors = 50, Suggestions suggestions = Suggestions::on);

// The arguments of a field or a directive that stands at `at`, by the names that the source has for them. One without
// a value, a default or a variable that is provided is left out. The error has code BAD_USER_INPUT and the place of the
// argument, or of `at` where there is none; its path is the caller's. Values of variables that are named again and
// again are refused once the copies exceed what the variables take and 8 MiB.
[[nodiscard]] std::expected<json::object, ResponseError> coerce_arguments(const TypeSystem& types,
                                                                          const Document& document,
                                                                          std::span<const InputValue> definitions,
                                                                          std::span<const Argument> given, Offset at,
                                                                          const Variables& variables);

// Whether a selection with these directives is executed (specification, 6.3.2): not where @skip says so, nor where
// @include does not. A variable that is neither true nor false counts as false; condition_mask refuses those before.
[[nodiscard]] bool is_included(std::span<const Directive> directives, const Variables& variables);

// The variables that @skip and @include of an operation and its fragments use, each once, in the order of the
// document's walk, and where each stands first. What is selected depends on them alone.
[[nodiscard]] std::vector<Name> condition_variables(const Document& document, const OperationDefinition& operation);

// Which of them are true, the first the lowest bit. An error where one is null, as a Boolean with a default can be, or
// where they are more than 64.
[[nodiscard]] std::expected<std::uint64_t, ResponseError> condition_mask(const Document& document,
                                                                         std::span<const Name> conditions,
                                                                         const Variables& variables);

// is_included by the mask of the conditions.
[[nodiscard]] bool is_included(std::span<const Directive> directives, std::span<const Name> conditions,
                               std::uint64_t mask);

}  // namespace bailey::graphql
