#pragma once

#include <expected>
#include <string_view>
#include <utility>

#include <bailey/model/detail/read.hpp>
#include <bailey/model/detail/read_text.hpp>
#include <bailey/model/json.hpp>
#include <bailey/model/rules.hpp>
#include <bailey/model/validation.hpp>

// From strangers' input to values. What can be read: models, bool, integers, float and double, std::string, Uuid,
// enumerations, std::chrono::sys_time and sys_days, Secret, std::monostate (null), std::vector<std::byte> (base64),
// json::value, json::object and json::array, types with a TextCodec, and std::optional, Maybe, std::unique_ptr,
// std::vector, std::array, std::map and std::unordered_map by std::string, and std::variant of these. Another type does
// not compile. All of it can be encoded, and has a schema.
//
// A variant is its first alternative, in their order, that takes the value as it is, or else, where conversion is
// allowed, the first that takes it converted.
//
// The functions here throw what a TextCodec or a check throws, and std::bad_alloc; any thread may call them.
namespace bailey {

// A T that owns all it holds, or what is wrong with the input: at least one entry.
template <class T>
using Decoded = std::expected<T, ValidationErrors>;

// Reads a value out of a JSON document and collects all errors, up to validation_error_limit. `prefix` stands before
// the location of each. `constraints` are the rules on the value itself; what its members must be, its rules say.
// Conversion::none: "7" is no number and 1 no bool; 7.0 is an integer, since JSON has one kind of number. The document
// need not outlive the call.
template <class T>
[[nodiscard]] Decoded<T> decode(const json::value& value, Location prefix = {}, const Constraints& constraints = {},
                                Conversion conversion = Conversion::none) {
  detail::Reader reader(std::move(prefix), conversion);
  detail::require_default<T>();  // GCC would say its own sentence at the next line, and only that
  T result{};
  detail::read(reader, detail::Path{}, value, result, detail::Limits{constraints, nullptr});
  if (reader.failed()) return std::unexpected(reader.take_errors());
  return result;
}

// Parses strictly (see try_parse_json) and decodes. A syntax error is one entry `json_invalid` at [prefix…, offset],
// an empty text one entry `missing`.
template <class T>
[[nodiscard]] Decoded<T> decode_json(std::string_view text, Location prefix = {}, JsonLimits limits = {},
                                     Conversion conversion = Conversion::none) {
  detail::Document document;
  if (auto errors = document.parse(text, prefix, limits)) return std::unexpected(*std::move(errors));
  return decode<T>(document.root(), std::move(prefix), {}, conversion);
}

// Reads a lone value from a path, query, header, cookie or form, where everything is text: " +1_000 " is an integer,
// "on", "yes", "1" and "true" are true. T is a scalar of the list above, or a std::optional or Maybe of one, which then
// has its element. Errors as above.
template <class T>
[[nodiscard]] Decoded<T> decode_text(std::string_view text, Location prefix = {}, const Constraints& constraints = {}) {
  detail::Reader reader(std::move(prefix), Conversion::lenient);
  T result{};
  detail::read_text(reader, detail::Path{}, text, result, detail::Limits{constraints, nullptr});
  if (reader.failed()) return std::unexpected(reader.take_errors());
  return result;
}

}  // namespace bailey
