// A document or a schema of a stranger's. What parses must print, and what is printed must parse and print as itself;
// what does not parse says where. A schema is built, or its problems are said.
#include <graphql/parser.hpp>
#include <graphql/printer.hpp>
#include <graphql/schema_from_text.hpp>
#include <graphql/schema_printer.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bailey::graphql;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto document = parse(text);
  if (!document) {
    const SyntaxError& error = document.error();
    if (!error.message.starts_with("Syntax Error: ") || error.location.line == 0 || error.location.column == 0)
      std::abort();
    return 0;
  }
  const std::string printed = print_document(**document);
  const auto again = parse(printed, {.max_tokens = 0});
  if (!again || print_document(**again) != printed) std::abort();
  if (const auto types = schema_from_document(**document)) {
    const auto reread = schema_from_text(print_schema(*types));
    if (!reread || print_schema(*reread) != print_schema(*types)) std::abort();
  }
  return 0;
}
