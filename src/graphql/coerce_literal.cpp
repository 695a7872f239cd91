// Recursion here is as deep as the literal, which the parser bounds, and as the default values of input objects, which
// the checks of a schema keep from leading back to themselves.
#include <graphql/coerce_literal.hpp>

#include <graphql/literal.hpp>

#include <utility>
#include <vector>

namespace bailey::graphql {

namespace {

using Result = std::optional<json::value>;

struct LiteralCoercion {
  const TypeSystem& types;
  VariableValues& variables;

  [[nodiscard]] bool is_missing(const Value& literal) const {
    return literal.kind == Value::Kind::variable && !variables.values.contains(literal.text);
  }

  Result coerce(const Value& literal, TypeRef type) {
    if (literal.kind == Value::Kind::variable) {
      // Coerced already, to a type that may stand here.
      Result value = variables.copy(literal.text);
      return value && value->is_null() && type.is_non_null() ? std::nullopt : value;
    }
    if (literal.kind == Value::Kind::null) return type.is_non_null() ? Result() : json::value(nullptr);
    const TypeRef bare = type.nullable();
    if (bare.is_list()) return list(literal, bare.inner());
    const NamedType& named = types.type(bare);
    return named.kind == TypeKind::input_object ? object(literal, named) : leaf(literal, named);
  }

  Result list(const Value& literal, TypeRef item_type) {
    json::array items;
    if (literal.kind != Value::Kind::list) {
      Result item = coerce(literal, item_type);
      if (!item) return std::nullopt;
      items.push_back(std::move(*item));
      return json::value(std::move(items));
    }
    items.reserve(literal.items.size());
    for (const Value& one : literal.items) {
      const bool is_null = is_missing(one);
      if (is_null && item_type.is_non_null()) return std::nullopt;
      Result item = is_null ? json::value(nullptr) : coerce(one, item_type);
      if (!item) return std::nullopt;
      items.push_back(std::move(*item));
    }
    return json::value(std::move(items));
  }

  Result object(const Value& literal, const NamedType& type) {
    if (literal.kind != Value::Kind::object) return std::nullopt;
    std::vector<const Value*> given(type.input_fields.size());
    for (const ObjectField& field : literal.fields) {
      const InputValue* const known = type.input_field(field.name.text);
      if (known == nullptr) return std::nullopt;
      given[static_cast<std::size_t>(known - type.input_fields.data())] = &field.value;
    }
    json::object members;
    for (std::size_t i = 0; i < given.size(); ++i) {
      const InputValue& field = type.input_fields[i];
      Result value;
      if (given[i] != nullptr && !is_missing(*given[i]))
        value = coerce(*given[i], field.type);
      else if (field.default_value != nullptr)
        value = coerce_default(types, *field.default_value, field.type);
      else if (!field.type.is_non_null())
        continue;
      if (!value) return std::nullopt;
      members.emplace(field.name_in_source(), std::move(*value));
    }
    if (type.is_one_of && (members.size() != 1 || members.begin()->value().is_null())) return std::nullopt;
    return json::value(std::move(members));
  }

  Result leaf(const Value& literal, const NamedType& type) {
    if (!type.is_leaf() || !check_leaf(type, literal)) return std::nullopt;
    if (type.kind == TypeKind::enumeration) return json::value(type.enum_value(literal.text)->name_in_source());
    switch (type.id) {
      case float_type: {
        const std::optional<double> number = parse_real(literal.text);
        return number ? json::value(*number) : Result();
      }
      case id_type: return json::value(literal.text);
      default: break;
    }
    Result value = literal_json(literal, variables);
    // With what its variables stand for; without any it has been checked above.
    if (value && !type.accepts_literal && type.accepts_value && has_variable(literal) && !type.accepts_value(*value))
      return std::nullopt;
    return value;
  }
};

}  // namespace

std::optional<json::value> coerce_literal(const TypeSystem& types, const Value& literal, TypeRef type,
                                          VariableValues& variables) {
  return LiteralCoercion{types, variables}.coerce(literal, type);
}

std::optional<json::value> coerce_default(const TypeSystem& types, const Value& literal, TypeRef type) {
  const json::object none;
  VariableValues variables{none};
  return coerce_literal(types, literal, type, variables);
}

}  // namespace bailey::graphql
