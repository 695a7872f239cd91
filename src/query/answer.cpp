// Status, headers and body of an answer, from the query and the one row its statement yielded.
#include "query/answer.hpp"

#include "pg/response_limit.hpp"
#include "query/request_headers.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/query/compile.hpp>
#include <bailey/query/print.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace bailey::query {
namespace detail {
namespace {

namespace json = boost::json;

std::string content_type_of(const Media& media) {
  switch (media.form) {
    case Media::Form::csv: return "text/csv; charset=utf-8";
    case Media::Form::object:
      return media.nulls_stripped ? "application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8"
                                  : "application/vnd.pgrst.object+json; charset=utf-8";
    case Media::Form::array: break;
  }
  return media.nulls_stripped ? "application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8"
                              : "application/json; charset=utf-8";
}

std::string content_range(std::int64_t first, std::int64_t rows, const std::optional<std::int64_t>& total) {
  std::string range = "*";
  if (rows > 0 && total != 0) range = std::to_string(first) + '-' + std::to_string(first + rows - 1);
  return range + '/' + (total ? std::to_string(*total) : "*");
}

std::string applied_preferences(const ApiRequest& request, const AnswerContext& context) {
  const Preferences& preferences = request.preferences;
  std::string out;
  const auto add = [&](std::string_view token) {
    if (!out.empty()) out += ", ";
    out += token;
  };
  const bool mutates = request.kind != Kind::read;
  const bool takes_payload = request.kind == Kind::insert || request.kind == Kind::update;
  if (preferences.resolution && request.kind == Kind::insert && context.has_conflict_target) {
    add(token_of(*preferences.resolution));
  }
  if (preferences.missing && takes_payload) add(token_of(*preferences.missing));
  if (preferences.return_ && mutates) add(token_of(*preferences.return_));
  if (preferences.count) add(token_of(*preferences.count));
  if (preferences.transaction && context.transaction_override) add(token_of(*preferences.transaction));
  if (preferences.handling) add(token_of(*preferences.handling));
  if (preferences.timezone) add("timezone=" + *preferences.timezone);
  if (preferences.max_affected && preferences.handling == Preferences::Handling::strict &&
      (request.kind == Kind::update || request.kind == Kind::delete_)) {
    add("max-affected=" + std::to_string(*preferences.max_affected));
  }
  return out;
}

std::string location_of(const ApiRequest& request, std::string_view key_json) {
  std::string location = '/' + percent_encode(request.relation) + '?';
  const json::value document = json::parse(key_json);
  bool first = true;
  for (const auto& [name, value] : document.as_object()) {
    if (!first) location += '&';
    first = false;
    location += percent_encode(name) + '=';
    location += value.is_null() ? "is.null" : "eq." + percent_encode(std::string_view(value.as_string()));
  }
  return location;
}

void set_header(ApiResponse& response, std::string name, std::string value) {
  response.headers.emplace_back(std::move(name), std::move(value));
}

RestError single_row_error(std::int64_t rows) {
  return RestError(406, "PGRST116", "Cannot coerce the result to a single JSON object",
                   "The result contains " + std::to_string(rows) + " rows");
}

void answer_read(const ApiRequest& request, const Result& result, ApiResponse& response) {
  const std::int64_t offset = request.offset.value_or(0);
  set_header(response, "Content-Range", content_range(offset, result.page, result.total));
  if (!result.total) return;
  if (offset > *result.total) {
    const RestError error(416, "PGRST103", "Requested range not satisfiable",
                          "An offset of " + std::to_string(offset) + " was requested, but there are only " +
                              std::to_string(*result.total) + " rows.");
    response.status = 416;
    response.body = request.head_only ? std::string() : error.to_json();
  } else if (result.page < *result.total) {
    response.status = 206;
  }
}

void answer_mutation(const ApiRequest& request, const Result& result, ApiResponse& response) {
  const bool shows = request.preferences.return_ == Preferences::Return::representation;
  const bool inserts = request.kind == Kind::insert;
  response.status = shows ? 200 : 204;
  if (inserts) response.status = result.inserted == 0 ? 200 : 201;
  const std::int64_t rows = request.kind == Kind::update ? result.page : 0;
  set_header(response, "Content-Range", content_range(0, rows, result.total));
  if (inserts && result.location) set_header(response, "Location", location_of(request, *result.location));
  if (!shows) response.content_type.clear();
}

// 1xx comes before an answer and is none.
bool is_final(std::int64_t status) { return status >= 200 && status <= 599; }

// response.status and response.headers, as a function or trigger has set them.
std::optional<RestError> apply_overrides(const Result& result, ApiResponse& response) {
  if (result.response_status) {
    const std::string& text = *result.response_status;
    int status = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), status);
    if (problem != std::errc{} || end != text.data() + text.size() || !is_final(status)) {
      return RestError(500, "PGRST112", "response.status guc must be a valid status code");
    }
    response.status = status;
  }
  if (!result.response_headers) return std::nullopt;
  const RestError bad(
      500, "PGRST111",
      "response.headers guc must be a JSON array composed of objects with a single key and a string value");
  json::error_code problem;
  const json::value document = json::parse(*result.response_headers, problem);
  if (problem || !document.is_array()) return bad;
  std::vector<std::pair<std::string, std::string>> added;
  for (const json::value& entry : document.get_array()) {
    const auto* object = entry.if_object();
    if (object == nullptr || object->size() != 1 || !object->begin()->value().is_string()) return bad;
    added.emplace_back(object->begin()->key(), object->begin()->value().get_string());
  }
  for (const auto& [name, _] : added) {
    std::erase_if(response.headers, [&](const auto& own) { return ascii::equal_ignoring_case(own.first, name); });
  }
  for (auto& [name, value] : added) {
    if (ascii::equal_ignoring_case(name, "content-type")) {
      response.content_type = std::move(value);
    } else {
      set_header(response, std::move(name), std::move(value));
    }
  }
  return std::nullopt;
}

std::string_view text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

// RAISE SQLSTATE 'PGRST' with JSON in MESSAGE and DETAIL: the application's own answer.
ApiResponse answer_to_raise(const pg::SqlError& error) {
  const auto bad = [](std::string details) {
    return to_response(
        RestError(500, "PGRST121", "Could not parse JSON in the \"RAISE SQLSTATE 'PGRST'\" error", std::move(details),
                  "MESSAGE must be a JSON object with obligatory keys: 'code', 'message'; optional keys: 'details', "
                  "'hint'. DETAIL must be a JSON object with obligatory keys: 'status', 'headers'; optional key: "
                  "'status_text'."));
  };
  json::error_code problem;
  const json::value message = json::parse(error.message(), problem);
  const auto* body = message.if_object();
  if (problem || body == nullptr || text_of(*body, "code").empty() || body->if_contains("message") == nullptr) {
    return bad("Invalid JSON value for MESSAGE: '" + error.message() + "'");
  }
  if (error.detail().empty()) return bad("DETAIL is missing in the RAISE statement");
  const json::value detail = json::parse(error.detail(), problem);
  const auto* answer = problem ? nullptr : detail.if_object();
  const auto* status = answer == nullptr ? nullptr : answer->if_contains("status");
  const auto* headers = answer == nullptr ? nullptr : answer->if_contains("headers");
  if (status == nullptr || !status->is_int64() || !is_final(status->get_int64()) || headers == nullptr ||
      !headers->is_object()) {
    return bad("Invalid JSON value for DETAIL: '" + error.detail() + "'");
  }
  const auto optional = [&](std::string_view key) {
    const std::string_view text = text_of(*body, key);
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
  };
  ApiResponse response =
      to_response(RestError(static_cast<int>(status->get_int64()), std::string(text_of(*body, "code")),
                            std::string(text_of(*body, "message")), optional("details"), optional("hint")));
  for (const auto& [name, value] : headers->get_object()) {
    if (value.is_string()) set_header(response, name, std::string(value.get_string()));
  }
  return response;
}

}  // namespace

ApiResponse answer(const ApiRequest& request, const AnswerContext& context, Result result) {
  if (request.kind == Kind::read && request.media.form == Media::Form::object && result.page != 1) {
    return to_response(single_row_error(result.page));
  }
  ApiResponse response{
      .status = 200, .body = std::move(result.body), .content_type = content_type_of(request.media), .headers = {}};
  if (request.kind == Kind::read) {
    answer_read(request, result, response);
  } else {
    answer_mutation(request, result, response);
  }
  if (std::string applied = applied_preferences(request, context); !applied.empty()) {
    set_header(response, "Preference-Applied", std::move(applied));
  }
  if (!response.content_type.empty() && (request.schema || context.several_schemas)) {
    set_header(response, "Content-Profile", context.schema);
  }
  if (auto problem = apply_overrides(result, response)) return to_response(*problem);
  return response;
}

RestError unavailable(const Error& error) {
  if (error.code() == "database_unavailable") return RestError(503, "PGRST000", "Database connection error.");
  if (error.code() == "response_too_large") return RestError(error.http_status(), error.code(), error.message());
  if (error.code() == "role_not_allowed") return RestError(403, "42501", "permission denied to set role");
  if (error.http_status() == 503 && error.code() != "database_overloaded") {
    return RestError(503, "PGRST001", "Database client error. Retrying the connection.");
  }
  if (error.http_status() == 503 || error.http_status() == 504) {
    return RestError(504, "PGRST003", "Timed out acquiring connection from connection pool.");
  }
  return RestError(500, "PGRSTX00", "The query could not be run");
}

ApiResponse answer_to_error(const ApiRequest& request, const pg::SqlError& error, bool authenticated,
                            std::size_t response_limit_bytes) {
  if (error.sqlstate() == "PGRST") return answer_to_raise(error);
  if (error.sqlstate() == "22P02" && failed_size_check(error.message()))
    return to_response(unavailable(pg::detail::ResponseTooLarge(response_limit_bytes)));
  const auto rows = error.sqlstate() == "22P02" ? failed_check(error.message()) : std::nullopt;
  if (rows && request.kind != Kind::read && request.media.form == Media::Form::object) {
    return to_response(single_row_error(*rows));
  }
  if (rows && request.preferences.max_affected) {
    return to_response(RestError(400, "PGRST124", "Query result exceeds max-affected preference constraint",
                                 "The query affects " + std::to_string(*rows) + " rows"));
  }
  return to_response(to_rest_error(error, authenticated));
}

}  // namespace detail

std::optional<std::string_view> ApiResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (ascii::equal_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

ApiResponse to_response(const RestError& error) {
  ApiResponse response{.status = error.http_status(),
                       .body = error.to_json(),
                       .content_type = "application/json; charset=utf-8",
                       .headers = {{"Proxy-Status", "PostgREST; error=" + error.code()}}};
  if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (response.status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

namespace {

// PostgREST answers 500 to what is the program's fault elsewhere, and here comes of what was sent: JSON, arrays or
// expressions beyond PostgreSQL's own limits, one row twice in an upsert, a key that no upsert can go by, a view that
// cannot be written.
bool is_of_the_requests_making(const pg::SqlError& error) {
  const std::string_view state = error.sqlstate();
  if (state.starts_with("54")) return true;
  if (state != "21000" && state != "55000") return false;
  constexpr std::array<std::string_view, 4> beginnings{"ON CONFLICT ", "cannot insert into view ",
                                                       "cannot update view ", "cannot delete from view "};
  return std::ranges::any_of(beginnings, [&](auto beginning) { return error.message().starts_with(beginning); });
}

}  // namespace

RestError to_rest_error(const pg::SqlError& error, bool authenticated) {
  const auto optional = [](const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); };
  int status = pg::http_status_of(error.sqlstate(), error.message());
  if (error.sqlstate() == "42501") status = authenticated ? 403 : 401;
  if (is_of_the_requests_making(error)) status = 400;
  return RestError(status, error.sqlstate(), error.message(), optional(error.detail()), optional(error.hint()));
}

}  // namespace bailey::query
