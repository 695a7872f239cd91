// A stranger's document against a schema with a part of every kind: validation ends, says no more than it may, and each
// of its errors is in the document.
#include <graphql/parser.hpp>
#include <graphql/schema_from_text.hpp>
#include <graphql/test_schema.hpp>
#include <graphql/validation/validate.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bailey::graphql;
  static const auto types = schema_from_text(std::string(test::card_schema));
  std::string text(reinterpret_cast<const char*>(data), size);
  const auto lines =
      static_cast<std::uint32_t>(1 + std::ranges::count_if(text, [](char c) { return c == '\n' || c == '\r'; }));
  const auto document = parse(std::move(text));
  if (!document) return 0;
  const ValidationOptions options;
  const auto errors = validate(*types, **document, options);
  if (errors.size() > options.max_errors + 1) std::abort();
  for (const auto& error : errors) {
    if (error.message.empty()) std::abort();
    for (const Location& location : error.locations)
      if (location.line == 0 || location.line > lines || location.column == 0) std::abort();
  }
  return 0;
}
