#include "stack/gateway/gateway.hpp"

#include "http/form_text.hpp"
#include "stack/gateway/cors.hpp"

namespace bailey::stack::gateway {
namespace {

constexpr std::string_view auth_prefix = "/auth/v1";
constexpr std::string_view rest_prefix = "/rest/v1";

// What follows the prefix, if the path is below it: "/cards" of "/rest/v1/cards".
std::optional<std::string_view> below(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  if (!path.empty() && path.front() != '/') return std::nullopt;
  return path;
}

// The query without its `apikey`, which is the gateway's alone; that goes to `api_key` if it is empty.
std::string take_api_key(std::string_view query, std::string& api_key) {
  constexpr std::string_view name = "apikey=";
  std::string rest;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (!pair.starts_with(name)) {
      if (!rest.empty()) rest += '&';
      rest += pair;
    } else if (api_key.empty()) {
      api_key = http::detail::form_value(pair, "apikey");
    }
  }
  return rest;
}

http::Response refuse(std::string body) {
  http::Response response = http::Response::json(401, std::move(body));
  response.headers.set("WWW-Authenticate", "Key realm=\"kong\"");
  expose(response);
  return response;
}

http::Response exposed(http::Response response) {
  expose(response);
  return response;
}

}  // namespace

http::Answer Gateway::handle(http::Request& request) {
  if (is_preflight(request)) return answer_preflight(request);
  if (request.path() == "/health") return exposed(http::Response::json(200, R"({"status":"ok"})"));
  // The REST dialect decodes its own path; a prefix with escapes in it is nobody's.
  const auto auth_path = below(request.path(), auth_prefix);
  const auto rest_path = below(request.raw_path(), rest_prefix);
  if (!auth_path && !rest_path) {
    return exposed(http::Response::json(404, R"({"message":"no Route matched with those values"})"));
  }
  std::string api_key(request.header("apikey").value_or(""));
  std::string query = take_api_key(request.query(), api_key);
  const std::string_view sent = request.header("Authorization").value_or("");
  if (auth_path && auth::is_open_path(*auth_path)) return to_auth(request, *auth_path, std::string(sent));
  if (api_key.empty()) {
    return refuse(R"({"message":"No API key found in request",)"
                  R"("hint":"No `apikey` request header or url param was found."})");
  }
  if (!keys_.accepts(api_key, clock_.now())) {
    return refuse(
        R"({"message":"Invalid API key","hint":"Double check your Supabase `anon` or `service_role` API key."})");
  }
  std::string authorization = keys_.authorization(api_key, sent);
  if (auth_path) return to_auth(request, *auth_path, std::move(authorization));
  return to_rest(request, *rest_path, std::move(query), std::move(authorization));
}

Task<http::Response> Gateway::to_auth(http::Request& request, std::string_view path, std::string authorization) const {
  http::Response response = co_await auth_.serve(request, path, std::move(authorization));
  expose(response);
  co_return response;
}

Task<http::Response> Gateway::to_rest(http::Request& request, std::string_view path, std::string query,
                                      std::string authorization) const {
  http::Response response = co_await rest_.serve(request, path, std::move(query), std::move(authorization));
  expose(response);
  co_return response;
}

}  // namespace bailey::stack::gateway
