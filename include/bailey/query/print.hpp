#pragma once

#include <bailey/query/api_request.hpp>
#include <bailey/query/request_parts.hpp>

#include <string>
#include <string_view>

namespace bailey::query {

// Writes the HTTP request that an ApiRequest stands for: method, path, query string, headers (Accept, Prefer, profile,
// Content-Type), body. parse(print(q)) == q for every q that parse returns. Names and values are quoted where they must
// be. Pure; any thread.
[[nodiscard]] RequestParts print(const ApiRequest& request);

// Writes only its path and query string: "/cards?select=id&id=eq.7".
[[nodiscard]] std::string print_url(const ApiRequest& request);

// Write parts of a parameter, not percent-encoded: a name, quoted where it must be; a column and the path into it; a
// select list; an order list; an operation such as `eq.7` or `not.in.(1,2)`.
[[nodiscard]] std::string print_name(std::string_view name);
[[nodiscard]] std::string print_field(const Field& field);
[[nodiscard]] std::string print_select(const std::vector<SelectItem>& items);
[[nodiscard]] std::string print_order(const std::vector<OrderTerm>& terms);
[[nodiscard]] std::string print_operation(const Condition& condition);

// Percent-encodes all but ASCII letters, digits and - . _ ~ (RFC 3986, 2.3).
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace bailey::query
