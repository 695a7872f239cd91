// The parser's own part, and the productions of section 2 of the specification. Descends as the grammar is written, as
// deep as the limit on nesting; one token is at hand, and none is looked at twice.
#include <graphql/parser.hpp>

#include <graphql/grammar.hpp>

#include <bailey/base/utf8.hpp>

#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

namespace bailey::graphql {

namespace {

// How much of the text is UTF-8. Most of it is ASCII, of which eight bytes are one look.
std::size_t valid_prefix(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080'8080'8080'8080;
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t bytes = high_bits;
    if (text.size() - at >= sizeof bytes) std::memcpy(&bytes, text.data() + at, sizeof bytes);
    const std::size_t length = (bytes & high_bits) == 0 ? sizeof bytes : detail::utf8_sequence(text, at);
    if (length == 0) return at;
    at += length;
  }
  return at;
}

}  // namespace

Parser::Parser(std::string text, const ParseLimits& limits)
    : limits_(limits),
      document_(std::make_unique<Document>(std::move(text))),
      lexer_(document_->text(), document_->arena_) {}

std::expected<std::unique_ptr<const Document>, SyntaxError> Parser::document() {
  advance();
  const std::span<const Definition> definitions =
      gather([&] { return definition(); }, [&] { return !is(TokenKind::end); });
  if (fault_)
    return std::unexpected(SyntaxError{.message = "Syntax Error: " + std::move(fault_->message),
                                       .location = document_->location(fault_->at)});
  document_->definitions_ = definitions;
  return std::move(document_);
}

void Parser::fail(Offset at, std::string message) {
  if (failed()) return;
  fault_ = {.message = std::move(message), .at = at};
  token_ = {.kind = TokenKind::end, .at = at};
}

void Parser::unexpected(const Token& token) { fail(token.at, "Unexpected " + describe(token) + "."); }

void Parser::advance() {
  if (failed()) return;
  token_ = lexer_.next();
  if (is(TokenKind::fault))
    fail(lexer_.fault().at, lexer_.fault().message);
  else if (!is(TokenKind::end) && ++tokens_ > limits_.max_tokens && limits_.max_tokens != 0)
    fail(token_.at, "Document contains more than " + std::to_string(limits_.max_tokens) + " tokens. Parsing aborted.");
}

void Parser::enter() {
  if (++nesting_ > limits_.max_nesting)
    fail(token_.at,
         "Document is nested more than " + std::to_string(limits_.max_nesting) + " levels deep. Parsing aborted.");
}

bool Parser::skip(TokenKind kind) {
  if (!is(kind)) return false;
  advance();
  return true;
}

bool Parser::skip(std::string_view keyword) {
  if (!is(keyword)) return false;
  advance();
  return true;
}

void Parser::expect(TokenKind kind) {
  if (!skip(kind)) fail(token_.at, "Expected " + describe(kind) + ", found " + describe(token_) + ".");
}

void Parser::expect(std::string_view keyword) {
  if (!skip(keyword)) fail(token_.at, "Expected \"" + std::string(keyword) + "\", found " + describe(token_) + ".");
}

Name Parser::name() {
  const Name name{.text = token_.text, .at = token_.at};
  expect(TokenKind::name);
  return name;
}

const Value* Parser::description() { return is_string() ? keep(string()) : nullptr; }

// What is described begins with its description, which is no more than a string where nothing follows that has one.
Definition Parser::definition() {
  const Token first = token_;
  const Value* const described = description();
  if (is(TokenKind::brace_left)) {
    if (described != nullptr)
      fail(first.at, "Unexpected description, descriptions are not supported on shorthand queries.");
    return {.operation = operation(first.at, nullptr)};
  }
  if (is("query") || is("mutation") || is("subscription")) return {.operation = operation(first.at, described)};
  if (is("fragment")) return {.fragment = fragment(first.at, described)};
  if (const TypeSystemDefinition* const one = type_system_definition(first.at, described)) return {.type_system = one};
  if (described != nullptr && is(TokenKind::name))
    fail(first.at, "Unexpected description, only GraphQL definitions support descriptions.");
  if (is("extend")) return {.type_system = extension()};
  unexpected(token_);
  return {};
}

const OperationDefinition* Parser::operation(Offset at, const Value* described) {
  OperationDefinition one{.at = at, .description = described};
  if (!is(TokenKind::brace_left)) {
    one.kind = operation_kind().value_or(OperationKind::query);
    if (is(TokenKind::name)) one.name = name();
    one.variables = optional_many(TokenKind::paren_left, [&] { return variable_definition(); }, TokenKind::paren_right);
    one.directives = directives(Values::any);
  }
  one.selection_set = selection_set();
  return keep(one);
}

std::optional<OperationKind> Parser::operation_kind() {
  const Token token = token_;
  const std::string_view word = name().text;
  for (const OperationKind kind : {OperationKind::query, OperationKind::mutation, OperationKind::subscription})
    if (word == to_string(kind)) return kind;
  // The token behind it may have been at fault first.
  unexpected(token);
  return std::nullopt;
}

VariableDefinition Parser::variable_definition() {
  VariableDefinition one{.at = token_.at};
  one.description = description();
  one.name = variable();
  expect(TokenKind::colon);
  one.type = type();
  if (skip(TokenKind::equals)) one.default_value = keep(value(Values::constant));
  one.directives = directives(Values::constant);
  return one;
}

Name Parser::variable() {
  expect(TokenKind::dollar);
  return name();
}

Name Parser::fragment_name() {
  if (token_.text == "on") unexpected(token_);
  return name();
}

const FragmentDefinition* Parser::fragment(Offset at, const Value* described) {
  FragmentDefinition one{.at = at, .description = described};
  expect("fragment");
  one.name = fragment_name();
  expect("on");
  one.type_condition = name();
  one.directives = directives(Values::any);
  one.selection_set = selection_set();
  return keep(one);
}

const SelectionSet* Parser::selection_set() {
  const Nested nested(*this);
  SelectionSet set{.at = token_.at};
  set.selections = many(TokenKind::brace_left, [&] { return selection(); }, TokenKind::brace_right);
  return keep(set);
}

Selection Parser::selection() { return is(TokenKind::spread) ? spread() : Selection{.field = field()}; }

const Field* Parser::field() {
  Field one{.at = token_.at};
  one.name = name();
  if (skip(TokenKind::colon)) {
    one.alias = one.name;
    one.name = name();
  }
  one.arguments = arguments(Values::any);
  one.directives = directives(Values::any);
  if (is(TokenKind::brace_left)) one.selection_set = selection_set();
  return keep(one);
}

Selection Parser::spread() {
  const Offset at = token_.at;
  expect(TokenKind::spread);
  const bool has_condition = skip("on");
  if (!has_condition && is(TokenKind::name)) {
    FragmentSpread one{.name = fragment_name(), .at = at};
    one.directives = directives(Values::any);
    return {.spread = keep(one)};
  }
  InlineFragment one{.at = at};
  if (has_condition) one.type_condition = name();
  one.directives = directives(Values::any);
  one.selection_set = selection_set();
  return {.inline_fragment = keep(one)};
}

std::span<const Argument> Parser::arguments(Values values) {
  return optional_many(TokenKind::paren_left, [&] { return argument(values); }, TokenKind::paren_right);
}

Argument Parser::argument(Values values) {
  Argument one{.name = name(), .value = {}};
  expect(TokenKind::colon);
  one.value = value(values);
  return one;
}

std::span<const Directive> Parser::directives(Values values) {
  if (!is(TokenKind::at)) return {};
  const auto directive = [&] {
    Directive one{.name = {}, .at = token_.at};
    expect(TokenKind::at);
    one.name = name();
    one.arguments = arguments(values);
    return one;
  };
  return gather(directive, [&] { return is(TokenKind::at); });
}

Value Parser::value(Values values) {
  const Token token = token_;
  switch (token.kind) {
    case TokenKind::bracket_left: return list(values);
    case TokenKind::brace_left: return object(values);
    case TokenKind::dollar: return variable_value(values);
    case TokenKind::string:
    case TokenKind::block_string: return string();
    case TokenKind::integer:
    case TokenKind::real:
      advance();
      return {.kind = token.kind == TokenKind::real ? Value::Kind::real : Value::Kind::integer,
              .at = token.at,
              .text = token.text};
    case TokenKind::name: advance(); return word(token);
    default: unexpected(token); return {};
  }
}

Value Parser::word(const Token& token) {
  if (token.text == "null") return {.kind = Value::Kind::null, .at = token.at};
  if (token.text == "true" || token.text == "false")
    return {.kind = Value::Kind::boolean, .is_true = token.text == "true", .at = token.at};
  return {.kind = Value::Kind::enumeration, .at = token.at, .text = token.text};
}

Value Parser::variable_value(Values values) {
  const Token dollar = token_;
  if (values == Values::any) return {.kind = Value::Kind::variable, .at = dollar.at, .text = variable().text};
  expect(TokenKind::dollar);
  if (is(TokenKind::name))
    fail(dollar.at, "Unexpected variable \"$" + shortened(token_.text) + "\" in constant value.");
  unexpected(dollar);
  return {};
}

Value Parser::list(Values values) {
  const Nested nested(*this);
  Value one{.kind = Value::Kind::list, .at = token_.at};
  one.items = any(TokenKind::bracket_left, [&] { return value(values); }, TokenKind::bracket_right);
  return one;
}

Value Parser::object(Values values) {
  const Nested nested(*this);
  Value one{.kind = Value::Kind::object, .at = token_.at};
  const auto object_field = [&] {
    ObjectField field{.name = name(), .value = {}};
    expect(TokenKind::colon);
    field.value = value(values);
    return field;
  };
  one.fields = any(TokenKind::brace_left, object_field, TokenKind::brace_right);
  return one;
}

Value Parser::string() {
  const Value one{
      .kind = Value::Kind::string, .is_block = is(TokenKind::block_string), .at = token_.at, .text = token_.text};
  advance();
  return one;
}

const TypeNode* Parser::type() {
  const Nested nested(*this);
  TypeNode node{.at = token_.at};
  if (skip(TokenKind::bracket_left)) {
    node.kind = TypeNode::Kind::list;
    node.of = type();
    expect(TokenKind::bracket_right);
  } else {
    node.name = name().text;
  }
  if (!skip(TokenKind::bang)) return keep(node);
  return keep(TypeNode{.kind = TypeNode::Kind::non_null, .at = node.at, .of = keep(node)});
}

std::expected<std::unique_ptr<const Document>, SyntaxError> parse(std::string text, const ParseLimits& limits) {
  if (text.size() >= std::numeric_limits<Offset>::max())
    return std::unexpected(SyntaxError{.message = "Syntax Error: Document is longer than 4 GiB.", .location = {}});
  if (const std::size_t valid = valid_prefix(text); valid < text.size()) {
    const Document document(std::move(text));
    return std::unexpected(SyntaxError{.message = "Syntax Error: Document is not valid UTF-8.",
                                       .location = document.location(static_cast<Offset>(valid))});
  }
  return Parser(std::move(text), limits).document();
}

}  // namespace bailey::graphql
