#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace bailey::graphql {

// Documents by the ids that clients know them by.
using TrustedDocuments = std::map<std::string, std::string, std::less<>>;

// Documents that are known here, so that clients name them instead of sending them.
//   app.graphql("/graphql", schema, {.persisted = {.trusted = graphql::read_trusted_documents("documents.json"),
//                                                  .only_trusted = true}});
struct PersistedOptions {
  // Apollo's automatic persisted queries: a client sends the SHA-256 of a document, and the document besides when it is
  // told PERSISTED_QUERY_NOT_FOUND. It is known then as long as it is among `OperationOptions::cached_documents`.
  bool automatic = true;
  // Those of the app's own clients. A client names one by `documentId`, or by its id as the hash of Apollo's extension.
  // They are checked when the schema is mounted: Error "invalid_setting" says which cannot be executed, and why.
  TrustedDocuments trusted = {};
  // Whether nothing else is executed. A document that is sent whole must be one of them to the letter.
  bool only_trusted = false;
};

// Of a file as the tools that collect the documents of an app's sources write it: a JSON object from ids to documents
// (GraphQL Code Generator, Relay), or Apollo's manifest of operations. Throws Error "invalid_setting", which says what
// is wrong with the file.
[[nodiscard]] TrustedDocuments read_trusted_documents(const std::filesystem::path& path);

}  // namespace bailey::graphql
