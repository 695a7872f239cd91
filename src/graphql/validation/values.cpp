// Rules of values (specification, 5.6). Recursion here is as deep as the value, which the parser bounds. Where a value
// is of the wrong type, its parts are not checked for theirs, but still for names that stand twice, and variables in
// them are still used.
#include <graphql/literal.hpp>
#include <graphql/validation/rules.hpp>

#include <algorithm>
#include <unordered_map>

namespace bailey::graphql {

namespace {

constexpr std::size_t most_shown = 1000;

struct Values {
  ValidationContext& context;

  void say(std::string message, Offset at) { context.report("ValuesOfCorrectType", std::move(message), {at}); }

  void say_expected(TypeRef type, const Value& value) {
    say("Expected value of type " + in_quotes(context.types.to_string(type)) + ", found " +
            print_literal(value, most_shown) + ".",
        value.at);
  }

  // What is no list, no object of the expected type, no null and no variable.
  void check_as_leaf(const Value& value, TypeRef type) {
    if (!type.is_known()) return;
    const NamedType& named = context.types.type(type);
    if (!named.is_leaf()) return say_expected(type, value);
    const auto taken = check_leaf(named, value);
    if (taken) return;
    if (taken.error().empty()) return say_expected(type, value);
    std::string message = taken.error();
    if (named.kind == TypeKind::enumeration && context.options.suggestions) {
      std::vector<std::string_view> names;
      for (const EnumValue& one : named.enum_values) names.push_back(one.name);
      message += context.suggest(print_literal(value, most_shown), names, "the enum value");
    }
    say(std::move(message), value.at);
  }

  void check_object(const Value& value, const NamedType& type) {
    std::unordered_map<std::string_view, const Value*> given;
    for (const ObjectField& field : value.fields) given[field.name.text] = &field.value;
    for (const InputValue& field : type.input_fields)
      if (field.is_required() && !given.contains(field.name))
        say("Field " + in_quotes(type.name + "." + field.name) + " of required type " +
                in_quotes(context.types.to_string(field.type)) + " was not provided.",
            value.at);
    if (!type.is_one_of) return;
    if (given.size() != 1)
      say("OneOf Input Object " + in_quotes(type.name) + " must specify exactly one key.", value.at);
    else if (given.begin()->second->kind == Value::Kind::null)
      say("Field " + in_quotes(type.name + "." + std::string(given.begin()->first)) + " must be non-null.", value.at);
  }

  void unknown_field(const NamedType& type, const ObjectField& field) {
    std::string message =
        "Field " + in_quotes(field.name.text) + " is not defined by type " + in_quotes(type.name) + ".";
    if (context.options.suggestions) {
      std::vector<std::string_view> names;
      for (const InputValue& known : type.input_fields) names.push_back(known.name);
      message += context.suggest(field.name.text, names);
    }
    say(std::move(message), field.name.at);
  }

  void unique_input_field_names(const Value& value) {
    if (value.fields.size() < 2) return;
    std::unordered_map<std::string_view, Offset> seen;
    for (const ObjectField& field : value.fields)
      if (const auto [first, is_new] = seen.try_emplace(field.name.text, field.name.at); !is_new)
        context.report("UniqueInputFieldNames",
                       "There can be only one input field named " + in_quotes(field.name.text) + ".",
                       {first->second, field.name.at});
  }

  void walk_list(const Value& value, TypeRef type, bool checked) {
    const TypeRef bare = type.is_known() ? type.nullable() : type;
    const bool is_list = type.is_known() && bare.is_list();
    const TypeRef item = is_list ? bare.inner() : bare;
    if (checked && !is_list) check_as_leaf(value, item);
    for (const Value& one : value.items) walk(one, {.type = item}, checked && is_list);
  }

  void walk_object(const Value& value, TypeRef type, bool checked) {
    const NamedType* const named = type.is_known() ? &context.types.type(type) : nullptr;
    const bool is_object = named != nullptr && named->kind == TypeKind::input_object;
    if (checked && is_object) check_object(value, *named);
    if (checked && !is_object) check_as_leaf(value, type);
    unique_input_field_names(value);
    for (const ObjectField& field : value.fields) {
      ValuePosition position{.one_of = is_object && named->is_one_of ? named : nullptr};
      if (is_object) {
        if (const InputValue* const known = named->input_field(field.name.text)) {
          position.type = known->type;
          position.has_default = known->default_value != nullptr;
        } else if (checked) {
          unknown_field(*named, field);
        }
      }
      walk(field.value, position, checked && is_object);
    }
  }

  void walk(const Value& value, const ValuePosition& position, bool checked) {
    switch (value.kind) {
      case Value::Kind::variable:
        if (context.current != nullptr)
          context.current->usages.push_back({.variable = &value,
                                             .type = position.type,
                                             .has_default = position.has_default,
                                             .one_of = position.one_of});
        break;
      case Value::Kind::list: walk_list(value, position.type, checked); break;
      case Value::Kind::object: walk_object(value, position.type, checked); break;
      case Value::Kind::null:
        if (checked && position.type.is_known() && position.type.is_non_null()) say_expected(position.type, value);
        break;
      default:
        if (checked) check_as_leaf(value, position.type);
    }
  }
};

}  // namespace

void check_value(ValidationContext& context, const Value& value, const ValuePosition& position) {
  Values{context}.walk(value, position, true);
}

}  // namespace bailey::graphql
