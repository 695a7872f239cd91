#include "stack/rest/rest_app.hpp"

#include <bailey/base/log.hpp>
#include <bailey/query/token_scope.hpp>

#include <boost/asio/error.hpp>
#include <boost/json.hpp>
#include <boost/system/system_error.hpp>

#include "stack/forwarded.hpp"
#include "stack/rest/rest_token.hpp"

namespace bailey::stack::rest {
namespace {

constexpr std::size_t body_limit_bytes = std::size_t{64} * 1024 * 1024;
constexpr std::size_t known_tokens_limit = 10000;
constexpr std::size_t known_tokens_limit_bytes = std::size_t{16} * 1024 * 1024;

std::unique_ptr<detail::TokenCache> make_token_cache() {
  return std::make_unique<detail::TokenCache>(known_tokens_limit, known_tokens_limit_bytes);
}

// The answer to a token that was refused: it says so in the header as well (RFC 6750 section 3).
http::Response refuse_token(const query::RestError& error) {
  http::Response response = to_response(query::to_response(error));
  if (error.http_status() == 401) {
    response.headers.set("WWW-Authenticate",
                         "Bearer error=\"invalid_token\", error_description=\"" + error.message() + "\"");
  }
  return response;
}

// What fails in the database is not the client's doing: who runs it finds it in the log.
void log_failure(const Request& request, const query::ApiResponse& response) {
  if (response.status < 500) return;
  boost::json::error_code not_json;
  const boost::json::value answer = boost::json::parse(response.body, not_json);
  const auto text = [&](std::string_view member) -> std::string_view {
    const auto* object = answer.if_object();
    const auto* value = object == nullptr ? nullptr : object->if_contains(member);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
  };
  log::warning(
      "rest: a request failed in the database",
      {{"request", request.id()}, {"status", response.status}, {"code", text("code")}, {"message", text("message")}});
}

// Names of what went wrong that no SQLSTATE or code of PostgREST's has.
std::string_view code_of(int status) {
  switch (status) {
    case 400: return "bad_request";
    case 408: return "request_timeout";
    case 413: return "content_too_large";
    case 414: return "uri_too_long";
    case 417: return "expectation_failed";
    case 431: return "header_fields_too_large";
    case 501: return "not_implemented";
    case 503: return "service_unavailable";
    case 505: return "http_version_not_supported";
    default: return status < 500 ? "bad_request" : "internal_error";
  }
}

http::Response refuse(int status, std::string_view detail) {
  return to_response(query::to_response({status, std::string(code_of(status)), std::string(detail)}));
}

AppOptions app_options() {
  AppOptions options;
  options.title = "Supabase REST";
  options.openapi_path = "";
  options.docs_path = "";
  options.redoc_path = "";
  options.health_path = "";
  options.ready_path = "";
  return options;
}

}  // namespace

http::Response to_response(query::ApiResponse from) {
  http::Response response(from.status);
  if (!from.content_type.empty()) response.content_type(from.content_type);
  for (const auto& [name, value] : from.headers) response.headers.add(name, value);
  response.body = std::move(from.body);
  return response;
}

RestApp::RestApp(query::Executor executor, std::shared_ptr<const jwt::KeySet> keys, const Clock& clock)
    : executor_(std::move(executor)),
      keys_(std::move(keys)),
      verifier_(keys_, {.leeway = query::token_leeway, .require_expiry = false}),
      clock_(clock),
      app_(app_options()) {
  app_.any("/{path:path}", [this](const Request& request) { return serve(request); });
  app_.on_error<boost::system::system_error>([](const boost::system::system_error& error, const Request&) {
    if (error.code() != boost::asio::error::operation_aborted) throw;
    return refuse(504, "The request took too long");
  });
  app_.on_error<std::exception>(
      [](const std::exception&, const Request&) { return refuse(500, "Internal Server Error"); });
  app_.on_refusal([](const Refusal& refusal, const Response&) { return refuse(refusal.status, refusal.detail); });
}

Task<Response> RestApp::serve(const Request& request) const {
  auto scope = scope_of(authorization_of(request), verifier_, known_tokens_.get(make_token_cache), clock_.now());
  if (!scope) co_return refuse_token(scope.error());
  query::RequestParts parts;
  parts.method = request.method_text();
  parts.path = request.raw_path();
  parts.query = query_of(request);
  request.http().for_each_header(
      [&](std::string_view name, std::string_view value) { parts.headers.emplace_back(name, value); });
  const auto fail = [&](const query::RestError& failure) {
    log::warning("rest: a request failed", {{"request", request.id()}, {"code", failure.code()}});
    return to_response(query::to_response(failure));
  };
  try {
    const std::string_view body = co_await request.http().body(body_limit_bytes);
    parts.body = body;
    query::ApiResponse response = co_await executor_.serve(std::move(parts), std::move(*scope));
    log_failure(request, response);
    co_return to_response(std::move(response));
  } catch (const query::RestError& failure) {
    co_return fail(failure);
  } catch (const Error& failure) {
    co_return fail(query::RestError(failure.http_status(), failure.code(), failure.message()));
  }
}

}  // namespace bailey::stack::rest
