#include "stack/gateway/cors.hpp"

namespace bailey::stack::gateway {
namespace {

constexpr std::string_view methods = "GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS";
constexpr std::string_view usual_headers =
    "authorization, x-client-info, apikey, content-type, x-supabase-api-version, x-retry-count, x-upsert, "
    "cache-control, "
    "range, prefer, accept-profile, content-profile";
constexpr std::string_view exposed_headers =
    "Content-Encoding, Content-Location, Content-Profile, Content-Range, Content-Type, Date, Link, Location, "
    "Preference-Applied, Range-Unit, Retry-After, Server, Transfer-Encoding, WWW-Authenticate, X-Sb-Error-Code, "
    "X-Supabase-Api-Version, X-Total-Count";

}  // namespace

bool is_preflight(const http::Request& request) {
  return request.method() == http::Method::options && request.header("Origin") &&
         request.header("Access-Control-Request-Method");
}

http::Response answer_preflight(const http::Request& request, Access access) {
  http::Response response = http::Response::empty(200);
  response.headers.set("Vary", "Origin, Access-Control-Request-Headers");
  if (access == Access::closed) return response;
  response.headers.set("Access-Control-Allow-Origin", "*");
  response.headers.set("Access-Control-Allow-Methods", methods);
  response.headers.set("Access-Control-Allow-Headers",
                       request.header("Access-Control-Request-Headers").value_or(usual_headers));
  response.headers.set("Access-Control-Max-Age", "3600");
  if (request.header("Access-Control-Request-Private-Network") == "true") {
    response.headers.set("Access-Control-Allow-Private-Network", "true");
  }
  return response;
}

bool may_change_state(const http::Request& request) {
  using http::Method;
  const Method method = request.method();
  const bool reads = method == Method::get || method == Method::head || method == Method::options;
  return !reads || request.header("Upgrade");
}

void expose(http::Response& response, Access access) {
  response.headers.add("Vary", "Origin");
  if (access == Access::closed) return;
  response.headers.set("Access-Control-Allow-Origin", "*");
  response.headers.set("Access-Control-Expose-Headers", exposed_headers);
}

}  // namespace bailey::stack::gateway
