#include <graphql/engine/operation_request.hpp>

#include <bailey/http/urlencoded.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace bailey::graphql {
namespace {

constexpr std::array<std::string_view, 5> parameters{"query", "documentId", "operationName", "variables", "extensions"};
constexpr std::array<std::string_view, 2> json_parameters{"variables", "extensions"};

constexpr std::size_t max_id_bytes = 1024;

std::unexpected<std::string> wrong(std::string_view parameter, std::string_view right) {
  return std::unexpected("The parameter \"" + std::string(parameter) + "\" must be " + std::string(right) + ".");
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == text.npos ? std::string_view() : text.substr(first);
}

// extensions.persistedQuery: {"version": 1, "sha256Hash": "…"}, the hash in lower case.
std::expected<std::string, std::string> read_hash(const json::value& persisted) {
  constexpr std::string_view right = "an object with \"version\": 1 and a string \"sha256Hash\"";
  const json::object* const given = persisted.if_object();
  if (given == nullptr) return wrong("extensions.persistedQuery", right);
  const json::value* const version = given->if_contains("version");
  const json::value* const hash = given->if_contains("sha256Hash");
  if (version == nullptr || *version != 1 || hash == nullptr || !hash->is_string() || hash->get_string().empty() ||
      hash->get_string().size() > max_id_bytes)
    return wrong("extensions.persistedQuery", right);
  return std::string(hash->get_string());
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
  if (const json::value* const id = take("documentId")) {
    if (!id->is_string() || id->get_string().size() > max_id_bytes)
      return wrong("documentId", "a string of 1,024 bytes at most");
    request.document_id = id->get_string();
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
    const json::value* const persisted = request.extensions.if_contains("persistedQuery");
    if (persisted != nullptr && !persisted->is_null()) {
      auto hash = read_hash(*persisted);
      if (!hash) return std::unexpected(std::move(hash).error());
      if (request.document_id.empty()) {
        request.document_id = *std::move(hash);
        request.is_hash = true;
      }
    }
  }
  if (trimmed(request.query).empty()) {
    if (request.document_id.empty())
      return std::unexpected("The parameter \"query\" is missing: a string with the document to execute.");
    request.query.clear();
  }
  return request;
}

std::expected<OperationRequest, std::string> read_operation_of_query(std::string_view query) {
  auto fields = http::parse_urlencoded(query);
  if (!fields) return std::unexpected(fields.error().message());
  json::object given;
  for (http::FormField& field : *fields) {
    if (std::ranges::find(parameters, field.name) == parameters.end() || field.value.empty()) continue;
    if (given.contains(field.name)) return wrong(field.name, "there once");
    if (std::ranges::find(json_parameters, field.name) == json_parameters.end()) {
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
