#include "stack/gateway/gateway.hpp"

#include <algorithm>
#include <utility>

#include "http/form_text.hpp"
#include "stack/auth/auth_app.hpp"
#include "stack/forwarded.hpp"
#include "stack/gateway/cross_origin.hpp"

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

Response refuse_key(std::string body) {
  Response response = Response::json(401, std::move(body));
  response.headers.set("WWW-Authenticate", "Key realm=\"kong\"");
  return response;
}

AppOptions app_options() {
  AppOptions options;
  options.title = "Supabase";
  options.openapi_path = "";
  options.docs_path = "";
  options.redoc_path = "";
  options.ready_path = "";
  return options;
}

bool none(std::string_view) { return false; }

bool is_below(std::string_view target, std::string_view prefix) {
  if (!target.starts_with(prefix)) return false;
  target.remove_prefix(prefix.size());
  return target.empty() || target.front() == '/' || target.front() == '?';
}

constexpr std::string_view auth_prefix = "/auth/v1";
constexpr std::string_view rest_prefix = "/rest/v1";

}  // namespace

Gateway::Gateway(const ApiKeys& keys, Services services, GatewayOptions options, const Clock& clock)
    : keys_(keys), options_(std::move(options)), clock_(clock), app_(app_options()) {
  for (Middleware& middleware : page_middleware(std::make_shared<const Pages>(options_.pages)))
    app_.use(std::move(middleware));
  app_.mount(auth_prefix, services.auth, {.middleware = {key_check(auth_prefix, auth::is_open_path)}});
  app_.mount(rest_prefix, services.rest, {.middleware = {key_check(rest_prefix, none)}});
  app_.on_status(
      404, [](const Request&) { return Response::json(404, R"({"message":"no Route matched with those values"})"); });
  app_.on_status(405, [](const Request&) { return Response::json(405, R"({"message":"Method Not Allowed"})"); });
  app_.on_refusal([](const Refusal& refusal, Response usual) {
    Response response = is_below(refusal.target, auth_prefix) || is_below(refusal.target, rest_prefix)
                            ? std::move(usual)
                            : Response::json(refusal.status, to_json_text(json::object{{"message", refusal.detail}}));
    open_to_all_pages(response);
    return response;
  });
}

Middleware Gateway::key_check(std::string_view prefix, bool (*is_open)(std::string_view path)) const {
  return {.name = "api_key", .before = [this, is_open, prefix](Request& request) -> Before {
            const std::string_view path = request.path().substr(prefix.size());
            std::string api_key(request.header("apikey").value_or(""));
            Forwarded forwarded{.query = take_api_key(request.query(), api_key)};
            const std::string_view sent = request.header("Authorization").value_or("");
            if (is_open(path)) {
              forwarded.authorization = sent;
            } else if (api_key.empty() && options_.require_api_key) {
              return refuse_key(R"({"message":"No API key found in request",)"
                                R"("hint":"No `apikey` request header or url param was found."})");
            } else if (!api_key.empty() && !keys_.accepts(api_key, clock_.now())) {
              return refuse_key(R"({"message":"Invalid API key",)"
                                R"("hint":"Double check your Supabase `anon` or `service_role` API key."})");
            } else {
              forwarded.authorization = keys_.authorization(api_key, sent);
            }
            request.state().set(std::move(forwarded));
            return Pass{};
          }};
}

}  // namespace bailey::stack::gateway
