// The productions of the language, one function each: parser.cpp has those of section 2 of the specification,
// sdl_parser.cpp those of section 3. A function is called with the first token of its production at hand and returns
// with the one behind it.
//
// The first fault ends the text: from then on the token at hand is an end, each function returns what it has, and
// nothing is looked at. So no production asks whether the one before it went well, and lists only have to stop.
#pragma once

#include <graphql/document.hpp>
#include <graphql/lexer.hpp>
#include <graphql/parser.hpp>
#include <graphql/type_system_definition.hpp>

#include <cstddef>
#include <expected>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace bailey::graphql {

// Document lets it in by this name.
class Parser {
 public:
  Parser(std::string text, const ParseLimits& limits);
  // Once.
  [[nodiscard]] std::expected<std::unique_ptr<const Document>, SyntaxError> document();

 private:
  // Whether a variable may stand in a value.
  enum class Values : std::uint8_t { any, constant };

  // While it lives one more selection set, value or type is open.
  class Nested {
   public:
    explicit Nested(Parser& parser) : parser_(parser) { parser.enter(); }
    ~Nested() { --parser_.nesting_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

   private:
    Parser& parser_;
  };

  void enter();
  void advance();
  void fail(Offset at, std::string message);
  void unexpected(const Token& token);
  [[nodiscard]] bool failed() const noexcept { return fault_.has_value(); }
  [[nodiscard]] bool is(TokenKind kind) const noexcept { return token_.kind == kind; }
  [[nodiscard]] bool is(std::string_view keyword) const noexcept {
    return token_.kind == TokenKind::name && token_.text == keyword;
  }
  [[nodiscard]] bool is_string() const noexcept { return is(TokenKind::string) || is(TokenKind::block_string); }
  bool skip(TokenKind kind);
  bool skip(std::string_view keyword);
  void expect(TokenKind kind);
  void expect(std::string_view keyword);

  Definition definition();
  Name name();
  Name fragment_name();
  const Value* description();
  const OperationDefinition* operation(Offset at, const Value* description);
  std::optional<OperationKind> operation_kind();
  VariableDefinition variable_definition();
  Name variable();
  const FragmentDefinition* fragment(Offset at, const Value* description);
  const SelectionSet* selection_set();
  Selection selection();
  const Field* field();
  Selection spread();
  std::span<const Argument> arguments(Values values);
  Argument argument(Values values);
  std::span<const Directive> directives(Values values);
  Value value(Values values);
  static Value word(const Token& token);
  Value variable_value(Values values);
  Value list(Values values);
  Value object(Values values);
  Value string();
  const TypeNode* type();

  // Null where the keyword at hand begins none.
  const TypeSystemDefinition* type_system_definition(Offset at, const Value* description);
  const TypeSystemDefinition* extension();
  void parts(TypeSystemDefinition& definition);
  void schema(TypeSystemDefinition& definition);
  void directive(TypeSystemDefinition& definition);
  OperationTypeDefinition operation_type();
  FieldDefinitionNode field_definition();
  std::span<const InputValueDefinition> input_values(TokenKind open, TokenKind close);
  InputValueDefinition input_value();
  EnumValueDefinition enum_value();
  DirectiveLocation location();

  template <class T>
  const T* keep(const T& node) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (document_->arena_.allocate(sizeof(T), alignof(T))) T(node);
  }

  // Lists are gathered behind one another in one vector a kind of node, which a list in a list shares, and leave it as
  // one copy in the arena.
  template <class T>
  std::span<const T> keep_from(std::vector<T>& gathered, std::size_t first) {
    static_assert(std::is_trivially_destructible_v<T>);
    const std::span<const T> nodes(gathered.data() + first, gathered.size() - first);
    if (nodes.empty()) return {};
    T* const copies = static_cast<T*>(document_->arena_.allocate(nodes.size_bytes(), alignof(T)));
    std::uninitialized_copy(nodes.begin(), nodes.end(), copies);
    gathered.resize(first);
    return {copies, nodes.size()};
  }

  // As many as read() reads while there are more.
  template <class Read, class More>
  auto gather(Read read, More more) {
    using Node = decltype(read());
    std::vector<Node>& gathered = std::get<std::vector<Node>>(gathered_);
    const std::size_t first = gathered.size();
    do {
      // Named first: read() gathers into the same vector.
      const Node node = read();
      gathered.push_back(node);
    } while (!failed() && more());
    return keep_from(gathered, first);
  }

  // One or more between two signs.
  template <class Read>
  auto many(TokenKind open, Read read, TokenKind close) {
    expect(open);
    return gather(read, [&] { return !skip(close); });
  }
  // None where the first sign is not there.
  template <class Read>
  auto optional_many(TokenKind open, Read read, TokenKind close) {
    return is(open) ? many(open, read, close) : decltype(many(open, read, close)){};
  }
  // None or more.
  template <class Read>
  auto any(TokenKind open, Read read, TokenKind close) {
    expect(open);
    return skip(close) ? decltype(many(open, read, close)){} : gather(read, [&] { return !skip(close); });
  }
  // One or more with a sign between, which may stand before the first as well.
  template <class Read>
  auto delimited(TokenKind sign, Read read) {
    skip(sign);
    return gather(read, [&] { return skip(sign); });
  }

  ParseLimits limits_;
  std::unique_ptr<Document> document_;
  Lexer lexer_;
  Token token_;
  std::size_t tokens_ = 0;
  std::size_t nesting_ = 0;
  std::optional<Fault> fault_;
  std::tuple<std::vector<Definition>, std::vector<VariableDefinition>, std::vector<Selection>, std::vector<Argument>,
             std::vector<Directive>, std::vector<Value>, std::vector<ObjectField>, std::vector<Name>,
             std::vector<OperationTypeDefinition>, std::vector<FieldDefinitionNode>, std::vector<InputValueDefinition>,
             std::vector<EnumValueDefinition>, std::vector<DirectiveLocation>>
      gathered_;
};

}  // namespace bailey::graphql
