// The productions of section 3 of the specification: how a type system is defined and extended.
#include <graphql/grammar.hpp>

#include <algorithm>
#include <array>

namespace bailey::graphql {

using Kind = TypeSystemDefinition::Kind;

namespace {

constexpr std::array<std::string_view, 8> keywords = {"schema", "scalar", "type",  "interface",
                                                      "union",  "enum",   "input", "directive"};

// An extension that adds nothing is none.
bool is_empty(const TypeSystemDefinition& one) {
  return one.directives.empty() && one.operation_types.empty() && one.interfaces.empty() && one.fields.empty() &&
         one.members.empty() && one.values.empty() && one.input_fields.empty();
}

}  // namespace

std::string_view keyword(Kind kind) noexcept { return keywords[static_cast<std::size_t>(kind)]; }

const TypeSystemDefinition* Parser::type_system_definition(Offset at, const Value* described) {
  if (!is(TokenKind::name)) return nullptr;
  const auto found = std::ranges::find(keywords, token_.text);
  if (found == keywords.end()) return nullptr;
  TypeSystemDefinition one{.kind = static_cast<Kind>(found - keywords.begin()), .at = at, .description = described};
  advance();
  parts(one);
  return keep(one);
}

const TypeSystemDefinition* Parser::extension() {
  TypeSystemDefinition one{.is_extension = true, .at = token_.at};
  expect("extend");
  const auto found = std::ranges::find(keywords, is(TokenKind::name) ? token_.text : std::string_view());
  one.kind = static_cast<Kind>(found - keywords.begin());
  if (found == keywords.end() || one.kind == Kind::directive) {
    unexpected(token_);
    return nullptr;
  }
  advance();
  parts(one);
  if (is_empty(one)) unexpected(token_);
  return keep(one);
}

void Parser::parts(TypeSystemDefinition& one) {
  if (one.kind == Kind::schema) return schema(one);
  if (one.kind == Kind::directive) return directive(one);
  one.name = name();
  if ((one.kind == Kind::object || one.kind == Kind::interface) && skip("implements"))
    one.interfaces = delimited(TokenKind::ampersand, [&] { return name(); });
  one.directives = directives(Values::constant);
  if (one.kind == Kind::object || one.kind == Kind::interface)
    one.fields = optional_many(TokenKind::brace_left, [&] { return field_definition(); }, TokenKind::brace_right);
  else if (one.kind == Kind::enumeration)
    one.values = optional_many(TokenKind::brace_left, [&] { return enum_value(); }, TokenKind::brace_right);
  else if (one.kind == Kind::input_object)
    one.input_fields = input_values(TokenKind::brace_left, TokenKind::brace_right);
  else if (one.kind == Kind::union_type && skip(TokenKind::equals))
    one.members = delimited(TokenKind::pipe, [&] { return name(); });
}

void Parser::schema(TypeSystemDefinition& one) {
  one.directives = directives(Values::constant);
  if (!one.is_extension || is(TokenKind::brace_left))
    one.operation_types = many(TokenKind::brace_left, [&] { return operation_type(); }, TokenKind::brace_right);
}

OperationTypeDefinition Parser::operation_type() {
  OperationTypeDefinition one{.at = token_.at};
  one.kind = operation_kind().value_or(OperationKind::query);
  expect(TokenKind::colon);
  one.type = name();
  return one;
}

FieldDefinitionNode Parser::field_definition() {
  FieldDefinitionNode one{.at = token_.at};
  one.description = description();
  one.name = name();
  one.arguments = input_values(TokenKind::paren_left, TokenKind::paren_right);
  expect(TokenKind::colon);
  one.type = type();
  one.directives = directives(Values::constant);
  return one;
}

std::span<const InputValueDefinition> Parser::input_values(TokenKind open, TokenKind close) {
  return optional_many(open, [&] { return input_value(); }, close);
}

InputValueDefinition Parser::input_value() {
  InputValueDefinition one{.at = token_.at};
  one.description = description();
  one.name = name();
  expect(TokenKind::colon);
  one.type = type();
  if (skip(TokenKind::equals)) one.default_value = keep(value(Values::constant));
  one.directives = directives(Values::constant);
  return one;
}

EnumValueDefinition Parser::enum_value() {
  EnumValueDefinition one{.at = token_.at};
  one.description = description();
  if (token_.text == "true" || token_.text == "false" || token_.text == "null")
    fail(token_.at, describe(token_) + " is reserved and cannot be used for an enum value.");
  one.name = name();
  one.directives = directives(Values::constant);
  return one;
}

void Parser::directive(TypeSystemDefinition& one) {
  expect(TokenKind::at);
  one.name = name();
  one.arguments = input_values(TokenKind::paren_left, TokenKind::paren_right);
  one.is_repeatable = skip("repeatable");
  expect("on");
  one.locations = delimited(TokenKind::pipe, [&] { return location(); });
}

DirectiveLocation Parser::location() {
  const Token token = token_;
  const std::string_view word = name().text;
  if (const std::optional<DirectiveLocation> known = directive_location(word)) return *known;
  unexpected(token);
  return {};
}

}  // namespace bailey::graphql
