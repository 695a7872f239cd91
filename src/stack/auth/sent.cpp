#include "stack/auth/sent.hpp"

#include "stack/auth/auth_error.hpp"

namespace bailey::stack::auth {
namespace {

constexpr std::size_t depth_limit = 32;

[[noreturn]] void refuse(std::string_view why) {
  throw AuthError(400, "bad_json", "Could not parse request body as JSON: " + std::string(why));
}

std::string_view wanted(std::string_view error_type) {
  if (error_type == "string_type") return "a string";
  if (error_type == "bool_type") return "true or false";
  if (error_type == "dict_type") return "an object";
  return {};
}

}  // namespace

json::value parse_sent(std::string_view text, EmptyBody empty) {
  if (text.empty() && empty == EmptyBody::allowed) return json::object();
  if (text.empty()) refuse("unexpected end of JSON input");
  auto document = try_parse_json(text, {.depth = depth_limit});
  if (!document) refuse(document.error().reason);
  if (document->is_null()) return json::object();
  if (!document->is_object()) refuse("it must be an object");
  return *std::move(document);
}

void refuse_sent(const ValidationErrors& errors) {
  const ValidationError& first = errors.entries.front();
  std::string place;
  for (const auto& step : first.loc) {
    if (!place.empty()) place += '.';
    if (const auto* name = std::get_if<std::string>(&step)) place += *name;
    if (const auto* index = std::get_if<std::int64_t>(&step)) place += std::to_string(*index);
  }
  const std::string_view type = wanted(first.type);
  refuse(type.empty() ? place + ": " + first.msg : place + " must be " + std::string(type));
}

void require_no_nul(std::string_view member, std::string_view text) {
  if (text.contains('\0')) refuse(std::string(member) + " must be a string without NUL characters");
}

}  // namespace bailey::stack::auth
