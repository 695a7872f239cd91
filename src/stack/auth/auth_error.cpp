#include "stack/auth/auth_error.hpp"

#include <bailey/base/log.hpp>
#include <bailey/model/encode.hpp>
#include <bailey/pg/sql_error.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

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
bool speaks_new_version(const Request& request) {
  const auto version = request.header(version_header);
  return version && is_date(*version) && *version >= new_version;
}

// Whether a statement of ours was given a value that the database cannot hold, a text too long or a NUL in JSON. The
// same codes from within a trigger are the trigger's fault: such have a context.
bool is_value_refused(const pg::SqlError& failure) {
  if (failure.sqlstate() == "22P05") return true;
  return failure.sqlstate().starts_with("22") && failure.fields().context.empty();
}

bool is_conflict(std::string_view sqlstate) {
  return sqlstate == "55P03" || sqlstate == "40P01" || sqlstate == "40001";
}

// Of the errors that GoTrue passes on: P0001, most of class 23, and PTxyz with a status of the trigger's choosing.
std::optional<DatabaseWords> words_of(const pg::SqlError& failure) {
  constexpr std::array<std::string_view, 8> passed_on{"P0001", "23000", "23001", "23502",
                                                      "23503", "23505", "23514", "23P01"};
  DatabaseWords words{.sqlstate = failure.sqlstate(), .message = failure.message(), .hint = failure.hint()};
  if (const std::string_view code = words.sqlstate; code.starts_with("PT")) {
    const auto [end, error] = std::from_chars(code.data() + 2, code.data() + code.size(), words.http_status);
    if (error != std::errc() || end != code.data() + code.size()) return std::nullopt;
    if (words.http_status < 400 || words.http_status > 599) return std::nullopt;
  } else if (std::ranges::find(passed_on, code) == passed_on.end()) {
    return std::nullopt;
  }
  // "Failing row contains (…)" is a row of auth.users, its hashes too.
  if (words.sqlstate != "23502" && words.sqlstate != "23514") words.detail = failure.detail();
  return words;
}

template <class T>
http::Response json_response(int status, const T& body) {
  return http::Response::json(status, encode(body));
}

// "" is left out.
Maybe<std::string> unless_empty(const std::string& text) {
  return text.empty() ? Maybe<std::string>() : Maybe<std::string>(text);
}

struct Words {
  std::string code, message;
  Maybe<std::string> hint, detail;
};

struct Rules {
  std::vector<std::string> reasons;
};
struct NewForm {
  std::string code, message;
  Maybe<Rules> weak_password;
};
struct OldForm {
  int code = 0;
  std::string error_code, msg;
  Maybe<std::string> error_id;
  Maybe<Rules> weak_password;
};

}  // namespace

http::Response to_response(const AuthError& error, const Request& request) {
  const bool modern = speaks_new_version(request);
  if (!modern && error.database_words()) {
    const DatabaseWords& words = *error.database_words();
    http::Response response = json_response(words.http_status, Words{.code = words.sqlstate,
                                                                     .message = words.message,
                                                                     .hint = unless_empty(words.hint),
                                                                     .detail = unless_empty(words.detail)});
    response.headers.set("x-sb-error-code", "unexpected_failure");
    return response;
  }
  Maybe<Rules> rules;
  if (const auto* weak = dynamic_cast<const WeakPassword*>(&error)) rules = Rules{weak->reasons()};
  if (modern) {
    http::Response response = json_response(error.http_status(), NewForm{error.code(), error.message(), rules});
    response.headers.set(version_header, new_version);
    if (!rules.has_value()) response.headers.set("x-sb-error-code", error.code());
    return response;
  }
  OldForm body{.code = error.http_status(), .error_code = error.code(), .msg = error.message(), .weak_password = rules};
  if (error.http_status() >= 500) body.error_id = std::string(request.id());
  http::Response response = json_response(error.http_status(), body);
  response.headers.set("x-sb-error-code", error.code());
  return response;
}

AuthError translate(const std::exception& failure, const Request& request, std::string_view database_sentence) {
  if (const auto* known = dynamic_cast<const AuthError*>(&failure)) return *known;
  if (const auto* sql = dynamic_cast<const pg::SqlError*>(&failure)) {
    if (is_value_refused(*sql)) return {400, "validation_failed", "A value cannot be stored"};
    const bool conflict = is_conflict(sql->sqlstate());
    // Here, as who throws the translation leaves nothing else of it to be logged.
    log::write(conflict ? log::Level::warning : log::Level::error, "auth: the database refused a statement",
               {{"request", request.id()}, {"sqlstate", sql->sqlstate()}, {"reason", sql->message()}});
    if (conflict) return {409, "conflict", "Too many concurrent requests for the same session, please try again"};
    return {500, "unexpected_failure", std::string(database_sentence), words_of(*sql)};
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
  return {500, "unexpected_failure", std::string(unexpected_failure)};
}

}  // namespace bailey::stack::auth
