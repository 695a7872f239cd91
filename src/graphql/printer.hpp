// A document as text again, in canonical form.
#pragma once

#include <graphql/document.hpp>

#include <string>

namespace bailey::graphql {

// Laid out as the reference implementation lays it out: what reads as the same document prints as the same text, and
// the text reads as that document again. Comments are not kept. Without a line break at the end.
[[nodiscard]] std::string print_document(const Document& document);

}  // namespace bailey::graphql
