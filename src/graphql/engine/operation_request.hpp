// What a client asks to be executed, as every transport brings it: an object of query, operationName, variables and
// extensions, or of the name of a document that is here already instead of query.
#pragma once

#include <bailey/model/json.hpp>

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {

struct OperationRequest {
  std::string query{};  // empty: the document is named
  // What it is called here: `documentId` (GraphQL over HTTP, appendix on persisted documents), or the SHA-256 of it in
  // `extensions.persistedQuery` (Apollo). Empty: not said.
  std::string document_id{};
  bool is_hash = false;          // it is that of `persistedQuery`
  std::string operation_name{};  // empty: not said
  json::object variables{};
  json::object extensions{};
};

// Of a JSON object; the error says which parameter is wrong and what would be right. Parameters that are null are not
// there, and unknown ones are ignored.
[[nodiscard]] std::expected<OperationRequest, std::string> read_operation(json::value&& value);

// Of a query string, whose variables and extensions are JSON in text. A parameter that is empty is not there; one that
// is there twice is refused.
[[nodiscard]] std::expected<OperationRequest, std::string> read_operation_of_query(std::string_view query);

}  // namespace bailey::graphql
