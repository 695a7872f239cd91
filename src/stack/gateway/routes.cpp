// The table stands at the end of the unnamed namespace, behind what its columns name. Which pages may read the answers
// is no column: Pages decides it for all services alike, as Supabase's gateway does. /health is the gateway's own, and
// what is below no prefix is nobody's: 404 in the gateway's form.
#include "stack/gateway/routes.hpp"

#include <bailey/query/executor.hpp>

#include <boost/json.hpp>

#include <array>
#include <utility>

#include "stack/gateway/cors.hpp"

namespace bailey::stack::gateway {
namespace {

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

http::Response rest_refusal(int status, std::string_view detail) {
  return rest::to_response(query::to_response({status, std::string(code_of(status)), std::string(detail)}));
}

// GoTrue's error codes, in the form that clients of every API version read.
http::Response auth_refusal(int status, std::string_view detail) {
  const bool late = status == 408 || status == 503;
  const std::string_view code = late            ? "request_timeout"
                                : status == 413 ? "request_entity_too_large"
                                : status < 500  ? "validation_failed"
                                                : "unexpected_failure";
  http::Response response = http::Response::json(
      status, boost::json::serialize(boost::json::object{{"code", status}, {"error_code", code}, {"msg", detail}}));
  response.headers.set("x-sb-error-code", code);
  return response;
}

http::Response own_refusal(int status, std::string_view detail) {
  return http::Response::json(status, boost::json::serialize(boost::json::object{{"message", detail}}));
}

Task<http::Response> to_auth(const Services& services, Forwarded forwarded) {
  return services.auth.serve(forwarded.request, forwarded.path, std::move(forwarded.authorization));
}

Task<http::Response> to_rest(const Services& services, Forwarded forwarded) {
  return services.rest.serve(forwarded.request, forwarded.path, std::move(forwarded.query),
                             std::move(forwarded.authorization));
}

bool none(std::string_view) { return false; }

constexpr std::array routes{
    Route{.prefix = "/auth/v1",
          .spelling = Route::Spelling::decoded,
          .needs_no_key = auth::is_open_path,
          .serve = to_auth,
          .refuse = auth_refusal},
    // The REST dialect decodes its own path; a prefix with escapes in it is nobody's.
    Route{.prefix = "/rest/v1",
          .spelling = Route::Spelling::as_sent,
          .needs_no_key = none,
          .serve = to_rest,
          .refuse = rest_refusal},
};

// What follows the prefix, if the path is below it: "/cards" of "/rest/v1/cards".
std::optional<std::string_view> below(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  if (!path.empty() && path.front() != '/') return std::nullopt;
  return path;
}

}  // namespace

std::optional<Found> find_route(std::string_view decoded, std::string_view as_sent) {
  for (const Route& route : routes) {
    const auto path = below(route.spelling == Route::Spelling::decoded ? decoded : as_sent, route.prefix);
    if (path) return Found{route, *path};
  }
  return std::nullopt;
}

http::Response refusal(int status, std::string_view detail, std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  const std::optional<Found> found = find_route(path, path);
  http::Response response = found ? found->route.refuse(status, detail) : own_refusal(status, detail);
  expose(response, Access::open);
  return response;
}

}  // namespace bailey::stack::gateway
