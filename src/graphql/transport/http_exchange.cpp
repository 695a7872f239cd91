#include <graphql/transport/http_exchange.hpp>

#include <bailey/base/ascii.hpp>
#include <bailey/model/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace bailey::graphql {
namespace {

using ascii::trim;

// Cuts off what stands before the next separator that is not in quotes.
std::string_view next_part(std::string_view& rest, char separator) {
  bool is_quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (is_quoted || rest[end] != separator); ++end) {
    if (rest[end] == '"') is_quoted = !is_quoted;
    if (is_quoted && rest[end] == '\\' && end + 1 < rest.size()) ++end;
  }
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trim(part);
}

struct Parameter {
  std::string_view name, value;
};
Parameter parameter_of(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos) return {.name = text, .value = {}};
  std::string_view value = trim(text.substr(equals + 1));
  if (value.size() > 1 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return {.name = trim(text.substr(0, equals)), .value = value};
}

bool is_same(std::string_view one, std::string_view other) { return ascii::equal_ignoring_case(one, other); }

// Whether a Content-Type is JSON in UTF-8, which it is when it says nothing.
bool is_json_content(std::string_view content_type) {
  std::string_view rest = content_type;
  if (!is_same(next_part(rest, ';'), "application/json")) return false;
  while (!rest.empty()) {
    const Parameter parameter = parameter_of(next_part(rest, ';'));
    if (is_same(parameter.name, "charset") && !is_same(parameter.value, "utf-8") && !is_same(parameter.value, "utf8"))
      return false;
  }
  return true;
}

// Of what is well-formed and no operation.
HttpRefusal wrong_parameters(std::string message) { return {.message = std::move(message), .is_well_formed = true}; }

// How much a client likes a media type, and where it has said so.
struct Liking {
  double weight = 1;
  std::size_t place = 0;
};

// Of the parameters of a media range; a weight that is none counts as nothing.
double weight_in(std::string_view parameters) {
  double weight = 1;
  while (!parameters.empty()) {
    const Parameter parameter = parameter_of(next_part(parameters, ';'));
    if (!is_same(parameter.name, "q")) continue;
    const char* const end = parameter.value.data() + parameter.value.size();
    const auto [stop, fault] = std::from_chars(parameter.value.data(), end, weight, std::chars_format::fixed);
    if (fault != std::errc() || stop != end || !(weight >= 0 && weight <= 1)) weight = 0;
  }
  return weight;
}

HttpRefusal refusal(int status, std::string message, std::string_view allow = {}) {
  return {.status = status, .message = std::move(message), .allow = allow};
}

std::expected<HttpOperations, HttpRefusal> read_batch(json::array& items, const MountOptions& options) {
  if (options.max_batch == 0)
    return std::unexpected(refusal(400, "Batches are not enabled here: send one operation as a JSON object."));
  if (items.empty()) return std::unexpected(refusal(400, "A batch has one operation at least."));
  if (items.size() > options.max_batch) {
    return std::unexpected(refusal(400, "A batch has " + std::to_string(options.max_batch) + " operations at most."));
  }
  HttpOperations read{.is_batch = true};
  for (json::value& item : items) {
    auto operation = read_operation(std::move(item));
    if (!operation) return std::unexpected(wrong_parameters(std::move(operation).error()));
    read.operations.push_back(*std::move(operation));
  }
  return read;
}

std::expected<HttpOperations, HttpRefusal> read_post(const HttpInput& input, const MountOptions& options) {
  if (!input.content_type || !is_json_content(*input.content_type))
    return std::unexpected(refusal(415, options.uploads
                                            ? "The body of a GraphQL request is application/json in UTF-8, "
                                              "or multipart/form-data where it brings files."
                                            : "The body of a GraphQL request is application/json in UTF-8."));
  auto parsed = try_parse_json(input.body);
  if (!parsed) {
    return std::unexpected(refusal(400, "The body is no JSON: " + parsed.error().reason + " at byte " +
                                            std::to_string(parsed.error().offset) + "."));
  }
  return read_operations(*std::move(parsed), options);
}

}  // namespace

bool is_multipart(std::string_view content_type) {
  return is_same(next_part(content_type, ';'), "multipart/form-data");
}

bool has_preflight_header(const std::function<bool(std::string_view)>& has_header) {
  constexpr std::array<std::string_view, 4> headers{"graphql-require-preflight", "apollo-require-preflight",
                                                    "x-apollo-operation-name", "x-requested-with"};
  return std::ranges::any_of(headers, has_header);
}

std::expected<HttpOperations, HttpRefusal> read_operations(json::value&& parsed, const MountOptions& options) {
  if (parsed.is_array()) return read_batch(parsed.get_array(), options);
  auto operation = read_operation(std::move(parsed));
  if (!operation) return std::unexpected(wrong_parameters(std::move(operation).error()));
  HttpOperations read;
  read.operations.push_back(*std::move(operation));
  return read;
}

std::string_view to_string(MediaType type) noexcept {
  switch (type) {
    case MediaType::json: return "application/json; charset=utf-8";
    case MediaType::graphql_response: return "application/graphql-response+json; charset=utf-8";
    case MediaType::events: return "text/event-stream; charset=utf-8";
  }
  std::unreachable();
}

std::optional<MediaType> choose_media_type(std::optional<std::string_view> accept) {
  if (!accept || trim(*accept).empty()) return MediaType::json;
  // What is named itself counts before what is meant by a wildcard.
  std::array<std::optional<Liking>, 3> likings;
  std::optional<Liking> by_wildcard;
  const auto liking_of = [&](MediaType type) -> auto& { return likings.at(static_cast<std::size_t>(type)); };
  std::size_t place = 0;
  for (std::string_view rest = *accept; !rest.empty(); ++place) {
    std::string_view range = next_part(rest, ',');
    const std::string_view type = next_part(range, ';');
    const Liking liking{.weight = weight_in(range), .place = place};
    if (is_same(type, "application/graphql-response+json")) liking_of(MediaType::graphql_response) = liking;
    if (is_same(type, "application/json")) liking_of(MediaType::json) = liking;
    if (is_same(type, "text/event-stream")) liking_of(MediaType::events) = liking;
    if (type == "*/*" || is_same(type, "application/*")) by_wildcard = liking;
  }
  if (!liking_of(MediaType::json)) liking_of(MediaType::json) = by_wildcard;
  std::optional<MediaType> best;
  for (const MediaType type : {MediaType::json, MediaType::graphql_response, MediaType::events}) {
    const auto& liking = liking_of(type);
    if (!liking || liking->weight <= 0) continue;
    if (best) {
      const Liking& other = *liking_of(*best);
      if (liking->weight < other.weight || (liking->weight == other.weight && liking->place > other.place)) continue;
    }
    best = type;
  }
  return best;
}

std::expected<HttpOperations, HttpRefusal> read_http(const HttpInput& input, const MountOptions& options) {
  if (input.method == "POST") return read_post(input, options);
  const std::string_view allowed = options.queries_via_get ? "GET, POST" : "POST";
  const bool is_get = input.method == "GET" || input.method == "HEAD";
  if (!is_get || !options.queries_via_get)
    return std::unexpected(refusal(405, "GraphQL is asked by " + std::string(allowed) + " here.", allowed));
  auto operation = read_operation_of_query(input.query);
  if (!operation) return std::unexpected(wrong_parameters(std::move(operation).error()));
  HttpOperations read;
  read.operations.push_back(*std::move(operation));
  return read;
}

int status_of(Stage failed, MediaType type, HttpProfile profile) noexcept {
  if (failed == Stage::execution) return 504;  // it was cancelled
  if (type != MediaType::graphql_response) return 200;
  if (profile == HttpProfile::audit || failed == Stage::parsing) return 400;
  return 422;
}

int status_of_executed(bool has_errors, MediaType type, HttpProfile profile) noexcept {
  return has_errors && type == MediaType::graphql_response && profile == HttpProfile::draft ? 294 : 200;
}

int status_of(const HttpRefusal& refusal, HttpProfile profile) noexcept {
  return refusal.is_well_formed && profile == HttpProfile::draft ? 422 : refusal.status;
}

}  // namespace bailey::graphql
