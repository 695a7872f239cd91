// A request becomes an ApiRequest: method and path, then each query parameter by the class of its key, then the
// headers.
//
// The class of a key is told by the text after its last dot, quotes not being understood, so that a column called
// `order` can be filtered by writing its name in quotes. The first select, columns, on_conflict and order win, the last
// limit and offset. Range, limit and offset are merged here: nothing behind this knows of Range.
#include "query/grammar.hpp"
#include "query/payload.hpp"
#include "query/request_headers.hpp"
#include "query/url_encoding.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <charconv>
#include <limits>

namespace bailey::query {
namespace {

using detail::Parameter;

RestError bad_range(std::string details) {
  return RestError(416, "PGRST103", "Requested range not satisfiable", std::move(details));
}

std::expected<std::string, RestError> relation_of(std::string_view path) {
  const auto unknown = [] {
    return std::unexpected(RestError(404, "PGRST125", "Invalid path specified in request URL"));
  };
  if (!path.starts_with('/')) return unknown();
  path.remove_prefix(1);
  if (path.empty()) return std::unexpected(RestError(404, "PGRST126", "Root endpoint metadata is disabled"));
  const std::size_t slash = path.find('/');
  auto first = detail::decode_path_segment(path.substr(0, slash));
  if (!first || first->empty()) return unknown();
  if (slash == std::string_view::npos) return std::move(*first);
  const std::string_view rest = path.substr(slash + 1);
  if (*first == "rpc" && !rest.empty() && rest.find('/') == std::string_view::npos) {
    return std::unexpected(detail::not_implemented("Calling functions is"));
  }
  return unknown();
}

std::expected<Kind, RestError> kind_of(std::string_view method) {
  if (method == "GET" || method == "HEAD") return Kind::read;
  if (method == "POST") return Kind::insert;
  if (method == "PATCH") return Kind::update;
  if (method == "DELETE") return Kind::delete_;
  return std::unexpected(RestError(405, "PGRST117", "Unsupported HTTP method: " + std::string(method)));
}

// Integers as PostgREST reads them; beyond 64 bits the nearest. Anything else counts as absent.
std::optional<std::int64_t> integer(std::string_view text) {
  text = ascii::trim(text);
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, number);
  if (rest != end || text.empty()) return std::nullopt;
  if (problem == std::errc::result_out_of_range) {
    return text.starts_with('-') ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  }
  return problem == std::errc{} ? std::optional(number) : std::nullopt;
}

class ParameterReader {
 public:
  ParameterReader(ApiRequest& request, const Limits& limits) : request_(request), limits_(limits), budget_{limits} {}

  std::optional<RestError> read(const Parameter& parameter) {
    const std::string_view key = parameter.key;
    const std::string_view last = key.substr(key.rfind('.') + 1);
    if (key == "select") return store(parameter, select_, [&](auto text) { return parse_select(text, limits_); });
    if (key == "columns") return names(parameter, "columns parameter", columns_);
    if (key == "on_conflict") return names(parameter, "on_conflict parameter", on_conflict_);
    if (!parameter.value) return std::nullopt;
    const bool embedded = last.size() != key.size();
    if (last == "and" || last == "or") return add(detail::read_logic_parameter(key, *parameter.value, budget_));
    if (last == "order" || last == "limit" || last == "offset") {
      if (embedded) return detail::not_embedded(key.substr(0, key.find('.')));
      if (last == "limit") request_.limit = integer(*parameter.value);
      if (last == "offset") request_.offset = integer(*parameter.value);
      if (last == "order") return store(parameter, order_, [&](auto text) { return parse_order(text, limits_); });
      return std::nullopt;
    }
    return add(detail::read_filter(key, *parameter.value, budget_));
  }

  void finish() {
    if (select_) request_.select = std::move(*select_);
    if (order_) request_.order = std::move(*order_);
    if (columns_) request_.columns = std::move(*columns_);
    if (on_conflict_) request_.on_conflict = std::move(*on_conflict_);
  }

 private:
  template <class T, class Read>
  std::optional<RestError> store(const Parameter& parameter, std::optional<T>& target, Read&& read) {
    if (target || !parameter.value) return std::nullopt;
    auto result = read(std::string_view(*parameter.value));
    if (!result) return std::move(result.error());
    target = std::move(*result);
    return std::nullopt;
  }
  std::optional<RestError> names(const Parameter& parameter, std::string_view what,
                                 std::optional<std::vector<std::string>>& target) {
    return store(parameter, target, [&](auto text) { return detail::read_names(what, text, limits_); });
  }
  std::optional<RestError> add(std::expected<Filter, RestError> filter) {
    if (!filter) return std::move(filter.error());
    request_.where.push_back(std::move(*filter));
    return std::nullopt;
  }

  ApiRequest& request_;
  const Limits& limits_;
  detail::Budget budget_;
  std::optional<std::vector<SelectItem>> select_;
  std::optional<std::vector<OrderTerm>> order_;
  std::optional<std::vector<std::string>> columns_;
  std::optional<std::vector<std::string>> on_conflict_;
};

std::optional<RestError> merge_range(ApiRequest& request, const RequestParts& parts) {
  if (request.limit && *request.limit < 0) return bad_range("Limit should be greater than or equal to zero.");
  if (request.offset && *request.offset <= 0) request.offset.reset();
  const auto header = parts.method == "GET" ? parts.header("range") : std::nullopt;
  const auto range = header ? detail::read_range(*header) : std::nullopt;
  if (!range) return std::nullopt;
  const std::string_view reversed =
      "The lower boundary must be lower than or equal to the upper boundary in the Range header.";
  if (range->last && *range->last < range->first) return bad_range(std::string(reversed));
  const std::int64_t own_first = request.offset.value_or(0);
  const std::int64_t first = std::max(own_first, range->first);
  constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();
  // One behind the last row, of each range, without overflow.
  const std::int64_t own_end =
      request.limit && *request.limit < unlimited - own_first ? own_first + *request.limit : unlimited;
  const std::int64_t range_end = range->last && *range->last < unlimited ? *range->last + 1 : unlimited;
  const std::int64_t end = std::min(own_end, range_end);
  if (end < first || (end == first && request.limit != 0)) return bad_range(std::string(reversed));
  request.offset = first > 0 ? std::optional(first) : std::nullopt;
  if (end != unlimited) request.limit = end - first;
  return std::nullopt;
}

}  // namespace

std::expected<ApiRequest, RestError> parse(const RequestParts& parts, const Limits& limits) {
  auto relation = relation_of(parts.path);
  if (!relation) return std::unexpected(std::move(relation.error()));
  const auto kind = kind_of(parts.method);
  if (!kind) return std::unexpected(kind.error());
  ApiRequest request{.kind = *kind, .head_only = parts.method == "HEAD", .relation = std::move(*relation)};

  const auto profile = parts.header(request.kind == Kind::read ? "accept-profile" : "content-profile");
  if (profile) request.schema = std::string(*profile);

  if (parts.query.size() > limits.query_bytes) {
    return std::unexpected(RestError(414, "PGRST100", "The query string is too long",
                                     "At most " + std::to_string(limits.query_bytes) + " bytes are allowed"));
  }
  auto parameters = detail::split_query(parts.query);
  if (!parameters) return std::unexpected(std::move(parameters.error()));
  ParameterReader reader(request, limits);
  for (const Parameter& parameter : *parameters) {
    if (auto problem = reader.read(parameter)) return std::unexpected(std::move(*problem));
  }
  reader.finish();
  if (auto problem = merge_range(request, parts)) return std::unexpected(std::move(*problem));

  if (request.kind == Kind::insert || request.kind == Kind::update) {
    if (parts.body.size() > limits.payload_bytes) {
      return std::unexpected(RestError(413, "PGRST102", "The request body is too large",
                                       "At most " + std::to_string(limits.payload_bytes) + " bytes are allowed"));
    }
    auto payload = detail::payload_as_json(parts.header("content-type"), parts.body);
    if (!payload) return std::unexpected(std::move(payload.error()));
    request.payload = std::move(*payload);
  }
  auto preferences = detail::read_preferences(parts);
  if (!preferences) return std::unexpected(std::move(preferences.error()));
  request.preferences = std::move(*preferences);
  auto media = detail::negotiate(parts.header("accept"));
  if (!media) return std::unexpected(std::move(media.error()));
  request.media = *media;
  return request;
}

}  // namespace bailey::query
