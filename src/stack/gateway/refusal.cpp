#include "stack/gateway/refusal.hpp"

#include <bailey/query/executor.hpp>

#include <boost/json.hpp>

#include "stack/gateway/cors.hpp"
#include "stack/rest/rest_service.hpp"

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

http::Response in_the_form_of(std::string_view path, int status, std::string_view detail) {
  if (below(path, rest_prefix)) {
    return rest::to_response(query::to_response({status, std::string(code_of(status)), std::string(detail)}));
  }
  if (below(path, auth_prefix)) return auth_refusal(status, detail);
  return http::Response::json(status, boost::json::serialize(boost::json::object{{"message", detail}}));
}

}  // namespace

std::optional<std::string_view> below(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  if (!path.empty() && path.front() != '/') return std::nullopt;
  return path;
}

http::Response refusal(int status, std::string_view detail, std::string_view target) {
  http::Response response = in_the_form_of(target.substr(0, target.find('?')), status, detail);
  expose(response, Access::open);
  return response;
}

}  // namespace bailey::stack::gateway
