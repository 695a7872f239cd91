#include <graphql/transport/operation_request.hpp>

#include <bailey/http/urlencoded.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace bailey::graphql {
namespace {

constexpr std::array<std::string_view, 4> parameters{"query", "operationName", "variables", "extensions"};

std::unexpected<std::string> wrong(std::string_view parameter, std::string_view right) {
  return std::unexpected("The parameter \"" + std::string(parameter) + "\" must be " + std::string(right) + ".");
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == text.npos ? std::string_view() : text.substr(first);
}

}  // namespace

std::expected<OperationRequest, std::string> read_operation(json::value&& value) {
  if (!value.is_object()) return std::unexpected("A GraphQL request is a JSON object with the member \"query\".");
  json::object& given = value.get_object();
  OperationRequest request;
  const auto take = [&](std::string_view name) -> json::value* {
    json::value* const found = given.if_contains(name);
    return found == nullptr || found->is_null() ? nullptr : found;
  };
  if (const json::value* const query = take("query")) {
    if (!query->is_string()) return wrong("query", "a string");
    request.query = query->get_string();
  }
  if (const json::value* const name = take("operationName")) {
    if (!name->is_string()) return wrong("operationName", "a string");
    request.operation_name = name->get_string();
  }
  if (json::value* const variables = take("variables")) {
    if (!variables->is_object()) return wrong("variables", "an object");
    request.variables = std::move(variables->get_object());
  }
  if (json::value* const extensions = take("extensions")) {
    if (!extensions->is_object()) return wrong("extensions", "an object");
    request.extensions = std::move(extensions->get_object());
  }
  if (trimmed(request.query).empty())
    return std::unexpected("The parameter \"query\" is missing: a string with the document to execute.");
  return request;
}

std::expected<OperationRequest, std::string> read_operation_of_query(std::string_view query) {
  auto fields = http::parse_urlencoded(query);
  if (!fields) return std::unexpected(fields.error().message());
  json::object given;
  for (http::FormField& field : *fields) {
    if (std::ranges::find(parameters, field.name) == parameters.end() || field.value.empty()) continue;
    if (given.contains(field.name)) return wrong(field.name, "there once");
    if (field.name == "query" || field.name == "operationName") {
      given.emplace(field.name, std::move(field.value));
      continue;
    }
    auto parsed = try_parse_json(field.value);
    if (!parsed) return wrong(field.name, "an object, written as JSON");
    given.emplace(field.name, *std::move(parsed));
  }
  return read_operation(std::move(given));
}

}  // namespace bailey::graphql
