// Definitions of the type system as a document writes them (specification, section 3), extensions included.
#pragma once

#include <graphql/document.hpp>
#include <graphql/types.hpp>

#include <cstdint>
#include <span>

namespace bailey::graphql {

// An argument of a field or a directive, or a field of an input object.
struct InputValueDefinition {
  Name name{};
  Offset at = 0;
  const Value* description = nullptr;  // a string; null where there is none, here and below
  const TypeNode* type = nullptr;
  const Value* default_value = nullptr;  // null where there is none
  std::span<const Directive> directives{};
};

// Not FieldDefinition, which is a field of a type system at run time.
struct FieldDefinitionNode {
  Name name{};
  Offset at = 0;
  const Value* description = nullptr;
  std::span<const InputValueDefinition> arguments{};
  const TypeNode* type = nullptr;
  std::span<const Directive> directives{};
};

struct EnumValueDefinition {
  Name name{};
  Offset at = 0;
  const Value* description = nullptr;
  std::span<const Directive> directives{};
};

struct OperationTypeDefinition {
  OperationKind kind = OperationKind::query;
  Offset at = 0;
  Name type{};
};

// One of them all: the parts that are not of its kind are empty.
struct TypeSystemDefinition {
  enum class Kind : std::uint8_t {
    schema,
    scalar,
    object,
    interface,
    union_type,
    enumeration,
    input_object,
    directive,
  };
  Kind kind = Kind::schema;
  bool is_extension = false;
  bool is_repeatable = false;  // of a directive
  Offset at = 0;
  const Value* description = nullptr;
  Name name{};  // of a schema empty; of a directive without its @
  std::span<const Directive> directives{};
  std::span<const OperationTypeDefinition> operation_types{};  // of a schema
  std::span<const Name> interfaces{};                          // of an object or an interface
  std::span<const FieldDefinitionNode> fields{};               // of an object or an interface
  std::span<const Name> members{};                             // of a union
  std::span<const EnumValueDefinition> values{};               // of an enumeration
  std::span<const InputValueDefinition> input_fields{};        // of an input object
  std::span<const InputValueDefinition> arguments{};           // of a directive
  std::span<const DirectiveLocation> locations{};              // of a directive
};

// The word with which it begins: type, enum and so on.
[[nodiscard]] std::string_view keyword(TypeSystemDefinition::Kind kind) noexcept;

}  // namespace bailey::graphql
