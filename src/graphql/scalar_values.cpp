#include <graphql/scalar_values.hpp>

#include <graphql/inspect.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

namespace bailey::graphql {

namespace {

using Check = std::expected<void, std::string>;

Check refused(std::string_view sentence, const json::value& value) {
  return std::unexpected(std::string(sentence) + inspect(value));
}

bool is_whole(const json::value& value) {
  if (value.is_int64() || value.is_uint64()) return true;
  return value.is_double() && std::isfinite(value.get_double()) && std::trunc(value.get_double()) == value.get_double();
}

Check check_int(const json::value& value) {
  if (!is_whole(value)) return refused("Int cannot represent non-integer value: ", value);
  using Limits = std::numeric_limits<std::int32_t>;
  const auto number = value.to_number<double>();
  if (number >= Limits::min() && number <= Limits::max()) return {};
  return refused("Int cannot represent non 32-bit signed integer value: ", value);
}

Check check_float(const json::value& value) {
  if (value.is_number() && std::isfinite(value.to_number<double>())) return {};
  return refused("Float cannot represent non numeric value: ", value);
}

Check check_string(const json::value& value) {
  if (value.is_string()) return {};
  return refused("String cannot represent a non string value: ", value);
}

Check check_boolean(const json::value& value) {
  if (value.is_bool()) return {};
  return refused("Boolean cannot represent a non boolean value: ", value);
}

Check check_id(const json::value& value) {
  if (value.is_string() || is_whole(value)) return {};
  return refused("ID cannot represent value: ", value);
}

}  // namespace

ValueCheck built_in_value_check(TypeId scalar) {
  constexpr std::array checks = {check_int, check_float, check_string, check_boolean, check_id};
  return checks[scalar];
}

json::value normalised(TypeId scalar, const json::value& value) {
  switch (scalar) {
    case int_type: return value.is_double() ? json::value(static_cast<std::int64_t>(value.get_double())) : value;
    case float_type: return value.to_number<double>();
    case id_type:
      // As it is written, however long: a number of 64 bits is not rounded.
      return value.is_string() ? value : json::value(inspect(value));
    default: return value;
  }
}

}  // namespace bailey::graphql
