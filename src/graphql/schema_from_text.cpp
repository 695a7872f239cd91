// Definitions first, then extensions, which may stand before what they extend. Here is checked what the builder cannot
// know: that there is one schema, that extensions fit, and, when the types are whole, what directives stand where with
// which arguments. Of those only the built-in ones mean something to the type system.
#include <graphql/schema_from_text.hpp>

#include <graphql/literal.hpp>
#include <graphql/parser.hpp>
#include <graphql/type_system_builder.hpp>
#include <graphql/type_system_definition.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>

namespace bailey::graphql {

namespace {

using Kind = TypeSystemDefinition::Kind;

DirectiveLocation place_of(Kind kind) {
  constexpr std::array places = {DirectiveLocation::schema,      DirectiveLocation::scalar,
                                 DirectiveLocation::object,      DirectiveLocation::interface,
                                 DirectiveLocation::union_type,  DirectiveLocation::enumeration,
                                 DirectiveLocation::input_object};
  return places[static_cast<std::size_t>(kind)];
}

std::string text_of(const Value* description) {
  return description == nullptr ? std::string() : std::string(description->text);
}

const Directive* find(std::span<const Directive> directives, std::string_view name) {
  const auto found = std::ranges::find(directives, name, [](const Directive& one) { return one.name.text; });
  return found == directives.end() ? nullptr : &*found;
}

class SchemaReader {
 public:
  std::expected<TypeSystem, std::vector<std::string>> read(const Document& document) {
    for (const Definition& definition : document.definitions())
      if (definition.type_system == nullptr)
        problem("An operation or a fragment is no definition of the type system.");
      else if (!definition.type_system->is_extension && definition.type_system->kind != Kind::directive)
        kinds_.try_emplace(definition.type_system->name.text, definition.type_system->kind);
    for (const bool extensions : {false, true})
      for (const Definition& definition : document.definitions())
        if (definition.type_system != nullptr && definition.type_system->is_extension == extensions)
          add(*definition.type_system);
    if (!has_schema_) add_usual_roots();
    auto types = builder_.finish();
    if (types)
      for (const auto& [directives, place] : applied_) check(*types, directives, place);
    else
      std::ranges::move(types.error(), std::back_inserter(problems_));
    if (!problems_.empty()) return std::unexpected(std::move(problems_));
    return types;
  }

 private:
  void problem(std::string sentence) { problems_.push_back(std::move(sentence)); }

  void add(const TypeSystemDefinition& one) {
    if (one.kind == Kind::directive) return add_directive(one);
    apply(one.directives, place_of(one.kind));
    if (one.kind == Kind::schema) return add_schema(one);
    if (const std::optional<TypeId> id = one.is_extension ? extended(one) : defined(one)) add_parts(*id, one);
  }

  std::optional<TypeId> defined(const TypeSystemDefinition& one) {
    const std::string_view name = one.name.text;
    std::string described = text_of(one.description);
    switch (one.kind) {
      case Kind::scalar: return builder_.add_scalar(name, std::move(described));
      case Kind::object: return builder_.add_object(name, std::move(described));
      case Kind::interface: return builder_.add_interface(name, std::move(described));
      case Kind::union_type: return builder_.add_union(name, std::move(described));
      case Kind::enumeration: return builder_.add_enumeration(name, std::move(described));
      case Kind::input_object: return builder_.add_input_object(name, std::move(described));
      case Kind::schema:
      case Kind::directive: break;
    }
    return std::nullopt;
  }

  std::optional<TypeId> extended(const TypeSystemDefinition& one) {
    const std::string name(one.name.text);
    const auto known = kinds_.find(one.name.text);
    if (known == kinds_.end()) {
      problem("Cannot extend type \"" + name + "\" because it is not defined.");
      return std::nullopt;
    }
    if (known->second != one.kind) {
      problem("Cannot extend non-" + std::string(keyword(one.kind)) + " type \"" + name + "\".");
      return std::nullopt;
    }
    return builder_.named(name);
  }

  void add_parts(TypeId id, const TypeSystemDefinition& one) {
    for (const Name& interface : one.interfaces) builder_.implement(id, builder_.named(interface.text));
    for (const FieldDefinitionNode& field : one.fields) builder_.add_field(id, field_definition(field));
    for (const Name& member : one.members) builder_.add_member(id, builder_.named(member.text));
    for (const EnumValueDefinition& value : one.values) {
      apply(value.directives, DirectiveLocation::enum_value);
      builder_.add_enum_value(id, {.name = std::string(value.name.text),
                                   .description = text_of(value.description),
                                   .deprecation_reason = deprecation(value.directives)});
    }
    for (const InputValueDefinition& field : one.input_fields)
      builder_.add_input_field(id, input_value(field, DirectiveLocation::input_field_definition));
    if (one.kind == Kind::input_object && find(one.directives, "oneOf") != nullptr) builder_.make_one_of(id);
    if (one.kind == Kind::scalar)
      if (const Directive* const specified = find(one.directives, "specifiedBy"))
        builder_.specify_by(id, string_argument(*specified, "url").value_or(""));
  }

  FieldDefinition field_definition(const FieldDefinitionNode& node) {
    apply(node.directives, DirectiveLocation::field_definition);
    FieldDefinition field{.name = std::string(node.name.text),
                          .description = text_of(node.description),
                          .type = reference(*node.type),
                          .deprecation_reason = deprecation(node.directives)};
    for (const InputValueDefinition& argument : node.arguments)
      field.arguments.push_back(input_value(argument, DirectiveLocation::argument_definition));
    return field;
  }

  InputValue input_value(const InputValueDefinition& node, DirectiveLocation place) {
    apply(node.directives, place);
    return {.name = std::string(node.name.text),
            .description = text_of(node.description),
            .type = reference(*node.type),
            .default_value = node.default_value == nullptr ? nullptr : builder_.keep(*node.default_value),
            .deprecation_reason = deprecation(node.directives)};
  }

  TypeRef reference(const TypeNode& node) {
    if (node.kind == TypeNode::Kind::named) return {.named = builder_.named(node.name)};
    const TypeRef inner = reference(*node.of);
    if (!inner.has_room()) {
      problem("A type is in more than " + std::to_string(TypeRef::max_wrappers) + " lists and non-nulls.");
      return inner;
    }
    return node.kind == TypeNode::Kind::list ? inner.list() : inner.non_null();
  }

  void add_directive(const TypeSystemDefinition& one) {
    DirectiveDefinition directive{.name = std::string(one.name.text),
                                  .description = text_of(one.description),
                                  .locations = {one.locations.begin(), one.locations.end()},
                                  .is_repeatable = one.is_repeatable};
    for (const InputValueDefinition& argument : one.arguments)
      directive.arguments.push_back(input_value(argument, DirectiveLocation::argument_definition));
    builder_.add_directive(std::move(directive));
  }

  void add_schema(const TypeSystemDefinition& one) {
    if (!one.is_extension && std::exchange(has_schema_, true)) problem("Must provide only one schema definition.");
    if (one.description != nullptr) builder_.describe(text_of(one.description));
    for (const OperationTypeDefinition& operation : one.operation_types) add_root(operation.kind, operation.type.text);
  }

  void add_root(OperationKind kind, std::string_view type) {
    if (std::exchange(has_root_[static_cast<std::size_t>(kind)], true))
      problem("There can be only one " + std::string(to_string(kind)) + " type in schema.");
    builder_.set_root(kind, builder_.named(type));
  }

  void add_usual_roots() {
    constexpr std::array<std::string_view, 3> usual = {"Query", "Mutation", "Subscription"};
    for (std::size_t i = 0; i < usual.size(); ++i)
      if (!has_root_[i] && kinds_.contains(usual[i])) add_root(static_cast<OperationKind>(i), usual[i]);
  }

  void apply(std::span<const Directive> directives, DirectiveLocation place) {
    if (!directives.empty()) applied_.emplace_back(directives, place);
  }

  void check(const TypeSystem& types, std::span<const Directive> directives, DirectiveLocation place) {
    std::set<std::string_view> seen;
    for (const Directive& one : directives) {
      const std::string name = "\"@" + std::string(one.name.text) + "\"";
      const DirectiveDefinition* const known = types.directive(one.name.text);
      if (known == nullptr) {
        problem("Unknown directive " + name + ".");
        continue;
      }
      if (!known->may_stand_on(place))
        problem("Directive " + name + " may not be used on " + std::string(to_string(place)) + ".");
      if (!seen.insert(one.name.text).second && !known->is_repeatable)
        problem("The directive " + name + " can only be used once at this location.");
      check_arguments(types, one, *known);
    }
  }

  void check_arguments(const TypeSystem& types, const Directive& one, const DirectiveDefinition& known) {
    const std::string directive = "directive \"@" + known.name + "\"";
    std::set<std::string_view> given;
    for (const Argument& argument : one.arguments) {
      const std::string name = "\"" + std::string(argument.name.text) + "\"";
      if (!given.insert(argument.name.text).second) problem("There can be only one argument named " + name + ".");
      const InputValue* const defined = known.argument(argument.name.text);
      if (defined == nullptr)
        problem("Unknown argument " + name + " on " + directive + ".");
      else if (const auto fits = check_constant(types, argument.value, defined->type); !fits)
        problem("Argument " + name + " of " + directive + ": " + fits.error());
    }
    for (const InputValue& argument : known.arguments)
      if (argument.is_required() && !given.contains(argument.name))
        problem("Argument \"" + argument.name + "\" of " + directive + " is required, but it was not provided.");
  }

  static std::optional<std::string> deprecation(std::span<const Directive> directives) {
    const Directive* const one = find(directives, "deprecated");
    if (one == nullptr) return std::nullopt;
    return one->arguments.empty() ? "No longer supported" : string_argument(*one, "reason");
  }

  static std::optional<std::string> string_argument(const Directive& directive, std::string_view name) {
    for (const Argument& argument : directive.arguments)
      if (argument.name.text == name && argument.value.kind == Value::Kind::string)
        return std::string(argument.value.text);
    return std::nullopt;
  }

  TypeSystemBuilder builder_;
  std::map<std::string_view, Kind, std::less<>> kinds_;
  std::vector<std::pair<std::span<const Directive>, DirectiveLocation>> applied_;
  std::vector<std::string> problems_;
  bool has_schema_ = false;
  std::array<bool, 3> has_root_{};
};

}  // namespace

std::expected<TypeSystem, std::vector<std::string>> schema_from_document(const Document& document) {
  return SchemaReader().read(document);
}

// A schema is its author's own, and as long as it is.
std::expected<TypeSystem, std::vector<std::string>> schema_from_text(std::string text) {
  const auto document = parse(std::move(text), {.max_tokens = 0});
  if (document) return schema_from_document(**document);
  const auto& [message, location] = document.error();
  return std::unexpected(
      std::vector{message + " (" + std::to_string(location.line) + ":" + std::to_string(location.column) + ")"});
}

}  // namespace bailey::graphql
