#include "stack/auth/json_body.hpp"

#include <algorithm>
#include <cmath>

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

namespace json = boost::json;

[[noreturn]] void refuse(std::string message) { throw AuthError(400, "bad_json", std::move(message)); }

[[noreturn]] void refuse_type(std::string_view name, std::string_view expected) {
  std::string message = "Could not parse request body as JSON: ";
  message.append(name).append(" must be ").append(expected);
  refuse(std::move(message));
}

// Not so 1e400: the parser makes infinity of it, and of that a number that other parsers refuse in every token.
bool is_finite(const json::value& value) {
  if (const auto* number = value.if_double()) return std::isfinite(*number);
  if (const auto* list = value.if_array()) return std::ranges::all_of(*list, is_finite);
  if (const auto* object = value.if_object()) {
    return std::ranges::all_of(*object, [](const auto& member) { return is_finite(member.value()); });
  }
  return true;
}

}  // namespace

JsonBody JsonBody::parse(std::string_view text, Empty empty) {
  if (text.empty() && empty == Empty::allowed) return JsonBody({});
  boost::system::error_code failure;
  json::parse_options options;
  options.max_depth = 32;
  json::value value = json::parse(text, failure, {}, options);
  if (failure) refuse("Could not parse request body as JSON: " + failure.message());
  if (value.is_null()) return JsonBody({});
  if (!value.is_object()) refuse("Could not parse request body as JSON: it must be an object");
  return JsonBody(std::move(value.get_object()));
}

Task<JsonBody> JsonBody::read(http::Request& request, Empty empty) {
  const std::string_view text = co_await request.body(body_limit_bytes);
  co_return parse(text, empty);
}

const json::value* JsonBody::member(std::string_view name) const {
  const json::value* found = members_.if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::optional<std::string> JsonBody::text(std::string_view name) const {
  const json::value* found = member(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_string()) refuse_type(name, "a string");
  // PostgreSQL's texts hold no NUL, and bcrypt would stop at one.
  if (found->get_string().find('\0') != json::string::npos) refuse_type(name, "a string without NUL characters");
  return std::string(found->get_string());
}

std::optional<Secret> JsonBody::secret(std::string_view name) const {
  std::optional<std::string> value = text(name);
  if (!value) return std::nullopt;
  return Secret(std::move(*value));
}

std::optional<bool> JsonBody::flag(std::string_view name) const {
  const json::value* found = member(name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_bool()) refuse_type(name, "true or false");
  return found->get_bool();
}

const json::object* JsonBody::object(std::string_view name) const {
  const json::value* found = member(name);
  if (found == nullptr) return nullptr;
  if (!found->is_object()) refuse_type(name, "an object");
  if (!is_finite(*found)) refuse_type(name, "an object whose numbers are in the range of a double");
  return &found->get_object();
}

}  // namespace bailey::stack::auth
