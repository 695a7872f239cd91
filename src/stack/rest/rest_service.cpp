#include "stack/rest/rest_service.hpp"

#include <bailey/base/log.hpp>
#include <bailey/query/token_scope.hpp>

#include <boost/json.hpp>

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
void log_failure(const http::Request& request, const query::ApiResponse& response) {
  if (response.status < 500) return;
  boost::json::error_code not_json;
  const boost::json::value answer = boost::json::parse(response.body, not_json);
  const auto text = [&](std::string_view member) -> std::string_view {
    const auto* object = answer.if_object();
    const auto* value = object == nullptr ? nullptr : object->if_contains(member);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
  };
  log::warning("rest: a request failed in the database", {{"request", http::to_hex(request.id())},
                                                          {"status", response.status},
                                                          {"code", text("code")},
                                                          {"message", text("message")}});
}

}  // namespace

http::Response to_response(query::ApiResponse from) {
  http::Response response(from.status);
  if (!from.content_type.empty()) response.content_type(from.content_type);
  for (const auto& [name, value] : from.headers) response.headers.add(name, value);
  response.body = std::move(from.body);
  return response;
}

RestService::RestService(query::Executor executor, std::shared_ptr<const jwt::KeySet> keys, const Clock& clock)
    : executor_(std::move(executor)),
      keys_(std::move(keys)),
      verifier_(keys_, {.leeway = query::token_leeway, .require_expiry = false}),
      clock_(clock) {}

Task<http::Response> RestService::serve(http::Request& request, std::string_view path, std::string query,
                                        std::string authorization) const {
  auto scope = scope_of(authorization, verifier_, known_tokens_.get(make_token_cache), clock_.now());
  if (!scope) co_return refuse_token(scope.error());
  query::RequestParts parts;
  parts.method = request.method_text();
  parts.path = path.empty() ? "/" : path;
  parts.query = std::move(query);
  request.for_each_header(
      [&](std::string_view name, std::string_view value) { parts.headers.emplace_back(name, value); });
  const auto refuse = [&](const query::RestError& failure) {
    log::warning("rest: a request failed", {{"request", http::to_hex(request.id())}, {"code", failure.code()}});
    return to_response(query::to_response(failure));
  };
  try {
    const std::string_view body = co_await request.body(body_limit_bytes);
    parts.body = body;
    query::ApiResponse response = co_await executor_.serve(std::move(parts), std::move(*scope));
    log_failure(request, response);
    co_return to_response(std::move(response));
  } catch (const query::RestError& failure) {
    co_return refuse(failure);
  } catch (const Error& failure) {
    co_return refuse(query::RestError(failure.http_status(), failure.code(), failure.message()));
  }
}

}  // namespace bailey::stack::rest
