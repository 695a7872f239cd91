#include "supabase/query_error.hpp"

#include <bailey/model/json.hpp>

namespace bailey::client_detail {

namespace {

constexpr std::size_t foreign_text_limit_bytes = 1024;

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return {};
  if (value->is_string()) return std::string(value->get_string());
  return to_json_text(*value);
}

}  // namespace

PostgrestError not_utf8(std::string_view where) {
  return {"22021", "invalid byte sequence for encoding \"UTF8\"", 400, std::string(where) + ": not UTF-8"};
}

PostgrestError to_error(const query::RestError& error) {
  return {error.code(), error.message(), error.http_status(), error.details().value_or(""), error.hint().value_or("")};
}

// A redirect, which is not followed, is no status to answer our own caller with.
PostgrestError to_error(const query::ApiResponse& response) {
  const int status = response.status < 400 ? 502 : response.status;
  const auto parsed = try_parse_json(response.body);
  if (parsed && parsed->is_object()) {
    const json::object& object = parsed->get_object();
    std::string code = text_of(object, "code");
    std::string message = text_of(object, "message");
    if (!message.empty())
      return {code.empty() ? std::to_string(response.status) : std::move(code), std::move(message), status,
              text_of(object, "details"), text_of(object, "hint")};
  }
  return {std::to_string(response.status), "The server answered with status " + std::to_string(response.status) + ".",
          status, response.body.substr(0, foreign_text_limit_bytes)};
}

}  // namespace bailey::client_detail
