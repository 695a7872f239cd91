// Recursion here is as deep as the literal, which the parser bounds.
#include <graphql/literal_json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace bailey::graphql {

namespace {

template <class Number>
std::optional<Number> read(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// Of a number that a double cannot hold: whether it is too large, not too small. What decides is where its first digit
// stands that is not 0.
bool is_too_large(std::string_view text) {
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = mantissa.find_first_of("123456789");
  if (first == mantissa.npos) return false;
  const auto magnitude = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  if (e == text.size()) return magnitude > 0;
  std::string_view power = text.substr(e + 1);
  if (power.starts_with('+')) power.remove_prefix(1);
  const auto exponent = read<std::int64_t>(power);
  // An exponent that no integer holds outweighs all the digits that a document can have.
  return exponent ? *exponent > -magnitude : !power.starts_with('-');
}

}  // namespace

std::size_t size_in_memory(const json::value& value, std::size_t bound) {
  std::size_t size = sizeof(json::value);
  if (value.is_string()) {
    size += value.get_string().size();
  } else if (value.is_array()) {
    for (const json::value& item : value.get_array()) {
      if (size > bound) break;
      size += size_in_memory(item, bound - size);
    }
  } else if (value.is_object()) {
    for (const auto& member : value.get_object()) {
      if (size > bound) break;
      size += sizeof(json::key_value_pair) + member.key().size();
      if (size <= bound) size += size_in_memory(member.value(), bound - size);
    }
  }
  return size;
}

std::optional<json::value> VariableValues::copy(std::string_view name) {
  const json::value* const value = values.if_contains(name);
  if (value == nullptr || has_run_out) return std::nullopt;
  const std::size_t size = size_in_memory(*value, bytes_left);
  if (size > bytes_left) {
    has_run_out = true;
    return std::nullopt;
  }
  bytes_left -= size;
  return *value;
}

std::optional<double> parse_real(std::string_view text) {
  if (const auto number = read<double>(text)) return number;
  return is_too_large(text) ? std::nullopt : std::optional(0.0);
}

bool has_variable(const Value& literal) {
  return literal.kind == Value::Kind::variable || std::ranges::any_of(literal.items, has_variable) ||
         std::ranges::any_of(literal.fields, [](const ObjectField& field) { return has_variable(field.value); });
}

std::optional<json::value> literal_json(const Value& literal, VariableValues& variables) {
  switch (literal.kind) {
    case Value::Kind::variable: return variables.copy(literal.text);
    case Value::Kind::integer:
      if (const auto number = read<std::int64_t>(literal.text)) return json::value(*number);
      if (const auto number = read<std::uint64_t>(literal.text)) return json::value(*number);
      [[fallthrough]];
    case Value::Kind::real:
      if (const auto number = parse_real(literal.text)) return json::value(*number);
      return std::nullopt;
    case Value::Kind::string:
    case Value::Kind::enumeration: return json::value(literal.text);
    case Value::Kind::boolean: return json::value(literal.is_true);
    case Value::Kind::null: return json::value(nullptr);
    case Value::Kind::list: {
      json::array items;
      items.reserve(literal.items.size());
      for (const Value& item : literal.items) {
        std::optional<json::value> value = literal_json(item, variables);
        if (!value && item.kind != Value::Kind::variable) return std::nullopt;
        items.push_back(value ? std::move(*value) : json::value(nullptr));
      }
      return json::value(std::move(items));
    }
    case Value::Kind::object: {
      json::object members;
      for (const ObjectField& field : literal.fields) {
        std::optional<json::value> value = literal_json(field.value, variables);
        if (value)
          members.insert_or_assign(field.name.text, std::move(*value));
        else if (field.value.kind != Value::Kind::variable)
          return std::nullopt;
      }
      return json::value(std::move(members));
    }
  }
  return std::nullopt;
}

}  // namespace bailey::graphql
