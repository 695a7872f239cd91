// Builds in three steps: what is named and never added is a problem, unused scalars are left out, then the lookups and
// the possible types are made, with which the rules of a schema are checked (type_system_checks.cpp).
#include <graphql/type_system_builder.hpp>

#include <graphql/type_system_checks.hpp>

#include <algorithm>
#include <cstring>
#include <new>
#include <set>
#include <utility>

namespace bailey::graphql {

TypeId TypeSystemBuilder::named(std::string_view name) {
  if (const auto found = places_.find(name); found != places_.end()) return found->second;
  const auto id = static_cast<TypeId>(system_.types_.size());
  system_.types_.push_back({.name = std::string(name), .id = id});
  added_.push_back(false);
  places_.emplace(name, id);
  return id;
}

TypeId TypeSystemBuilder::add(TypeKind kind, std::string_view name, std::string description) {
  const TypeId id = named(name);
  if (added_[id]) {
    problems_.push_back("There can be only one type named \"" + std::string(name) + "\".");
    return no_type;
  }
  added_[id] = true;
  system_.order_.push_back(id);
  system_.types_[id].kind = kind;
  system_.types_[id].description = std::move(description);
  return id;
}

TypeId TypeSystemBuilder::add_scalar(std::string_view name, std::string description) {
  return add(TypeKind::scalar, name, std::move(description));
}

TypeId TypeSystemBuilder::add_object(std::string_view name, std::string description) {
  return add(TypeKind::object, name, std::move(description));
}

TypeId TypeSystemBuilder::add_interface(std::string_view name, std::string description) {
  return add(TypeKind::interface, name, std::move(description));
}

TypeId TypeSystemBuilder::add_union(std::string_view name, std::string description) {
  return add(TypeKind::union_type, name, std::move(description));
}

TypeId TypeSystemBuilder::add_enumeration(std::string_view name, std::string description) {
  return add(TypeKind::enumeration, name, std::move(description));
}

TypeId TypeSystemBuilder::add_input_object(std::string_view name, std::string description) {
  return add(TypeKind::input_object, name, std::move(description));
}

void TypeSystemBuilder::add_field(TypeId type, FieldDefinition field) { at(type).fields.push_back(std::move(field)); }
void TypeSystemBuilder::add_input_field(TypeId type, InputValue field) {
  at(type).input_fields.push_back(std::move(field));
}
void TypeSystemBuilder::add_enum_value(TypeId type, EnumValue value) {
  at(type).enum_values.push_back(std::move(value));
}
void TypeSystemBuilder::add_member(TypeId union_type, TypeId object) { at(union_type).members.push_back(object); }
void TypeSystemBuilder::implement(TypeId type, TypeId interface) { at(type).interfaces.push_back(interface); }
void TypeSystemBuilder::make_one_of(TypeId input_object) { at(input_object).is_one_of = true; }
void TypeSystemBuilder::specify_by(TypeId scalar, std::string url) { at(scalar).specified_by_url = std::move(url); }
void TypeSystemBuilder::check_literals(TypeId scalar, LiteralCheck check) {
  at(scalar).accepts_literal = std::move(check);
}
void TypeSystemBuilder::check_values(TypeId scalar, ValueCheck check) { at(scalar).accepts_value = std::move(check); }
void TypeSystemBuilder::set_root(OperationKind kind, TypeId object) {
  system_.roots_[static_cast<std::size_t>(kind)] = object;
}
void TypeSystemBuilder::describe(std::string description) { system_.description_ = std::move(description); }

void TypeSystemBuilder::add_directive(DirectiveDefinition directive) {
  if (system_.directive(directive.name) != nullptr)
    problems_.push_back("There can be only one directive named \"@" + directive.name + "\".");
  else
    system_.directives_.push_back(std::move(directive));
}

std::string_view TypeSystemBuilder::copy(std::string_view text) {
  if (text.empty()) return {};
  auto* const place = static_cast<char*>(system_.values_->allocate(text.size(), 1));
  std::memcpy(place, text.data(), text.size());
  return {place, text.size()};
}

Value TypeSystemBuilder::copy(const Value& value) {
  Value copied = value;
  copied.text = copy(value.text);
  if (!value.items.empty()) {
    auto* const items = static_cast<Value*>(system_.values_->allocate(value.items.size_bytes(), alignof(Value)));
    for (std::size_t i = 0; i < value.items.size(); ++i) new (items + i) Value(copy(value.items[i]));
    copied.items = {items, value.items.size()};
  }
  if (!value.fields.empty()) {
    auto* const fields =
        static_cast<ObjectField*>(system_.values_->allocate(value.fields.size_bytes(), alignof(ObjectField)));
    for (std::size_t i = 0; i < value.fields.size(); ++i)
      new (fields + i) ObjectField{.name = {.text = copy(value.fields[i].name.text), .at = value.fields[i].name.at},
                                   .value = copy(value.fields[i].value)};
    copied.fields = {fields, value.fields.size()};
  }
  return copied;
}

const Value* TypeSystemBuilder::keep(const Value& value) {
  return new (system_.values_->allocate(sizeof(Value), alignof(Value))) Value(copy(value));
}

// Int, Float and ID are of a schema only where something is of them.
void TypeSystemBuilder::leave_out_unused() {
  std::vector<bool> used(system_.types_.size());
  const auto use = [&](TypeRef type) {
    if (type.is_known()) used[type.named] = true;
  };
  const auto use_all = [&](const std::vector<InputValue>& values) {
    for (const InputValue& value : values) use(value.type);
  };
  for (const NamedType& type : system_.types_) {
    for (const FieldDefinition& field : type.fields) {
      use(field.type);
      use_all(field.arguments);
    }
    use_all(type.input_fields);
  }
  for (const DirectiveDefinition& directive : system_.directives_) use_all(directive.arguments);
  std::erase_if(system_.order_, [&](TypeId id) { return id <= id_type && !used[id]; });
}

void TypeSystemBuilder::index() {
  for (const TypeId id : system_.order_) system_.by_name_.add(system_.types_[id].name, id);
  system_.by_name_.finish();
  for (NamedType& type : system_.types_) {
    const auto index_all = [&](const auto& parts, std::string_view what) {
      for (std::uint32_t i = 0; i < parts.size(); ++i) type.by_name.add(parts[i].name, i);
      for (const std::uint32_t repeated : type.by_name.finish())
        problems_.push_back(std::string(what) + " \"" + type.name + "." + parts[repeated].name +
                            "\" can only be defined once.");
    };
    // A type has one of the three; what does not belong to its kind is a problem of the checks.
    if (!type.enum_values.empty())
      index_all(type.enum_values, "Enum value");
    else if (!type.input_fields.empty())
      index_all(type.input_fields, "Field");
    else
      index_all(type.fields, "Field");
  }
}

void TypeSystemBuilder::find_possible_types() {
  system_.possible_.resize(system_.types_.size());
  for (const TypeId id : system_.order_) {
    const NamedType& type = system_.types_[id];
    if (type.kind == TypeKind::object) {
      system_.possible_[id].push_back(id);
      for (const TypeId interface : type.interfaces)
        if (interface != no_type) system_.possible_[interface].push_back(id);
    } else if (type.kind == TypeKind::union_type) {
      for (const TypeId member : type.members)
        if (member != no_type) system_.possible_[id].push_back(member);
    }
  }
  for (std::vector<TypeId>& possible : system_.possible_) {
    std::ranges::sort(possible);
    const auto rest = std::ranges::unique(possible);
    possible.erase(rest.begin(), rest.end());
  }
}

std::expected<TypeSystem, std::vector<std::string>> TypeSystemBuilder::finish() {
  for (const NamedType& type : system_.types_)
    if (!added_[type.id]) problems_.push_back("Unknown type \"" + type.name + "\".");
  if (system_.root(OperationKind::query) == nullptr) problems_.emplace_back("Query root type must be provided.");
  leave_out_unused();
  index();
  find_possible_types();
  std::vector<std::string> problems = std::move(problems_);
  // What is of an unknown type cannot be checked, so that only what is whole is.
  if (std::ranges::find(added_, false) == added_.end())
    for (std::string& problem : check_type_system(system_)) problems.push_back(std::move(problem));
  TypeSystem finished = std::exchange(system_, TypeSystem());
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return finished;
}

}  // namespace bailey::graphql
