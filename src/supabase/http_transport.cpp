#include "supabase/http_transport.hpp"

#include <bailey/model/json.hpp>
#include <bailey/query/print.hpp>
#include <bailey/query/token_scope.hpp>
#include <bailey/runtime/sleep.hpp>

#include "pg/response_limit.hpp"
#include "supabase/api_key.hpp"
#include "supabase/echo.hpp"
#include "supabase/query_error.hpp"
#include "supabase/trace_headers.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace bailey::client_detail {

namespace {

// With our own key as the bearer, as nobody or as service_role, what PostgREST says against a token is said of the key.
bool refuses_bearer(const http::ClientResponse& response) {
  if (response.status != 401) return false;
  const auto body = try_parse_json(response.body);
  if (!body || !body->is_object()) return false;
  const json::value* code = body->get_object().if_contains("code");
  return code != nullptr && code->is_string() && std::string_view(code->get_string()).starts_with("PGRST30");
}

query::ApiResponse api_response(http::ClientResponse from, std::string_view bearer, std::string_view api_key) {
  query::ApiResponse response;
  response.status = from.status;
  response.body = std::move(from.body);
  if (response.status < 200 || response.status > 299) {
    remove_echo(response.body, bearer);
    remove_echo(response.body, api_key);
  }
  if (const auto type = from.header("content-type")) response.content_type = *type;
  response.headers = std::move(from.headers);
  return response;
}

}  // namespace

HttpTransport::HttpTransport(http::Client client, HttpTransportOptions options)
    : client_(std::move(client)), options_(std::move(options)) {}

http::ClientRequest HttpTransport::request_for(const query::ApiRequest& request, const Identity& identity) const {
  const Secret& key = identity.is_service_role() ? options_.service_role_key : options_.anon_key;
  const bool has_token = !identity.is_anonymous() && !identity.is_service_role();
  const std::string_view bearer = has_token ? identity.token() : key.reveal();
  if (bearer.empty() || !is_token_text(bearer)) throw to_error(query::refusal_of(jwt::Rejection::malformed, bearer));

  query::RequestParts parts = query::print(request);
  http::ClientRequest http_request;
  http_request.method = std::move(parts.method);
  http_request.url.reserve(options_.rest_url.size() + parts.path.size() + 1 + parts.query.size());
  http_request.url.append(options_.rest_url).append(parts.path);
  if (!parts.query.empty()) http_request.url.append("?").append(parts.query);
  http_request.headers = std::move(parts.headers);
  http_request.headers.emplace_back("apikey", key.reveal());
  http_request.headers.emplace_back("Authorization", "Bearer " + std::string(bearer));
  http_request.headers.emplace_back("X-Client-Info", "bailey/0.1");
  http_request.body = std::move(parts.body);
  http_request.timeout = options_.timeout;
  http_request.response_limit_bytes = options_.response_limit_bytes;
  return http_request;
}

pg::ScopedDatabase HttpTransport::database(const Identity&) const {
  throw PostgrestError("missing_setting",
                       "SQL of one's own needs a connection to the database: database_url (DATABASE_URL).", 500);
}

Task<query::ApiResponse> HttpTransport::send(query::ApiRequest request, Identity identity,
                                             const RequestTrace& trace) const {
  http::ClientRequest http_request = request_for(request, identity);
  add_trace(http_request, trace);
  const bool service = identity.is_service_role();
  const std::string_view api_key = service ? options_.service_role_key.reveal() : options_.anon_key.reveal();
  for (unsigned retry = 1;; ++retry) {
    http::ClientRequest attempt = http_request;
    if (retry > 1) attempt.headers.emplace_back("X-Retry-Count", std::to_string(retry - 1));
    Expected<http::ClientResponse> response = co_await client_.send(std::move(attempt));
    if (!response && response.error().code() == "response_too_large")
      throw pg::detail::ResponseTooLarge(options_.response_limit_bytes);
    if (!response) throw response.error();
    const auto delay = options_.retry.delay(request.kind, response->status, retry, response->header("retry-after"));
    if (delay) {
      co_await sleep_for(*delay);
      continue;
    }
    const bool own_bearer = service || identity.is_anonymous();
    if (refuses_api_key(response->status, response->body) || (own_bearer && refuses_bearer(*response))) {
      log_refused_key(service ? KeyRole::service_role : KeyRole::anon, response->status);
      throw Error(std::string(refused_key_code), std::string(refused_key_message), refused_key_status);
    }
    co_return api_response(*std::move(response), identity.token(), api_key);
  }
}

}  // namespace bailey::client_detail
