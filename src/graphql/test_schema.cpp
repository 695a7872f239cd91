// A reader of documents and schemas for tests of what comes after reading: right about text that is right, and no more.
// It throws at the first fault, has no bound, and knows of types only definitions, no extensions.
#include <graphql/test_schema.hpp>

#include <graphql/type_system_builder.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

namespace bailey::graphql {

// By this name a document lets it in.
class Parser {
 public:
  explicit Parser(std::string_view text) : document_(std::make_unique<Document>(std::string(text))) {
    text_ = document_->text();
    advance();
  }

  std::unique_ptr<Document> document() {
    std::vector<Definition> definitions;
    while (kind_ != Kind::end) {
      const Offset at = skip_description();
      definitions.push_back(is("fragment") ? Definition{.fragment = fragment(at)}
                                           : Definition{.operation = operation(at)});
    }
    document_->definitions_ = kept(definitions);
    return std::move(document_);
  }

  TypeSystem types() {
    bool has_roots = false;
    while (kind_ != Kind::end) {
      const std::string described = description();
      const std::string_view keyword = name().text;
      if (keyword == "schema") {
        builder_.describe(described);
        has_roots = true;
        schema();
      } else if (keyword == "directive") {
        directive_definition(described);
      } else {
        type_definition(keyword, described);
      }
    }
    constexpr std::array usual = {"Query", "Mutation", "Subscription"};
    for (std::size_t i = 0; i < usual.size() && !has_roots; ++i)
      if (std::ranges::find(defined_, usual[i]) != defined_.end())
        builder_.set_root(static_cast<OperationKind>(i), builder_.named(usual[i]));
    auto types = builder_.finish();
    if (!types) throw std::runtime_error(types.error().front());
    return std::move(*types);
  }

 private:
  enum class Kind { end, name, number, string, spread, sign };

  [[noreturn]] void fail() const { throw std::runtime_error("a fault at " + std::to_string(at_)); }

  static bool in_name(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  void advance() {
    constexpr std::string_view ignored = " \t\r\n,";
    while (next_ < text_.size() && (ignored.contains(text_[next_]) || text_[next_] == '#')) {
      if (text_[next_] == '#')
        next_ = std::min(text_.find('\n', next_), text_.size());
      else
        ++next_;
    }
    at_ = next_;
    if (at_ == text_.size()) {
      kind_ = Kind::end;
    } else if (text_.substr(at_, 3) == "...") {
      kind_ = Kind::spread;
      next_ += 3;
    } else if (text_[at_] == '"') {
      kind_ = Kind::string;
      is_block_ = text_.substr(at_, 3) == "\"\"\"";
      is_block_ ? read_block_string() : read_string();
    } else if (text_[at_] == '-' || (text_[at_] >= '0' && text_[at_] <= '9')) {
      kind_ = Kind::number;
      while (next_ < text_.size() && (in_name(text_[next_]) || std::string_view("+-.").contains(text_[next_]))) ++next_;
    } else if (in_name(text_[at_])) {
      kind_ = Kind::name;
      while (next_ < text_.size() && in_name(text_[next_])) ++next_;
    } else {
      kind_ = Kind::sign;
      ++next_;
    }
  }

  void read_string() {
    string_.clear();
    for (++next_; text_.at(next_) != '"'; ++next_) {
      if (text_[next_] != '\\') {
        string_ += text_[next_];
        continue;
      }
      constexpr std::string_view escapes = "nrtbf", meant = "\n\r\t\b\f";
      const char escape = text_.at(++next_);
      const std::size_t known = escapes.find(escape);
      string_ += known == escapes.npos ? escape : meant[known];
    }
    ++next_;
  }

  // Blank lines around it and the indentation that its lines share, the first aside, are not part of it.
  void read_block_string() {
    const std::size_t end = text_.find("\"\"\"", next_ + 3);
    if (end == text_.npos) fail();
    std::vector<std::string_view> lines;
    for (std::string_view rest = text_.substr(next_ + 3, end - next_ - 3);;) {
      const std::size_t line = rest.find('\n');
      lines.push_back(rest.substr(0, line));
      if (line == rest.npos) break;
      rest.remove_prefix(line + 1);
    }
    next_ = end + 3;
    const auto indentation = [](std::string_view line) { return line.find_first_not_of(" \t"); };
    std::size_t shared = text_.npos;
    for (std::size_t i = 1; i < lines.size(); ++i) shared = std::min(shared, indentation(lines[i]));
    for (std::size_t i = 1; i < lines.size(); ++i) lines[i].remove_prefix(std::min(shared, lines[i].size()));
    const auto is_blank = [&](std::string_view line) { return indentation(line) == line.npos; };
    while (!lines.empty() && is_blank(lines.back())) lines.pop_back();
    while (!lines.empty() && is_blank(lines.front())) lines.erase(lines.begin());
    string_.clear();
    for (std::size_t i = 0; i < lines.size(); ++i) string_ += (i > 0 ? "\n" : "") + std::string(lines[i]);
  }

  [[nodiscard]] std::string_view token() const { return text_.substr(at_, next_ - at_); }
  [[nodiscard]] bool is(std::string_view what) const {
    return (kind_ == Kind::sign || kind_ == Kind::name) && token() == what;
  }
  bool skip(std::string_view what) {
    if (!is(what)) return false;
    advance();
    return true;
  }
  void expect(std::string_view what) {
    if (!skip(what)) fail();
  }
  [[nodiscard]] Offset place() const { return static_cast<Offset>(at_); }

  template <class T>
  const T* kept(const T& node) {
    return new (document_->arena_.allocate(sizeof(T), alignof(T))) T(node);
  }
  template <class T>
  std::span<const T> kept(const std::vector<T>& nodes) {
    if (nodes.empty()) return {};
    T* const copies = static_cast<T*>(document_->arena_.allocate(sizeof(T) * nodes.size(), alignof(T)));
    std::ranges::uninitialized_copy(nodes, std::span(copies, nodes.size()));
    return {copies, nodes.size()};
  }
  std::string_view kept_text(std::string_view text) {
    const std::span<const char> copy = kept(std::vector<char>(text.begin(), text.end()));
    return {copy.data(), copy.size()};
  }
  // What one reads again and again until the closing sign, which is passed.
  template <class Read>
  auto all_until(std::string_view closing, Read read) {
    std::vector<decltype(read())> nodes;
    while (!skip(closing)) nodes.push_back(read());
    return nodes;
  }

  // What is described begins with its description.
  Offset skip_description() {
    const Offset at = place();
    if (kind_ == Kind::string) advance();
    return at;
  }

  Name name() {
    if (kind_ != Kind::name) fail();
    const Name one{.text = token(), .at = place()};
    advance();
    return one;
  }

  Value value() {
    Value one{.at = place()};
    if (skip("$")) {
      one.kind = Value::Kind::variable;
      one.text = name().text;
    } else if (skip("[")) {
      one.kind = Value::Kind::list;
      one.items = kept(all_until("]", [&] { return value(); }));
    } else if (skip("{")) {
      one.kind = Value::Kind::object;
      one.fields = kept(all_until("}", [&] {
        const Name key = name();
        expect(":");
        return ObjectField{.name = key, .value = value()};
      }));
    } else if (kind_ == Kind::string) {
      one.kind = Value::Kind::string;
      one.is_block = is_block_;
      one.text = kept_text(string_);
      advance();
    } else if (kind_ == Kind::number) {
      one.kind = token().find_first_of(".eE") == std::string_view::npos ? Value::Kind::integer : Value::Kind::real;
      one.text = token();
      advance();
    } else {
      const std::string_view word = name().text;
      one.is_true = word == "true";
      one.kind = word == "null"                   ? Value::Kind::null
                 : one.is_true || word == "false" ? Value::Kind::boolean
                                                  : Value::Kind::enumeration;
      if (one.kind == Value::Kind::enumeration) one.text = word;
    }
    return one;
  }

  std::span<const Argument> arguments() {
    if (!skip("(")) return {};
    return kept(all_until(")", [&] {
      const Name key = name();
      expect(":");
      return Argument{.name = key, .value = value()};
    }));
  }

  std::span<const Directive> directives() {
    std::vector<Directive> all;
    while (is("@")) {
      Directive one{.name = {}, .at = place()};
      advance();
      one.name = name();
      one.arguments = arguments();
      all.push_back(one);
    }
    return kept(all);
  }

  const TypeNode* type() {
    TypeNode node{.at = place()};
    if (skip("[")) {
      node.kind = TypeNode::Kind::list;
      node.of = type();
      expect("]");
    } else {
      node.name = name().text;
    }
    if (!skip("!")) return kept(node);
    return kept(TypeNode{.kind = TypeNode::Kind::non_null, .at = node.at, .of = kept(node)});
  }

  const SelectionSet* selection_set() {
    SelectionSet set{.at = place()};
    expect("{");
    set.selections = kept(all_until("}", [&] { return selection(); }));
    return kept(set);
  }

  Selection selection() {
    const Offset at = place();
    if (kind_ != Kind::spread) return {.field = field()};
    advance();
    if (kind_ == Kind::name && !is("on")) {
      FragmentSpread spread{.name = name(), .at = at};
      spread.directives = directives();
      return {.spread = kept(spread)};
    }
    InlineFragment fragment{.at = at};
    if (skip("on")) fragment.type_condition = name();
    fragment.directives = directives();
    fragment.selection_set = selection_set();
    return {.inline_fragment = kept(fragment)};
  }

  const Field* field() {
    Field one{.at = place()};
    one.name = name();
    if (skip(":")) {
      one.alias = one.name;
      one.name = name();
    }
    one.arguments = arguments();
    one.directives = directives();
    if (is("{")) one.selection_set = selection_set();
    return kept(one);
  }

  VariableDefinition variable() {
    VariableDefinition one{.at = skip_description()};
    expect("$");
    one.name = name();
    expect(":");
    one.type = type();
    if (skip("=")) one.default_value = kept(value());
    one.directives = directives();
    return one;
  }

  const OperationDefinition* operation(Offset at) {
    OperationDefinition one{.at = at};
    if (!is("{")) {
      one.kind = operation_kind();
      if (kind_ == Kind::name) one.name = name();
      if (skip("(")) one.variables = kept(all_until(")", [&] { return variable(); }));
      one.directives = directives();
    }
    one.selection_set = selection_set();
    return kept(one);
  }

  const FragmentDefinition* fragment(Offset at) {
    FragmentDefinition one{.at = at};
    expect("fragment");
    one.name = name();
    expect("on");
    one.type_condition = name();
    one.directives = directives();
    one.selection_set = selection_set();
    return kept(one);
  }

  OperationKind operation_kind() {
    const std::string_view word = name().text;
    for (const OperationKind kind : {OperationKind::query, OperationKind::mutation, OperationKind::subscription})
      if (word == to_string(kind)) return kind;
    fail();
  }

  // What follows is of schemas.

  std::string description() {
    std::string text;
    if (kind_ == Kind::string) {
      text = string_;
      advance();
    }
    return text;
  }

  TypeRef reference(const TypeNode& node) {
    if (node.kind == TypeNode::Kind::named) return {.named = builder_.named(node.name)};
    const TypeRef inner = reference(*node.of);
    return node.kind == TypeNode::Kind::list ? inner.list() : inner.non_null();
  }

  static std::optional<std::string> deprecation(std::span<const Directive> all) {
    for (const Directive& one : all)
      if (one.name.text == "deprecated")
        return std::string(one.arguments.empty() ? "No longer supported" : one.arguments[0].value.text);
    return std::nullopt;
  }

  InputValue input_value() {
    InputValue one{.description = description()};
    one.name = name().text;
    expect(":");
    one.type = reference(*type());
    if (skip("=")) one.default_value = builder_.keep(value());
    one.deprecation_reason = deprecation(directives());
    return one;
  }

  std::vector<InputValue> input_values() {
    if (!skip("(")) return {};
    return all_until(")", [&] { return input_value(); });
  }

  void schema() {
    expect("{");
    while (!skip("}")) {
      const OperationKind kind = operation_kind();
      expect(":");
      builder_.set_root(kind, builder_.named(name().text));
    }
  }

  void directive_definition(const std::string& described) {
    expect("@");
    DirectiveDefinition one{.name = std::string(name().text), .description = described};
    one.arguments = input_values();
    one.is_repeatable = skip("repeatable");
    expect("on");
    do one.locations.push_back(directive_location(name().text).value());
    while (skip("|"));
    builder_.add_directive(std::move(one));
  }

  void type_definition(std::string_view keyword, const std::string& described) {
    const std::string_view called = name().text;
    defined_.push_back(called);
    if (keyword == "scalar") {
      const TypeId id = builder_.add_scalar(called, described);
      for (const Directive& one : directives())
        if (one.name.text == "specifiedBy") builder_.specify_by(id, std::string(one.arguments[0].value.text));
    } else if (keyword == "type" || keyword == "interface") {
      fields(keyword == "type" ? builder_.add_object(called, described) : builder_.add_interface(called, described));
    } else if (keyword == "union") {
      const TypeId id = builder_.add_union(called, described);
      expect("=");
      do builder_.add_member(id, builder_.named(name().text));
      while (skip("|"));
    } else if (keyword == "enum") {
      const TypeId id = builder_.add_enumeration(called, described);
      expect("{");
      while (!skip("}")) {
        EnumValue one{.description = description()};
        one.name = name().text;
        one.deprecation_reason = deprecation(directives());
        builder_.add_enum_value(id, std::move(one));
      }
    } else if (keyword == "input") {
      const TypeId id = builder_.add_input_object(called, described);
      for (const Directive& one : directives())
        if (one.name.text == "oneOf") builder_.make_one_of(id);
      expect("{");
      while (!skip("}")) builder_.add_input_field(id, input_value());
    } else {
      fail();
    }
  }

  void fields(TypeId id) {
    if (skip("implements")) {
      do builder_.implement(id, builder_.named(name().text));
      while (skip("&"));
    }
    expect("{");
    while (!skip("}")) {
      FieldDefinition one{.description = description()};
      one.name = name().text;
      one.arguments = input_values();
      expect(":");
      one.type = reference(*type());
      one.deprecation_reason = deprecation(directives());
      builder_.add_field(id, std::move(one));
    }
  }

  std::unique_ptr<Document> document_;
  std::string_view text_;
  std::size_t at_ = 0, next_ = 0;
  Kind kind_ = Kind::end;
  bool is_block_ = false;
  std::string string_;
  TypeSystemBuilder builder_;
  std::vector<std::string_view> defined_;
};

namespace test {

std::unique_ptr<Document> document_of(std::string_view text) { return Parser(text).document(); }

TypeSystem types_of(std::string_view sdl) { return Parser(sdl).types(); }

const TypeSystem& card_types() {
  static const TypeSystem types = types_of(card_schema);
  return types;
}

}  // namespace test

}  // namespace bailey::graphql
