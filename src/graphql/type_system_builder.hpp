// How a TypeSystem is made: types and their parts are added in any order, by name or by the place that a name already
// has, and finish() checks the whole (specification of October 2021, section 3, Type Validation). It says everything
// that is wrong at once, so that a schema is put right in one go.
#pragma once

#include <graphql/types.hpp>

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {

class TypeSystemBuilder {
 public:
  // It has the built-in scalars, introspection's types and the directives @skip, @include, @deprecated, @specifiedBy
  // and
  // @oneOf.
  TypeSystemBuilder();

  // The place of the type of this name, which may be added before or after.
  [[nodiscard]] TypeId named(std::string_view name);

  // Adds a type. A name that is added twice is a problem that finish() reports; what is added to the second is dropped.
  TypeId add_scalar(std::string_view name, std::string description = {});
  TypeId add_object(std::string_view name, std::string description = {});
  TypeId add_interface(std::string_view name, std::string description = {});
  TypeId add_union(std::string_view name, std::string description = {});
  TypeId add_enumeration(std::string_view name, std::string description = {});
  TypeId add_input_object(std::string_view name, std::string description = {});

  void add_field(TypeId type, FieldDefinition field);
  void add_input_field(TypeId type, InputValue field);
  void add_enum_value(TypeId type, EnumValue value);
  void add_member(TypeId union_type, TypeId object);
  void implement(TypeId type, TypeId interface);
  void make_one_of(TypeId input_object);
  void specify_by(TypeId scalar, std::string url);
  void check_literals(TypeId scalar, LiteralCheck check);
  void check_values(TypeId scalar, ValueCheck check);
  void add_directive(DirectiveDefinition directive);
  void set_root(OperationKind kind, TypeId object);
  void describe(std::string description);

  // A copy of a constant that lives as long as the type system: for default values.
  [[nodiscard]] const Value* keep(const Value& value);

  // The type system, or all of its problems, each a sentence. The builder is empty then.
  [[nodiscard]] std::expected<TypeSystem, std::vector<std::string>> finish();

 private:
  TypeId add(TypeKind kind, std::string_view name, std::string description);
  NamedType& at(TypeId id) { return id == no_type ? dropped_ : system_.types_[id]; }
  void add_introspection();
  void add_directives();
  Value copy(const Value& value);
  std::string_view copy(std::string_view text);
  void leave_out_unused();
  void index();
  void find_possible_types();

  TypeSystem system_;
  std::map<std::string, TypeId, std::less<>> places_;
  std::vector<bool> added_;  // by place; else only named so far
  std::vector<std::string> problems_;
  NamedType dropped_;  // takes what is added to a type that is none
};

}  // namespace bailey::graphql
