#pragma once

#include <bailey/query/api_request.hpp>
#include <bailey/query/request_parts.hpp>
#include <bailey/query/rest_error.hpp>

#include <cstddef>
#include <expected>

namespace bailey::query {

// What one request may ask for. More is an error of code PGRST100 or PGRST102 and status 400; 414 for the query string,
// 413 for the body.
struct Limits {
  std::size_t query_bytes = 64 * 1024;
  std::size_t logic_depth = 32;
  std::size_t filters = 256;  // conditions, those inside logic trees included
  std::size_t list_elements = 10'000;
  std::size_t select_items = 1'000;  // also columns=, on_conflict= and order terms
  std::size_t payload_bytes = 64 * 1024 * 1024;
};

// Reads a request as PostgREST does, with its leniencies. Pure; any thread. A CSV or form body becomes JSON; a JSON
// body is taken as it is (compile looks into it). Embedded resources, spreads, aggregates, functions and the root
// document are refused with PGRST127, PGRST123 or PGRST126.
[[nodiscard]] std::expected<ApiRequest, RestError> parse(const RequestParts& parts, const Limits& limits = {});

// Read a single parameter, with the errors of `parse`: a select list `id,full_name,meta->>size`; an order list
// `id.desc,name`; the value of an or= `(a.eq.1,not.or(b.is.null,c.gt.2))`; a filter of the column `key` `not.in.(1,2)`.
[[nodiscard]] std::expected<std::vector<SelectItem>, RestError> parse_select(std::string_view text,
                                                                             const Limits& limits = {});
[[nodiscard]] std::expected<std::vector<OrderTerm>, RestError> parse_order(std::string_view text,
                                                                           const Limits& limits = {});
[[nodiscard]] std::expected<Logic, RestError> parse_logic(Junction junction, std::string_view text,
                                                          const Limits& limits = {});
// Reads a column or a path into JSON, `meta->>size`, with nothing behind it.
[[nodiscard]] std::expected<Field, RestError> parse_field(std::string_view text);
[[nodiscard]] std::expected<Filter, RestError> parse_filter(std::string_view key, std::string_view operation,
                                                            const Limits& limits = {});

// The canonical form of a query string, for Content-Location: pairs sorted by key, those of one key joined, encoded
// again.
[[nodiscard]] std::string canonical_query(std::string_view query);

}  // namespace bailey::query
