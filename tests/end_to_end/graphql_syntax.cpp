// Parser, printer and coercion by themselves, for graphql_syntax.test.mjs: a case a line on standard input, and a line
// on standard output for each.
//   {"schema": sdl}                            the types that the cases after it are of: {}
//   {"parse": text}                            {"printed": text}, or the error
//   {"document": text, "variables": {…}}       the first operation's variables and the arguments of its first field:
//                                              {"variables": {…}, "arguments": {…}}, or the errors of either
#include <bailey/model/json.hpp>
#include <graphql/coercion.hpp>
#include <graphql/parser.hpp>
#include <graphql/printer.hpp>
#include <graphql/schema_from_text.hpp>

#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace bailey;
using namespace bailey::graphql;

namespace {

std::string errors_text(const std::vector<ResponseError>& errors) {
  std::string text;
  for (const ResponseError& error : errors) {
    text += text.empty() ? "{\"errors\":[" : ",";
    write_error(error, text);
  }
  return text + "]}";
}

std::string errors_text(const SyntaxError& error) {
  return errors_text({{.message = error.message, .locations = {error.location}}});
}

std::string printed(std::string text) {
  const auto document = parse(std::move(text));
  if (!document) return errors_text(document.error());
  return to_json_text(json::object{{"printed", print_document(**document)}});
}

std::string coerced(const TypeSystem& types, std::string text, const json::object& given) {
  const auto document = parse(std::move(text));
  if (!document) return errors_text(document.error());
  const OperationDefinition& operation = *(*document)->definitions()[0].operation;
  const auto variables = coerce_variables(types, **document, operation, given);
  if (!variables) return errors_text(variables.error());
  const Field& field = *operation.selection_set->selections[0].field;
  const FieldDefinition& definition = *types.field(*types.root(OperationKind::query), field.name.text);
  const auto arguments =
      coerce_arguments(types, **document, definition.arguments, field.arguments, field.at, *variables);
  if (!arguments) return errors_text({arguments.error()});
  return to_json_text(json::object{{"variables", variables->values}, {"arguments", *arguments}});
}

}  // namespace

int main() {
  std::optional<TypeSystem> types;
  for (std::string line; std::getline(std::cin, line);) {
    const json::value given = try_parse_json(line, {.depth = 100}).value();
    const json::object& one = given.as_object();
    const auto text = [&one](std::string_view name) { return std::string(one.at(name).as_string()); };
    if (one.contains("schema")) {
      types.emplace(schema_from_text(text("schema")).value());
      std::cout << "{}\n";
    } else if (one.contains("parse")) {
      std::cout << printed(text("parse")) << '\n';
    } else {
      std::cout << coerced(*types, text("document"), one.at("variables").as_object()) << '\n';
    }
  }
}
