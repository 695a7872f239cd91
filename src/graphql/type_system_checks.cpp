// One pass over the types, a function a kind; then what only the whole shows: cycles of input objects that nothing
// ends.
#include <graphql/literal.hpp>
#include <graphql/type_system_checks.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace bailey::graphql {

namespace {

bool is_name(std::string_view name) {
  const auto letter = [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto part = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name.front()) && std::ranges::all_of(name, part);
}

struct Checks {
  const TypeSystem& types;
  std::vector<std::string> problems{};

  template <class... Parts>
  void say(const Parts&... parts) {
    std::string problem;
    ((problem += parts), ...);
    problems.push_back(std::move(problem));
  }

  bool known(TypeRef type) const { return type.is_known(); }

  void check_name(std::string_view place, std::string_view name) {
    if (!is_name(name))
      say(place, " has no valid name: a name is letters, digits and _, and does not begin with a digit.");
    else if (name.starts_with("__"))
      say(place, " must not have a name that begins with \"__\", which is reserved by introspection.");
  }

  void check_input(std::string_view place, const InputValue& input) {
    check_name(place, input.name);
    if (!known(input.type)) return say(place, " has no type.");
    if (!types.type(input.type).is_input())
      return say("The type of ", place, " must be an input type, but it is ", types.to_string(input.type), ".");
    if (input.is_required() && input.deprecation_reason) say(place, " is required, so it cannot be deprecated.");
    if (input.default_value != nullptr)
      if (const auto fits = check_constant(types, *input.default_value, input.type); !fits)
        say("The default value of ", place,
            " does not fit: ", fits.error().empty() ? "it is no " + types.to_string(input.type) + "." : fits.error());
  }

  void check_arguments(std::string_view owner, const std::vector<InputValue>& arguments) {
    std::set<std::string_view> seen;
    for (const InputValue& argument : arguments) {
      const std::string place = std::string(owner) + "(" + argument.name + ":)";
      if (!seen.insert(argument.name).second) say(place, " can only be defined once.");
      check_input(place, argument);
    }
    check_source_names(owner, arguments);
  }

  // Coerced values are kept by these.
  void check_source_names(std::string_view owner, const std::vector<InputValue>& inputs) {
    std::map<std::string_view, std::string_view> names;
    for (const InputValue& input : inputs)
      if (const auto [first, is_new] = names.try_emplace(input.name_in_source(), input.name);
          !is_new && first->second != input.name)
        say(owner, " has two inputs, ", first->second, " and ", input.name, ", that are both ", input.name_in_source(),
            " in the source.");
  }

  void check_fields(const NamedType& type) {
    if (type.fields.empty()) say("Type ", type.name, " must define one or more fields.");
    for (const FieldDefinition& field : type.fields) {
      const std::string place = type.name + "." + field.name;
      check_name(place, field.name);
      if (!known(field.type))
        say(place, " has no type.");
      else if (!types.type(field.type).is_output())
        say("The type of ", place, " must be an output type, but it is ", types.to_string(field.type), ".");
      check_arguments(place, field.arguments);
      for (const std::string& size : field.size_arguments)
        if (field.argument(size) == nullptr)
          say(place, " takes its size from an argument \"", size, "\" that it does not have.");
    }
  }

  void check_implemented_field(const NamedType& type, const NamedType& interface, const FieldDefinition& expected) {
    const FieldDefinition* const field = type.field(expected.name);
    const std::string ours = type.name + "." + expected.name, theirs = interface.name + "." + expected.name;
    if (field == nullptr) return say("Interface field ", theirs, " expected but ", type.name, " does not provide it.");
    if (known(field->type) && known(expected.type) && !types.is_subtype(field->type, expected.type))
      say("Interface field ", theirs, " expects type ", types.to_string(expected.type), " but ", ours, " is type ",
          types.to_string(field->type), ".");
    for (const InputValue& argument : expected.arguments) {
      const InputValue* const own = field->argument(argument.name);
      if (own == nullptr)
        say("Interface field argument ", theirs, "(", argument.name, ":) expected but ", ours, " does not provide it.");
      else if (own->type != argument.type && known(own->type) && known(argument.type))
        say("Interface field argument ", theirs, "(", argument.name, ":) expects type ", types.to_string(argument.type),
            " but ", ours, "(", argument.name, ":) is type ", types.to_string(own->type), ".");
    }
    for (const InputValue& argument : field->arguments)
      if (argument.is_required() && expected.argument(argument.name) == nullptr)
        say("Field ", ours, " has the required argument ", argument.name, " that the interface field ", theirs,
            " does not have.");
    if (field->deprecation_reason && !expected.deprecation_reason)
      say("Interface field ", theirs, " is not deprecated, so the implementation field ", ours,
          " must not be deprecated.");
  }

  void check_interfaces(const NamedType& type) {
    std::set<TypeId> seen;
    for (const TypeId id : type.interfaces) {
      if (id == no_type) continue;
      const NamedType& interface = types.type(id);
      if (interface.kind != TypeKind::interface) {
        say("Type ", type.name, " must only implement interface types, it cannot implement ", interface.name, ".");
        continue;
      }
      if (id == type.id) {
        say("Type ", type.name, " cannot implement itself because it would create a circular reference.");
        continue;
      }
      if (!seen.insert(id).second) {
        say("Type ", type.name, " can only implement ", interface.name, " once.");
        continue;
      }
      for (const TypeId inherited : interface.interfaces)
        if (std::ranges::find(type.interfaces, inherited) == type.interfaces.end()) {
          if (inherited == type.id)
            say("Type ", type.name, " cannot implement ", interface.name,
                " because it would create a circular reference.");
          else if (inherited != no_type)
            say("Type ", type.name, " must implement ", types.type(inherited).name, " because it is implemented by ",
                interface.name, ".");
        }
      for (const FieldDefinition& expected : interface.fields) check_implemented_field(type, interface, expected);
    }
  }

  void check_members(const NamedType& type) {
    if (type.members.empty()) say("Union type ", type.name, " must define one or more member types.");
    std::set<TypeId> seen;
    for (const TypeId member : type.members) {
      if (member == no_type) continue;
      if (!seen.insert(member).second)
        say("Union type ", type.name, " can only include type ", types.type(member).name, " once.");
      else if (types.type(member).kind != TypeKind::object)
        say("Union type ", type.name, " can only include object types, it cannot include ", types.type(member).name,
            ".");
    }
  }

  void check_enum_values(const NamedType& type) {
    if (type.enum_values.empty()) say("Enum type ", type.name, " must define one or more values.");
    for (const EnumValue& value : type.enum_values) {
      check_name(type.name + "." + value.name, value.name);
      if (value.name == "true" || value.name == "false" || value.name == "null")
        say("Enum type ", type.name, " cannot have a value named ", value.name, ".");
    }
  }

  void check_input_fields(const NamedType& type) {
    if (type.input_fields.empty()) say("Input object type ", type.name, " must define one or more fields.");
    check_source_names(type.name, type.input_fields);
    for (const InputValue& field : type.input_fields) {
      const std::string place = type.name + "." + field.name;
      check_input(place, field);
      if (!type.is_one_of) continue;
      if (field.type.is_non_null()) say("The one-of input field ", place, " must be nullable.");
      if (field.default_value != nullptr) say("The one-of input field ", place, " cannot have a default value.");
    }
  }

  void check_only(const NamedType& type) {
    const bool has_fields = type.kind == TypeKind::object || type.kind == TypeKind::interface;
    if ((!has_fields && (!type.fields.empty() || !type.interfaces.empty())) ||
        (type.kind != TypeKind::union_type && !type.members.empty()) ||
        (type.kind != TypeKind::enumeration && !type.enum_values.empty()) ||
        (type.kind != TypeKind::input_object && (!type.input_fields.empty() || type.is_one_of)))
      say("Type ", type.name, " has parts that its kind, ", to_string(type.kind), ", does not have.");
  }

  void check_type(const NamedType& type) {
    check_only(type);
    if (!is_name(type.name) || type.name.starts_with("__")) check_name("Type \"" + type.name + "\"", type.name);
    switch (type.kind) {
      case TypeKind::scalar: break;
      case TypeKind::object:
      case TypeKind::interface:
        check_fields(type);
        check_interfaces(type);
        break;
      case TypeKind::union_type: check_members(type); break;
      case TypeKind::enumeration: check_enum_values(type); break;
      case TypeKind::input_object: check_input_fields(type); break;
    }
  }

  void check_roots() {
    std::set<TypeId> seen;
    for (const OperationKind kind : {OperationKind::query, OperationKind::mutation, OperationKind::subscription}) {
      const NamedType* const root = types.root(kind);
      if (root == nullptr) continue;
      if (root->kind != TypeKind::object)
        say("The root type of a ", to_string(kind), " must be an object type, it cannot be ", root->name, ".");
      if (!seen.insert(root->id).second)
        say("All root types must be different, \"", root->name, "\" is used more than once.");
    }
  }

  void check_directive(const DirectiveDefinition& directive) {
    check_name("@" + directive.name, directive.name);
    if (directive.locations.empty()) say("Directive @", directive.name, " must include one or more locations.");
    check_arguments("@" + directive.name, directive.arguments);
  }

  // Through which required field of an input object another must be given. A one-of needs only one of its fields, so
  // that it ends where any of them does.
  bool can_end(const NamedType& type, const std::vector<bool>& ending) const {
    const auto ends = [&](const InputValue& field) {
      const NamedType& of = types.type(field.type);
      const bool forced = (type.is_one_of && !field.type.is_list()) ||
                          (field.type.is_non_null() && !field.type.inner().is_list() && field.default_value == nullptr);
      return !forced || of.kind != TypeKind::input_object || ending[of.id];
    };
    return type.is_one_of ? std::ranges::any_of(type.input_fields, ends) : std::ranges::all_of(type.input_fields, ends);
  }

  // An input object of which no finite value can be written. Found from the other end: those that can be, until no more
  // are found.
  void check_input_cycles() {
    std::vector<TypeId> open;
    std::size_t most = 0;
    for (const TypeId id : types.types()) {
      most = std::max<std::size_t>(most, id + 1);
      const NamedType& type = types.type(id);
      if (type.kind == TypeKind::input_object && !type.input_fields.empty() &&
          std::ranges::all_of(type.input_fields, [&](const InputValue& field) { return known(field.type); }))
        open.push_back(id);
    }
    std::vector<bool> ending(most, true);
    for (const TypeId id : open) ending[id] = false;
    for (bool found = true; found;) {
      found = false;
      for (const TypeId id : open)
        if (!ending[id] && can_end(types.type(id), ending)) ending[id] = found = true;
    }
    for (const TypeId id : open)
      if (!ending[id])
        say("Input object type ", types.type(id).name,
            " has no finite value: its required fields lead back to an input object that needs one of it.");
  }

  // Whether to fill in the default values of what the constant leaves out comes back to a field that is being filled
  // in. Fields are found in `open` meanwhile, and in `done` once nothing below them does.
  bool comes_back(const Value& value, TypeRef type, std::set<const InputValue*>& open,
                  std::set<const InputValue*>& done) const {
    if (!known(type)) return false;
    if (value.kind == Value::Kind::list)
      return std::ranges::any_of(value.items,
                                 [&](const Value& item) { return comes_back(item, type.item(), open, done); });
    const NamedType& object = types.type(type);
    if (value.kind != Value::Kind::object || object.kind != TypeKind::input_object) return false;
    return std::ranges::any_of(object.input_fields, [&](const InputValue& field) {
      const auto given =
          std::ranges::find(value.fields, field.name, [](const ObjectField& one) { return one.name.text; });
      if (given != value.fields.end()) return comes_back(given->value, field.type, open, done);
      return field.default_value != nullptr && comes_back(field, open, done);
    });
  }

  bool comes_back(const InputValue& field, std::set<const InputValue*>& open, std::set<const InputValue*>& done) const {
    if (done.contains(&field)) return false;
    if (!open.insert(&field).second) return true;
    const bool found = comes_back(*field.default_value, field.type, open, done);
    open.erase(&field);
    if (!found) done.insert(&field);
    return found;
  }

  // Such a value would never be filled in to its end.
  void check_default_cycles() {
    std::set<const InputValue*> open, done;
    for (const TypeId id : types.types())
      for (const InputValue& field : types.type(id).input_fields)
        if (field.default_value != nullptr && comes_back(field, open, done))
          say("The default value of ", types.type(id).name, ".", field.name,
              " leads back to itself through the default values of what it leaves out.");
  }
};

}  // namespace

std::vector<std::string> check_type_system(const TypeSystem& types) {
  Checks checks{types};
  checks.check_roots();
  for (const DirectiveDefinition& directive : types.directives())
    if (!directive.is_built_in) checks.check_directive(directive);
  for (const TypeId id : types.types())
    if (!is_built_in(id)) checks.check_type(types.type(id));
  checks.check_input_cycles();
  checks.check_default_cycles();
  return std::move(checks.problems);
}

}  // namespace bailey::graphql
