// What a document is asked as a whole, of all of its selections.
#pragma once

#include <graphql/document.hpp>

#include <optional>

namespace bailey::graphql {

// Where the document first asks for the schema (__schema, __type), if it does.
[[nodiscard]] std::optional<Offset> introspection_in(const Document& document);

}  // namespace bailey::graphql
