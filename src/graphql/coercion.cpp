// JSON is walked beside its type. Recursion is as deep as the JSON, which its parser bounds, or as a type's wrappers.
// An error stands for its value: what is made of the rest is dropped, but still looked at, so that all errors are
// found.
#include <graphql/coercion.hpp>

#include <graphql/coerce_literal.hpp>
#include <graphql/inspect.hpp>
#include <graphql/literal.hpp>
#include <graphql/scalar_values.hpp>
#include <graphql/transport/file_marks.hpp>
#include <graphql/type_node.hpp>
#include <graphql/validation/context.hpp>
#include <graphql/validation/suggestions.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace bailey::graphql {

namespace {

// Of what a scalar says, which may show the value as it came.
constexpr std::size_t longest_sentence = 500;
constexpr std::size_t most_repeated_bytes = 8 * 1024 * 1024;

json::object bad_user_input() { return {{"code", "BAD_USER_INPUT"}}; }

// A step into a value, on the stack of the walk.
struct Step {
  const Step* before = nullptr;
  std::string_view field{};  // empty for a place in a list
  std::size_t index = 0;
};

std::string print_path(const Step* last) {
  std::vector<const Step*> steps;
  for (; last != nullptr; last = last->before) steps.push_back(last);
  std::string out;
  for (std::size_t i = steps.size(); i-- > 0;) {
    if (steps[i]->field.empty())
      out += "[" + std::to_string(steps[i]->index) + "]";
    else
      out += "." + std::string(steps[i]->field);
  }
  return out;
}

struct VariableCoercion {
  const TypeSystem& types;
  std::size_t max_errors;
  Suggestions suggestions;
  const VariableDefinition* variable = nullptr;
  std::vector<ResponseError> errors{};
  std::vector<Offset> places{};  // one an error, but for the one that there are too many
  bool is_full = false;

  void report(std::string message, Offset at) {
    if (is_full) return;
    if (errors.size() >= max_errors) {
      is_full = true;
      message = "Too many errors processing variables, error limit reached. Execution aborted.";
    } else {
      places.push_back(at);
    }
    errors.push_back({.message = std::move(message), .extensions = bad_user_input()});
  }

  [[nodiscard]] std::string name() const { return "\"$" + std::string(variable->name.text) + "\""; }

  void refuse(const json::value& value, const Step* path, std::string_view sentence) {
    if (is_full) return;
    std::string message = "Variable " + name() + " got invalid value " + inspect(value);
    if (path != nullptr) message += " at " + in_quotes(std::string(variable->name.text) + print_path(path));
    report(message + "; " + std::string(sentence), variable->at);
  }

  template <class Parts>
  std::string suggest(std::string_view given, const Parts& parts, std::string_view kind = {}) const {
    if (suggestions == Suggestions::off || is_full) return {};
    std::vector<std::string_view> names;
    for (const auto& part : parts) names.push_back(part.name);
    return did_you_mean(suggestion_list(given, names), kind);
  }

  json::value coerce(const json::value& value, TypeRef type, const Step* path) {
    if (is_full) return nullptr;
    if (value.is_null()) {
      if (type.is_non_null())
        refuse(value, path, "Expected non-nullable type " + in_quotes(types.to_string(type)) + " not to be null.");
      return nullptr;
    }
    const TypeRef bare = type.nullable();
    if (bare.is_list()) return list(value, bare.inner(), path);
    const NamedType& named = types.type(bare);
    // An input object has its own members looked at.
    const bool is_looked_into = value.is_object() && named.kind == TypeKind::input_object;
    if (!is_looked_into && named.name != upload_scalar && has_file(value)) {
      report("Variable " + name() + " got a file at " + in_quotes(std::string(variable->name.text) + print_path(path)) +
                 ", which is of type " + in_quotes(named.name) + "; a file is an " + in_quotes(upload_scalar) + ".",
             variable->at);
      return nullptr;
    }
    switch (named.kind) {
      case TypeKind::input_object: return object(value, named, path);
      case TypeKind::enumeration: return enumeration(value, named, path);
      default: return scalar(value, named, path);
    }
  }

  json::value list(const json::value& value, TypeRef item_type, const Step* path) {
    json::array items;
    if (value.is_array()) {
      const json::array& given = value.get_array();
      items.reserve(given.size());
      for (std::size_t i = 0; i < given.size() && !is_full; ++i) {
        const Step step{.before = path, .index = i};
        items.push_back(coerce(given[i], item_type, &step));
      }
    } else {
      items.push_back(coerce(value, item_type, path));
    }
    return items;
  }

  json::value object(const json::value& value, const NamedType& type, const Step* path) {
    if (!value.is_object()) {
      refuse(value, path, "Expected type " + in_quotes(type.name) + " to be an object.");
      return nullptr;
    }
    const json::object& given = value.get_object();
    json::object members;
    std::size_t known = 0;
    for (const InputValue& field : type.input_fields) {
      if (is_full) return nullptr;
      if (const json::value* const member = given.if_contains(field.name)) {
        ++known;
        const Step step{.before = path, .field = field.name};
        members.emplace(field.name_in_source(), coerce(*member, field.type, &step));
      } else if (field.default_value != nullptr) {
        fill_in(field, value, members, path);
      } else if (field.type.is_non_null()) {
        refuse(value, path,
               "Field " + in_quotes(field.name) + " of required type " + in_quotes(types.to_string(field.type)) +
                   " was not provided.");
      }
    }
    if (known < given.size()) refuse_unknown(value, type, path);
    if (type.is_one_of) check_one_of(value, type, known, path);
    return members;
  }

  void fill_in(const InputValue& field, const json::value& value, json::object& members, const Step* path) {
    if (std::optional<json::value> filled = coerce_default(types, *field.default_value, field.type))
      members.emplace(field.name_in_source(), std::move(*filled));
    else
      refuse(value, path, "The default value of field " + in_quotes(field.name) + " is out of range.");
  }

  void refuse_unknown(const json::value& value, const NamedType& type, const Step* path) {
    for (const auto& member : value.get_object()) {
      if (is_full) return;
      const std::string_view key = member.key();
      if (type.input_field(key) != nullptr) continue;
      refuse(value, path,
             "Field " + in_quotes(shortened(key)) + " is not defined by type " + in_quotes(type.name) + "." +
                 suggest(key, type.input_fields));
    }
  }

  void check_one_of(const json::value& value, const NamedType& type, std::size_t known, const Step* path) {
    if (known != 1)
      refuse(value, path, "Exactly one key must be specified for OneOf type " + in_quotes(type.name) + ".");
    // Of several the first of the type is looked at.
    for (const InputValue& field : type.input_fields) {
      if (const json::value* const member = value.get_object().if_contains(field.name)) {
        const Step step{.before = path, .field = field.name};
        if (member->is_null()) refuse(nullptr, &step, "Field " + in_quotes(field.name) + " must be non-null.");
        return;
      }
    }
  }

  json::value enumeration(const json::value& value, const NamedType& type, const Step* path) {
    if (!value.is_string()) {
      const std::string shown = inspect(value);
      refuse(value, path,
             "Enum " + in_quotes(type.name) + " cannot represent non-string value: " + shown + "." +
                 suggest(shown, type.enum_values, "the enum value"));
      return nullptr;
    }
    const std::string_view text = value.get_string();
    if (const EnumValue* const known = type.enum_value(text)) return json::value(known->name_in_source());
    refuse(value, path,
           "Value " + in_quotes(shortened(text)) + " does not exist in " + in_quotes(type.name) + " enum." +
               suggest(text, type.enum_values, "the enum value"));
    return nullptr;
  }

  json::value scalar(const json::value& value, const NamedType& type, const Step* path) {
    if (type.accepts_value) {
      if (const auto taken = type.accepts_value(value); !taken) {
        refuse(value, path,
               taken.error().empty() ? "Expected type " + in_quotes(type.name) + "."
                                     : shortened(taken.error(), longest_sentence));
        return nullptr;
      }
    }
    return normalised(type.id, value);
  }

  void define(const json::object& given, json::object& values) {
    const std::string_view key = variable->name.text;
    const TypeRef type = type_from_node(types, *variable->type);
    if (!type.is_known() || !types.type(type).is_input())
      return report("Variable " + name() + " expected value of type " + in_quotes(print_type(*variable->type)) +
                        " which cannot be used as an input type.",
                    variable->type->at);
    const json::value* const value = given.if_contains(key);
    if (value == nullptr) {
      if (variable->default_value != nullptr)
        define_default(type, values);
      else if (type.is_non_null())
        report("Variable " + name() + " of required type " + in_quotes(types.to_string(type)) + " was not provided.",
               variable->at);
    } else if (value->is_null() && type.is_non_null()) {
      report("Variable " + name() + " of non-null type " + in_quotes(types.to_string(type)) + " must not be null.",
             variable->at);
    } else {
      values.insert_or_assign(key, coerce(*value, type, nullptr));
    }
  }

  void define_default(TypeRef type, json::object& values) {
    if (std::optional<json::value> value = coerce_default(types, *variable->default_value, type))
      values.insert_or_assign(variable->name.text, std::move(*value));
    else
      report("Variable " + name() + " has a default value that is no " + in_quotes(types.to_string(type)) + ".",
             variable->default_value->at);
  }
};

struct ArgumentCoercion {
  const TypeSystem& types;
  const Document& document;
  const Variables& variables;
  VariableValues copies;
  json::object values{};

  std::unexpected<ResponseError> refuse(const InputValue& argument, const std::string& sentence, Offset at) const {
    return std::unexpected(ResponseError{.message = "Argument " + in_quotes(argument.name) + sentence,
                                         .locations = {document.location(at)},
                                         .extensions = bad_user_input()});
  }

  std::string of_type(std::string_view what, const InputValue& argument) const {
    return " of " + std::string(what) + " type " + in_quotes(types.to_string(argument.type));
  }

  // Where nothing is given, or a variable that is not provided: the sentence says which.
  std::expected<void, ResponseError> leave_out(const InputValue& argument, const std::string& sentence, Offset at) {
    if (argument.default_value != nullptr) {
      std::optional<json::value> value = coerce_default(types, *argument.default_value, argument.type);
      if (!value) return refuse(argument, " has a default value that is out of range.", at);
      values.emplace(argument.name_in_source(), std::move(*value));
    } else if (argument.type.is_non_null()) {
      return refuse(argument, of_type("required", argument) + sentence, at);
    }
    return {};
  }

  std::expected<void, ResponseError> add(const InputValue& argument, const Value& given) {
    const bool is_variable = given.kind == Value::Kind::variable;
    const json::value* const variable = is_variable ? variables.find(given.text) : nullptr;
    if (is_variable && variable == nullptr)
      return leave_out(
          argument,
          " was provided the variable \"$" + std::string(given.text) + "\" which was not provided a runtime value.",
          given.at);
    const bool is_null = is_variable ? variable->is_null() : given.kind == Value::Kind::null;
    if (is_null && argument.type.is_non_null())
      return refuse(argument, of_type("non-null", argument) + " must not be null.", given.at);
    std::optional<json::value> value = coerce_literal(types, given, argument.type, copies);
    if (copies.has_run_out)
      return refuse(argument, " repeats the values of variables until they are too large.", given.at);
    if (!value) return refuse(argument, " has invalid value " + print_literal(given, longest_shown) + ".", given.at);
    values.emplace(argument.name_in_source(), std::move(*value));
    return {};
  }
};

}  // namespace

std::expected<Variables, std::vector<ResponseError>> coerce_variables(const TypeSystem& types, const Document& document,
                                                                      const OperationDefinition& operation,
                                                                      const json::object& given, std::size_t max_errors,
                                                                      Suggestions suggestions) {
  VariableCoercion coercion{.types = types, .max_errors = max_errors, .suggestions = suggestions};
  Variables variables;
  for (const VariableDefinition& variable : operation.variables) {
    coercion.variable = &variable;
    coercion.define(given, variables.values);
    if (coercion.is_full) break;
  }
  if (!coercion.errors.empty()) {
    const std::vector<Location> locations = document.locations(coercion.places);
    for (std::size_t i = 0; i < locations.size(); ++i) coercion.errors[i].locations = {locations[i]};
    return std::unexpected(std::move(coercion.errors));
  }
  for (const auto& member : variables.values)
    variables.size_in_memory += size_in_memory(member.value(), std::numeric_limits<std::size_t>::max());
  return variables;
}

std::expected<json::object, ResponseError> coerce_arguments(const TypeSystem& types, const Document& document,
                                                            std::span<const InputValue> definitions,
                                                            std::span<const Argument> given, Offset at,
                                                            const Variables& variables) {
  ArgumentCoercion coercion{.types = types,
                            .document = document,
                            .variables = variables,
                            .copies = {variables.values, most_repeated_bytes + variables.size_in_memory}};
  for (const InputValue& argument : definitions) {
    const auto found = std::ranges::find(given, argument.name, [](const Argument& one) { return one.name.text; });
    const auto added = found == given.end() ? coercion.leave_out(argument, " was not provided.", at)
                                            : coercion.add(argument, found->value);
    if (!added) return std::unexpected(added.error());
  }
  return std::move(coercion.values);
}

}  // namespace bailey::graphql
