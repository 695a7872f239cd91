#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include <bailey/base/error.hpp>

namespace bailey {

namespace json = boost::json;

// Bounds on what a stranger's document may cost. A document over a bound is refused, never cut.
struct JsonLimits {
  std::size_t depth = 64;                     // nested arrays and objects; at most 256
  std::size_t size_bytes = 16 * 1024 * 1024;  // of the text; the document takes up to 12 times that in memory
};

// Says where and why a text is not JSON. `reason` quotes nothing of the text.
struct JsonSyntaxError {
  std::size_t offset = 0;  // in bytes
  std::string reason;
};

// Parses strict JSON (RFC 8259): UTF-8 only, no NaN, no comments, nothing behind the value, no number beyond double's
// range, and no name twice in an object, which parsers before and behind us could read in different ways. The value
// owns all it holds, in memory from `storage` (which it keeps alive; none: the heap); `text` need not outlive the call.
[[nodiscard]] std::expected<json::value, JsonSyntaxError> try_parse_json(std::string_view text, JsonLimits limits = {},
                                                                         json::storage_ptr storage = {});

// The same, on the heap; the error is an Error of code "json_invalid" and status 400.
[[nodiscard]] Expected<json::value> parse_json(std::string_view text, JsonLimits limits = {});

// Appends a document compactly. Numbers that JSON lacks (NaN, infinity) become null.
void append_json(std::string& out, const json::value& value);
void append_json(std::string& out, const json::object& value);
void append_json(std::string& out, const json::array& value);
[[nodiscard]] std::string to_json_text(const json::value& value);

// Appends a text in quotes, escaped as RFC 8259 asks and no further. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

// Appends the shortest form that reads back as the same number; null for NaN and infinity.
void append_json_number(std::string& out, double number);
void append_json_number(std::string& out, float number);

}  // namespace bailey
