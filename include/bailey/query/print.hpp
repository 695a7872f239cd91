#pragma once

#include <bailey/query/api_request.hpp>
#include <bailey/query/request_parts.hpp>

#include <string>
#include <string_view>

namespace bailey::query {

// The request an ApiRequest stands for: method, path, query string, headers (Accept, Prefer, profile, Content-Type),
// body. parse(print(q)) == q for every q that parse can yield; a name or value needs no quoting by the caller.
[[nodiscard]] RequestParts print(const ApiRequest& request);

// Path and query string of it: "/cards?select=id&id=eq.7".
[[nodiscard]] std::string print_url(const ApiRequest& request);

// Parts of the grammar, not percent-encoded: a name quoted where the grammar needs it, the select list, one order list,
// `eq.7`, `not.in.(1,2)`.
[[nodiscard]] std::string print_name(std::string_view name);
[[nodiscard]] std::string print_field(const Field& field);
[[nodiscard]] std::string print_select(const std::vector<SelectItem>& items);
[[nodiscard]] std::string print_order(const std::vector<OrderTerm>& terms);
[[nodiscard]] std::string print_operation(const Condition& condition);

// Percent-encodes all but ASCII letters, digits and - . _ ~ (RFC 3986, 2.3).
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace bailey::query
