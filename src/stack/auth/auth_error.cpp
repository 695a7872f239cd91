#include "stack/auth/auth_error.hpp"

#include <bailey/base/log.hpp>
#include <bailey/pg/sql_error.hpp>

#include "stack/auth/json_writer.hpp"

namespace bailey::stack::auth {
namespace {

constexpr std::string_view version_header = "X-Supabase-Api-Version";
constexpr std::string_view new_version = "2024-01-01";

bool is_date(std::string_view text) {
  if (text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 4 || i == 7;
    if (hyphen ? text[i] != '-' : (text[i] < '0' || text[i] > '9')) return false;
  }
  return true;
}

// Whether the client speaks the API version of 2024-01-01 or later.
bool speaks_new_version(const http::Request& request) {
  const auto version = request.header(version_header);
  return version && is_date(*version) && *version >= new_version;
}

}  // namespace

http::Response to_response(const AuthError& error, const http::Request& request) {
  const bool modern = speaks_new_version(request);
  const auto* weak = dynamic_cast<const WeakPassword*>(&error);
  JsonObjectWriter body;
  if (modern) {
    body.text("code", error.code()).text("message", error.message());
  } else {
    body.number("code", error.http_status()).text("error_code", error.code()).text("msg", error.message());
    if (error.http_status() >= 500) body.text("error_id", http::to_hex(request.id()));
  }
  if (weak != nullptr) body.raw("weak_password", R"({"reasons":)" + json_texts(weak->reasons()) + "}");
  http::Response response = http::Response::json(error.http_status(), std::move(body).finish());
  if (modern) response.headers.set(version_header, new_version);
  if (weak == nullptr || !modern) response.headers.set("x-sb-error-code", error.code());
  return response;
}

AuthError translate(const std::exception& failure, const http::Request& request, std::string_view sentence) {
  if (const auto* known = dynamic_cast<const AuthError*>(&failure)) return *known;
  if (const auto* sql = dynamic_cast<const pg::SqlError*>(&failure)) {
    if (sql->sqlstate().starts_with("22")) return {400, "validation_failed", "A value cannot be stored"};
    if (sql->sqlstate() == "55P03" || sql->sqlstate() == "40P01" || sql->sqlstate() == "40001") {
      return {409, "conflict", "Too many concurrent requests for the same session, please try again"};
    }
    log::error("auth: the database refused a statement",
               {{"request", http::to_hex(request.id())}, {"sqlstate", sql->sqlstate()}, {"reason", sql->message()}});
    return {500, "unexpected_failure", std::string(sentence)};
  }
  if (const auto* error = dynamic_cast<const Error*>(&failure)) {
    if (error->http_status() == 413) return {413, "request_entity_too_large", "Request body too large"};
    if (error->http_status() == 503 || error->http_status() == 504) {
      return {error->http_status(), "unexpected_failure", error->message()};
    }
    if (error->http_status() >= 400 && error->http_status() < 500) {
      return {error->http_status(), "validation_failed", error->message()};
    }
  }
  log::error("auth: a request failed", {{"request", http::to_hex(request.id())}, {"reason", failure.what()}});
  return {500, "unexpected_failure", std::string(sentence)};
}

}  // namespace bailey::stack::auth
