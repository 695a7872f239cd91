#include "stack/gateway/gateway.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "http/form_text.hpp"

namespace bailey::stack::gateway {
namespace {

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

http::Response exposed(http::Response response, Access access) {
  expose(response, access);
  return response;
}

http::Response refuse_key(std::string body, Access access) {
  http::Response response = http::Response::json(401, std::move(body));
  response.headers.set("WWW-Authenticate", "Key realm=\"kong\"");
  return exposed(std::move(response), access);
}

// No page reads this, but whoever looks into the browser's network view does.
http::Response keep_out(std::string_view what) {
  http::Response response = http::Response::json(
      403, R"({"message":")" + std::string(what) +
               R"( is not one the local stack is open to","hint":"Add its URL to [auth] additional_redirect_urls )"
               R"(in supabase/config.toml."})");
  expose(response, Access::closed);
  return response;
}

}  // namespace

http::Answer Gateway::handle(http::Request& request) {
  if (const auto host = request.header("Host"); host && !pages_.admits_host(*host)) return keep_out("This host");
  const auto origin = request.header("Origin");
  const Access access = !origin || pages_.admits_origin(*origin) ? Access::open : Access::closed;
  if (is_preflight(request)) return answer_preflight(request, access);
  if (access == Access::closed && may_change_state(request)) return keep_out("This origin");
  if (request.path() == "/health") return exposed(http::Response::json(200, R"({"status":"ok"})"), access);
  const std::optional<Found> found = find_route(request.path(), request.raw_path());
  if (!found) {
    return exposed(http::Response::json(404, R"({"message":"no Route matched with those values"})"), access);
  }
  std::string api_key(request.header("apikey").value_or(""));
  std::string query = take_api_key(request.query(), api_key);
  const std::string_view sent = request.header("Authorization").value_or("");
  if (found->route.needs_no_key(found->path)) {
    return forward(found->route, {request, found->path, std::move(query), std::string(sent)}, access);
  }
  if (api_key.empty() && options_.require_api_key) {
    return refuse_key(R"({"message":"No API key found in request",)"
                      R"("hint":"No `apikey` request header or url param was found."})",
                      access);
  }
  if (!api_key.empty() && !keys_.accepts(api_key, clock_.now())) {
    return refuse_key(
        R"({"message":"Invalid API key","hint":"Double check your Supabase `anon` or `service_role` API key."})",
        access);
  }
  return forward(found->route, {request, found->path, std::move(query), keys_.authorization(api_key, sent)}, access);
}

http::Response Gateway::refuse(int status, std::string_view detail, std::string_view target) {
  return refusal(status, detail, target);
}

Task<http::Response> Gateway::forward(const Route& route, Forwarded forwarded, Access access) const {
  http::Response response = co_await route.serve(services_, std::move(forwarded));
  expose(response, access);
  co_return response;
}

}  // namespace bailey::stack::gateway
