// A type system from a document of definitions: how a schema that is written as text gets its types.
#pragma once

#include <graphql/types.hpp>

#include <expected>
#include <string>
#include <vector>

namespace bailey::graphql {

// The type system that the document's definitions and extensions make, or all of their problems, each a sentence; of a
// text that does not parse the one fault, with its place. Operations in it are a problem. Types called Query, Mutation
// and Subscription are the roots where the document has no schema definition. The result has nothing of the document's.
[[nodiscard]] std::expected<TypeSystem, std::vector<std::string>> schema_from_document(const Document& document);
[[nodiscard]] std::expected<TypeSystem, std::vector<std::string>> schema_from_text(std::string text);

}  // namespace bailey::graphql
