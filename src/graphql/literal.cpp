// Literals. Recursion here is as deep as the literal, which the parser bounds.
#include <graphql/literal.hpp>

#include <graphql/lexer.hpp>
#include <graphql/literal_json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace bailey::graphql {

namespace {

constexpr std::size_t most_in_message = 1000;

using Check = std::expected<void, std::string>;

void print_string(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  out += '"';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        // The second row of control characters, U+0080 to U+009F, has two bytes, the latter of which is the code.
        const bool is_latin = c == '\xc2' && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0;
        if (is_latin) ++at;
        const auto code = static_cast<unsigned char>(text[at]);
        if (code < 0x20 || code == 0x7f || is_latin) {
          out += "\\u00";
          out += hex[code >> 4];
          out += hex[code & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void print(std::string& out, const Value& value, std::size_t max_length) {
  if (out.size() > max_length) return;
  switch (value.kind) {
    case Value::Kind::variable:
      out += '$';
      out += value.text;
      break;
    case Value::Kind::integer:
    case Value::Kind::real:
    case Value::Kind::enumeration: out += value.text; break;
    case Value::Kind::string: print_string(out, value.text); break;
    case Value::Kind::boolean: out += value.is_true ? "true" : "false"; break;
    case Value::Kind::null: out += "null"; break;
    case Value::Kind::list:
      out += '[';
      for (bool first = true; const Value& item : value.items) {
        if (!first) out += ", ";
        first = false;
        print(out, item, max_length);
        if (out.size() > max_length) return;
      }
      out += ']';
      break;
    case Value::Kind::object:
      out += '{';
      for (bool first = true; const ObjectField& field : value.fields) {
        if (!first) out += ", ";
        first = false;
        out += field.name.text;
        out += ": ";
        print(out, field.value, max_length);
        if (out.size() > max_length) return;
      }
      out += '}';
      break;
  }
}

std::string shown(const Value& value) { return print_literal(value, most_in_message); }

Check check_int(const Value& value) {
  if (value.kind != Value::Kind::integer)
    return std::unexpected("Int cannot represent non-integer value: " + shown(value));
  std::int32_t number = 0;
  const char* const end = value.text.data() + value.text.size();
  const auto [stop, error] = std::from_chars(value.text.data(), end, number);
  if (error == std::errc() && stop == end) return {};
  return std::unexpected("Int cannot represent non 32-bit signed integer value: " + shown(value));
}

Check check_float(const Value& value) {
  if (value.kind == Value::Kind::integer || value.kind == Value::Kind::real) return {};
  return std::unexpected("Float cannot represent non numeric value: " + shown(value));
}

Check check_string(const Value& value) {
  if (value.kind == Value::Kind::string) return {};
  return std::unexpected("String cannot represent a non string value: " + shown(value));
}

Check check_boolean(const Value& value) {
  if (value.kind == Value::Kind::boolean) return {};
  return std::unexpected("Boolean cannot represent a non boolean value: " + shown(value));
}

Check check_id(const Value& value) {
  if (value.kind == Value::Kind::string || value.kind == Value::Kind::integer) return {};
  return std::unexpected("ID cannot represent a non-string and non-integer value: " + shown(value));
}

Check not_of(const TypeSystem& types, const Value& value, TypeRef type) {
  return std::unexpected("Expected value of type \"" + types.to_string(type) + "\", found " + shown(value) + ".");
}

Check check_object(const TypeSystem& types, const Value& value, const NamedType& object) {
  for (const ObjectField& field : value.fields) {
    const InputValue* const definition = object.input_field(field.name.text);
    if (definition == nullptr)
      return std::unexpected("Field \"" + shortened(field.name.text) + "\" is not defined by type \"" + object.name +
                             "\".");
    if (Check fits = check_constant(types, field.value, definition->type); !fits) return fits;
  }
  const auto given = [&](const InputValue& field) {
    return std::ranges::find(value.fields, field.name, [](const ObjectField& one) { return one.name.text; }) !=
           value.fields.end();
  };
  for (const InputValue& field : object.input_fields)
    if (field.is_required() && !given(field))
      return std::unexpected("Field \"" + object.name + "." + field.name + "\" of required type \"" +
                             types.to_string(field.type) + "\" was not provided.");
  if (!object.is_one_of) return {};
  if (value.fields.size() != 1)
    return std::unexpected("OneOf Input Object \"" + object.name + "\" must specify exactly one key.");
  if (value.fields[0].value.kind == Value::Kind::null)
    return std::unexpected("Field \"" + object.name + "." + std::string(value.fields[0].name.text) +
                           "\" must be non-null.");
  return {};
}

// What a variable stands for in it is known, and looked at, only when it is coerced.
Check check_scalar(const NamedType& scalar, const Value& value) {
  if (scalar.accepts_literal) return scalar.accepts_literal(value);
  if (!scalar.accepts_value || has_variable(value)) return {};
  const json::object none;
  VariableValues variables{none};
  const std::optional<json::value> known = literal_json(value, variables);
  return known ? scalar.accepts_value(*known) : std::unexpected(std::string());
}

}  // namespace

std::string print_literal(const Value& value, std::size_t max_length) {
  std::string out;
  print(out, value, max_length);
  if (out.size() > max_length) {
    // Not in the middle of a character.
    while (max_length > 0 && (static_cast<unsigned char>(out[max_length]) & 0xc0) == 0x80) --max_length;
    out.resize(max_length);
    out += "…";
  }
  return out;
}

LiteralCheck built_in_check(TypeId scalar) {
  constexpr std::array checks = {check_int, check_float, check_string, check_boolean, check_id};
  return checks[scalar];
}

Check check_leaf(const NamedType& leaf, const Value& value) {
  if (leaf.kind == TypeKind::scalar) return check_scalar(leaf, value);
  if (value.kind != Value::Kind::enumeration)
    return std::unexpected("Enum \"" + leaf.name + "\" cannot represent non-enum value: " + shown(value) + ".");
  if (leaf.enum_value(value.text) != nullptr) return {};
  return std::unexpected("Value \"" + shortened(value.text) + "\" does not exist in \"" + leaf.name + "\" enum.");
}

Check check_constant(const TypeSystem& types, const Value& value, TypeRef type) {
  if (value.kind == Value::Kind::null) return type.is_non_null() ? not_of(types, value, type) : Check();
  const TypeRef bare = type.nullable();
  if (bare.is_list()) {
    if (value.kind != Value::Kind::list) return check_constant(types, value, bare.inner());
    for (const Value& item : value.items)
      if (Check fits = check_constant(types, item, bare.inner()); !fits) return fits;
    return {};
  }
  const NamedType& named = types.type(bare);
  if (named.kind == TypeKind::input_object)
    return value.kind == Value::Kind::object ? check_object(types, value, named) : not_of(types, value, type);
  if (value.kind == Value::Kind::variable) return not_of(types, value, type);
  Check fits = check_leaf(named, value);
  return !fits && fits.error().empty() ? not_of(types, value, type) : fits;
}

}  // namespace bailey::graphql
