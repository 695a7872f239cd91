// The type system of a schema as it stands at run time (specification of October 2021, section 3): what introspection,
// the printed schema, validation and execution walk. It is made once by a TypeSystemBuilder, checked as a whole, and
// never changes then; any thread may read it. Nothing here knows how a field is resolved.
#pragma once

#include <graphql/document.hpp>

#include <boost/json/fwd.hpp>

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::graphql {

enum class TypeKind : std::uint8_t { scalar, object, interface, union_type, enumeration, input_object };

// As __TypeKind names it: SCALAR, OBJECT and so on.
[[nodiscard]] std::string_view to_string(TypeKind kind) noexcept;

// A named type's place in its type system.
using TypeId = std::uint32_t;
inline constexpr TypeId no_type = 0xffff'ffff;

// The built-in scalars have these places in each type system, whether it uses them or not.
inline constexpr TypeId int_type = 0, float_type = 1, string_type = 2, boolean_type = 3, id_type = 4;
// After them come introspection's eight, then a schema's own.
inline constexpr TypeId first_own_type = 13;
[[nodiscard]] constexpr bool is_built_in(TypeId id) noexcept { return id < first_own_type; }

// A type as fields and arguments have it: a named type in lists and non-nulls. The wrappers are packed two bits a
// layer, the outermost lowest, so that to unwrap is to shift and two types are equal where their integers are.
struct TypeRef {
  static constexpr std::uint32_t non_null_bits = 1, list_bits = 2;
  static constexpr int max_wrappers = 16;

  TypeId named = no_type;
  std::uint32_t wrappers = 0;

  [[nodiscard]] constexpr bool is_known() const noexcept { return named != no_type; }
  [[nodiscard]] constexpr bool is_non_null() const noexcept { return (wrappers & 3) == non_null_bits; }
  [[nodiscard]] constexpr bool is_list() const noexcept { return (wrappers & 3) == list_bits; }
  // Without its non-null, where it is one.
  [[nodiscard]] constexpr TypeRef nullable() const noexcept { return is_non_null() ? inner() : *this; }
  // What a list or a non-null is of.
  [[nodiscard]] constexpr TypeRef inner() const noexcept { return {.named = named, .wrappers = wrappers >> 2}; }
  // What a list holds, its own non-null aside. Of anything else: the type itself.
  [[nodiscard]] constexpr TypeRef item() const noexcept {
    const TypeRef bare = nullable();
    return bare.is_list() ? bare.inner() : bare;
  }
  [[nodiscard]] constexpr bool has_room() const noexcept { return wrappers >> (2 * (max_wrappers - 1)) == 0; }
  // The type wrapped once more. A caller who wraps what strangers wrote asks has_room first.
  [[nodiscard]] constexpr TypeRef list() const noexcept {
    return {.named = named, .wrappers = wrappers << 2 | list_bits};
  }
  [[nodiscard]] constexpr TypeRef non_null() const noexcept {
    return is_non_null() ? *this : TypeRef{.named = named, .wrappers = wrappers << 2 | non_null_bits};
  }

  friend constexpr bool operator==(const TypeRef&, const TypeRef&) = default;
};

// An argument or a field of an input object.
struct InputValue {
  std::string name{};
  std::string description{};
  TypeRef type{};
  const Value* default_value = nullptr;  // kept by the type system; null where there is none
  std::optional<std::string> deprecation_reason{};
  std::string source_name{};  // what the program calls it; empty where that is its name

  [[nodiscard]] const std::string& name_in_source() const noexcept { return source_name.empty() ? name : source_name; }
  [[nodiscard]] bool is_required() const noexcept { return type.is_non_null() && default_value == nullptr; }
};

struct FieldDefinition {
  std::string name{};
  std::string description{};
  TypeRef type{};
  std::vector<InputValue> arguments{};
  std::optional<std::string> deprecation_reason{};

  // What execution wants to know of it, and this layer only carries: which of the schema's resolvers it is, …
  std::uint32_t resolver = 0;
  // … what one call of it costs, …
  std::uint32_t cost = 1;
  // … and the arguments that say how long a list gets. Those called first, last or limit are found by themselves.
  std::vector<std::string> size_arguments{};

  [[nodiscard]] const InputValue* argument(std::string_view name) const noexcept;
};

struct EnumValue {
  std::string name{};
  std::string description{};
  std::optional<std::string> deprecation_reason{};
  std::string source_name{};  // what the program calls it; empty where that is its name

  [[nodiscard]] const std::string& name_in_source() const noexcept { return source_name.empty() ? name : source_name; }
};

// What a scalar says to a literal that it does not take, as a whole sentence; empty where "Expected value of type …"
// says it all.
using LiteralCheck = std::function<std::expected<void, std::string>(const Value&)>;

// The same of a value that came as JSON; where the sentence is empty, "Expected type …" says it all.
using ValueCheck = std::function<std::expected<void, std::string>(const boost::json::value&)>;

// Names in the order of their bytes, each with its place: how a name is found in a long list.
class NameIndex {
 public:
  void add(std::string_view name, std::uint32_t place) { names_.emplace_back(name, place); }
  // Sorts. Of names that are equal the first stays; the places of the others are returned.
  std::vector<std::uint32_t> finish();
  // no_type where it is not there.
  [[nodiscard]] std::uint32_t find(std::string_view name) const noexcept;

 private:
  std::vector<std::pair<std::string_view, std::uint32_t>> names_;
};

struct NamedType {
  std::string name{};
  std::string description{};
  TypeKind kind = TypeKind::scalar;
  TypeId id = no_type;
  std::vector<FieldDefinition> fields{};   // of an object or an interface
  std::vector<TypeId> interfaces{};        // that an object or an interface implements
  std::vector<TypeId> members{};           // of a union, as declared
  std::vector<EnumValue> enum_values{};    // of an enumeration
  std::vector<InputValue> input_fields{};  // of an input object
  bool is_one_of = false;                  // of an input object
  std::string specified_by_url{};          // of a scalar; empty where there is none
  LiteralCheck accepts_literal{};          // of a scalar; without one accepts_value judges what the literal is as JSON
  ValueCheck accepts_value{};              // of a scalar; without one it takes any value
  NameIndex by_name{};                     // of its fields, enum values or input fields; the builder fills it

  [[nodiscard]] bool is_leaf() const noexcept { return kind == TypeKind::scalar || kind == TypeKind::enumeration; }
  [[nodiscard]] bool is_input() const noexcept { return is_leaf() || kind == TypeKind::input_object; }
  [[nodiscard]] bool is_output() const noexcept { return kind != TypeKind::input_object; }
  [[nodiscard]] bool is_abstract() const noexcept {
    return kind == TypeKind::interface || kind == TypeKind::union_type;
  }
  [[nodiscard]] bool is_composite() const noexcept { return kind == TypeKind::object || is_abstract(); }
  // Null where there is none of this name. The meta-fields are TypeSystem::field's.
  [[nodiscard]] const FieldDefinition* field(std::string_view name) const noexcept;
  [[nodiscard]] const InputValue* input_field(std::string_view name) const noexcept;
  [[nodiscard]] const EnumValue* enum_value(std::string_view name) const noexcept;
};

// Where a directive may stand (specification, 3.13), in its order.
enum class DirectiveLocation : std::uint8_t {
  query,
  mutation,
  subscription,
  field,
  fragment_definition,
  fragment_spread,
  inline_fragment,
  variable_definition,
  schema,
  scalar,
  object,
  field_definition,
  argument_definition,
  interface,
  union_type,
  enumeration,
  enum_value,
  input_object,
  input_field_definition,
  directive_definition,
};
[[nodiscard]] std::string_view to_string(DirectiveLocation location) noexcept;
[[nodiscard]] std::optional<DirectiveLocation> directive_location(std::string_view name) noexcept;

struct DirectiveDefinition {
  std::string name{};  // without its @
  std::string description{};
  std::vector<InputValue> arguments{};
  std::vector<DirectiveLocation> locations{};
  bool is_repeatable = false;
  bool is_built_in = false;

  [[nodiscard]] const InputValue* argument(std::string_view name) const noexcept;
  [[nodiscard]] bool may_stand_on(DirectiveLocation location) const noexcept;
};

class TypeSystem {
 public:
  TypeSystem(TypeSystem&&) noexcept = default;
  TypeSystem& operator=(TypeSystem&&) noexcept = default;
  TypeSystem(const TypeSystem&) = delete;
  TypeSystem& operator=(const TypeSystem&) = delete;
  ~TypeSystem() = default;

  [[nodiscard]] std::string_view description() const noexcept { return description_; }
  // The types that it has, built-in and introspection's included, in the order in which they were added. A built-in
  // scalar that nothing uses is none of them.
  [[nodiscard]] std::span<const TypeId> types() const noexcept { return order_; }
  [[nodiscard]] const NamedType& type(TypeId id) const noexcept { return types_[id]; }
  [[nodiscard]] const NamedType& type(TypeRef ref) const noexcept { return types_[ref.named]; }
  [[nodiscard]] const NamedType* find(std::string_view name) const noexcept;

  // The type where operations of this kind begin; null where the schema has none.
  [[nodiscard]] const NamedType* root(OperationKind kind) const noexcept;

  [[nodiscard]] std::span<const DirectiveDefinition> directives() const noexcept { return directives_; }
  [[nodiscard]] const DirectiveDefinition* directive(std::string_view name) const noexcept;

  // A field that can be selected on the type: its own, __typename, and on the query root __schema and __type.
  [[nodiscard]] const FieldDefinition* field(const NamedType& parent, std::string_view name) const noexcept;
  [[nodiscard]] const FieldDefinition& typename_field() const noexcept { return meta_fields_[0]; }
  [[nodiscard]] const FieldDefinition& schema_field() const noexcept { return meta_fields_[1]; }
  [[nodiscard]] const FieldDefinition& type_field() const noexcept { return meta_fields_[2]; }

  // The objects that a value of the type can be: of an interface those that implement it, of a union its members, of an
  // object itself.
  [[nodiscard]] std::span<const TypeId> possible_types(TypeId id) const noexcept { return possible_[id]; }
  [[nodiscard]] bool is_possible(TypeId type, TypeId object) const noexcept;
  // Whether some object is of both.
  [[nodiscard]] bool overlap(TypeId one, TypeId other) const noexcept;
  // Whether each value of the one type is one of the other (IsSubType; section 3.6, covariance of fields).
  [[nodiscard]] bool is_subtype(TypeRef type, TypeRef of) const noexcept;

  // As a document writes it: [Card!]!
  [[nodiscard]] std::string to_string(TypeRef ref) const;

 private:
  friend class TypeSystemBuilder;
  TypeSystem() = default;

  std::string description_;
  // Default values lie here. Not an object of its own, so that the type system can be moved.
  std::unique_ptr<std::pmr::monotonic_buffer_resource> values_;
  std::vector<NamedType> types_;
  std::vector<TypeId> order_;
  NameIndex by_name_;
  std::vector<DirectiveDefinition> directives_;
  std::vector<FieldDefinition> meta_fields_;
  TypeId roots_[3] = {no_type, no_type, no_type};
  std::vector<std::vector<TypeId>> possible_;  // by type, sorted
};

}  // namespace bailey::graphql
