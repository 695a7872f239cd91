#include <graphql/test_schema.hpp>

#include <graphql/parser.hpp>
#include <graphql/schema_from_text.hpp>

#include <stdexcept>

namespace bailey::graphql::test {

// Of what comes after parsing, so that the parser's limits are far away.
std::unique_ptr<const Document> document_of(std::string_view text) {
  auto document = parse(std::string(text), {.max_tokens = 0, .max_nesting = 2'000});
  if (!document) throw std::runtime_error(document.error().message);
  return std::move(*document);
}

TypeSystem types_of(std::string_view sdl) {
  auto types = schema_from_text(std::string(sdl));
  if (!types) throw std::runtime_error(types.error().front());
  return std::move(*types);
}

const TypeSystem& card_types() {
  static const TypeSystem types = types_of(card_schema);
  return types;
}

}  // namespace bailey::graphql::test
