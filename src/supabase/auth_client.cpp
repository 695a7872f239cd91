// Requests to Supabase Auth. The handle's identity is used for one thing only, `get_user()` of itself; otherwise each
// request carries the project's anon key, or the token that the call was given.
#include <bailey/supabase/auth_client.hpp>

#include <bailey/model/invalid_text.hpp>
#include <bailey/query/print.hpp>

#include "model/error_text.hpp"
#include "supabase/api_key.hpp"
#include "supabase/auth_answer.hpp"
#include "supabase/echo.hpp"
#include "supabase/project.hpp"
#include "supabase/trace_headers.hpp"

#include <algorithm>
#include <utility>

namespace bailey {

namespace {

using client_detail::AuthExpected;
using client_detail::Project;

// The value, or the error thrown.
template <class T>
Task<T> unwrap(Task<AuthExpected<T>> task) {
  AuthExpected<T> result = co_await std::move(task);
  if (!result) throw AuthError(result.error());
  if constexpr (!std::is_void_v<T>) co_return *std::move(result);
}

http::ClientRequest request_to(const Project& project, std::string_view method, std::string_view path,
                               std::string_view bearer = {}) {
  const SupabaseOptions& options = project.options();
  http::ClientRequest request;
  request.method = method;
  request.url.append(options.url).append("/auth/v1").append(path);
  request.timeout = options.request_timeout;
  request.headers.emplace_back("apikey", options.anon_key.reveal());
  request.headers.emplace_back("Authorization",
                               "Bearer " + std::string(bearer.empty() ? options.anon_key.reveal() : bearer));
  request.headers.emplace_back("X-Supabase-Api-Version", "2024-01-01");
  request.headers.emplace_back("X-Client-Info", "bailey/0.1");
  client_detail::add_trace(request, project.trace());
  return request;
}

// A password of other bytes would become another password on the way.
AuthExpected<void> set_body(http::ClientRequest& request, const json::object& body) {
  if (const auto found = find_invalid_text(body))
    return std::unexpected(AuthError("invalid_text", "Not UTF-8: " + detail::location_text(*found), 400));
  request.headers.emplace_back("Content-Type", "application/json;charset=UTF-8");
  append_json(request.body, body);
  return {};
}

// What the caller has sent and no error may repeat.
struct Sent {
  std::string token;
  std::string password;
};

// A password is a word that an honest message may hold as well, so it costs the message alone and not the code.
AuthError without_password(AuthError error, std::string_view password) {
  if (!client_detail::repeats(error.message(), password)) return error;
  return {error.code(), "Supabase Auth refused with status " + std::to_string(error.http_status()) + ".",
          error.http_status(), error.weak_password_reasons()};
}

Task<AuthExpected<json::value>> exchange(std::shared_ptr<const Project> project, http::ClientRequest request,
                                         Sent sent) {
  Expected<http::ClientResponse> response = co_await project->options().http.send(std::move(request));
  if (response && client_detail::refuses_api_key(response->status, response->body)) {
    client_detail::log_refused_key(client_detail::KeyRole::anon, response->status);
    co_return std::unexpected(AuthError(std::string(client_detail::refused_key_code),
                                        std::string(client_detail::refused_key_message),
                                        client_detail::refused_key_status));
  }
  if (response && (response->status < 200 || response->status > 299)) {
    client_detail::remove_echo(response->body, sent.token);
    client_detail::remove_echo(response->body, project->options().anon_key.reveal());
  }
  AuthExpected<json::value> answer = client_detail::read_auth_answer(response);
  if (!answer) co_return std::unexpected(without_password(std::move(answer).error(), sent.password));
  co_return answer;
}

// E-mail or phone, the password and the captcha's answer, as both sign-up and sign-in send them.
AuthExpected<json::object> body_of(const Credentials& credentials) {
  if (credentials.email.has_value() == credentials.phone.has_value() || credentials.password.empty())
    return std::unexpected(
        AuthError("invalid_credentials", "Give an e-mail address or a phone number, and a password.", 400));
  json::object body;
  if (credentials.email) body["email"] = *credentials.email;
  if (credentials.phone) body["phone"] = *credentials.phone;
  body["password"] = credentials.password;
  json::object security;
  security["captcha_token"] = credentials.captcha_token ? json::value(*credentials.captcha_token) : json::value();
  body["gotrue_meta_security"] = std::move(security);
  return body;
}

AuthError session_missing() { return {"session_missing", "Auth session missing!", 400}; }

// A token that would end its header is no token.
bool is_sendable(std::string_view token) {
  return !token.empty() && std::ranges::all_of(token, [](char c) { return c > ' ' && c < 127; });
}

std::string_view name_of(SignOutScope scope) {
  switch (scope) {
    case SignOutScope::local: return "local";
    case SignOutScope::others: return "others";
    case SignOutScope::global: break;
  }
  return "global";
}

Task<AuthExpected<SignUpResult>> sign_up_with(std::shared_ptr<const Project> project, Credentials credentials) {
  AuthExpected<json::object> body = body_of(credentials);
  if (!body) co_return std::unexpected(body.error());
  (*body)["data"] = credentials.data;
  if (credentials.phone) (*body)["channel"] = "sms";
  std::string path = "/signup";
  if (credentials.redirect_to) path.append("?redirect_to=").append(query::percent_encode(*credentials.redirect_to));
  http::ClientRequest request = request_to(*project, "POST", path);
  if (auto set = set_body(request, *body); !set) co_return std::unexpected(set.error());
  const AuthExpected<json::value> answer =
      co_await exchange(project, std::move(request), {.token = {}, .password = std::move(credentials.password)});
  if (!answer) co_return std::unexpected(answer.error());
  co_return client_detail::sign_up_in(*answer, project->clock().now());
}

Task<AuthExpected<Session>> session_for(std::shared_ptr<const Project> project, std::string path, json::object body,
                                        Sent sent) {
  http::ClientRequest request = request_to(*project, "POST", path);
  if (auto set = set_body(request, body); !set) co_return std::unexpected(set.error());
  const AuthExpected<json::value> answer = co_await exchange(project, std::move(request), std::move(sent));
  if (!answer) co_return std::unexpected(answer.error());
  co_return client_detail::session_in(*answer, project->clock().now());
}

Task<AuthExpected<Session>> sign_in_with(std::shared_ptr<const Project> project, Credentials credentials) {
  AuthExpected<json::object> body = body_of(credentials);
  if (!body) co_return std::unexpected(body.error());
  co_return co_await session_for(project, "/token?grant_type=password", *std::move(body),
                                 {.token = {}, .password = std::move(credentials.password)});
}

Task<AuthExpected<Session>> refresh_with(std::shared_ptr<const Project> project, std::string refresh_token) {
  if (refresh_token.empty()) co_return std::unexpected(session_missing());
  json::object body;
  body["refresh_token"] = refresh_token;
  co_return co_await session_for(project, "/token?grant_type=refresh_token", std::move(body),
                                 {.token = std::move(refresh_token), .password = {}});
}

Task<AuthExpected<AuthUser>> user_of(std::shared_ptr<const Project> project, std::string token) {
  if (!is_sendable(token)) co_return std::unexpected(session_missing());
  http::ClientRequest request = request_to(*project, "GET", "/user", token);
  const AuthExpected<json::value> answer =
      co_await exchange(project, std::move(request), {.token = std::move(token), .password = {}});
  if (!answer) co_return std::unexpected(answer.error());
  co_return client_detail::user_in(*answer);
}

Task<AuthExpected<void>> sign_out_with(std::shared_ptr<const Project> project, std::string token, SignOutScope scope) {
  if (!is_sendable(token)) co_return std::unexpected(session_missing());
  std::string path = "/logout?scope=";
  path += name_of(scope);
  http::ClientRequest request = request_to(*project, "POST", path, token);
  const AuthExpected<json::value> answer =
      co_await exchange(project, std::move(request), {.token = std::move(token), .password = {}});
  if (answer) co_return AuthExpected<void>();
  const int status = answer.error().http_status();
  if (status == 401 || status == 403 || status == 404) co_return AuthExpected<void>();  // there is nothing left to end
  co_return std::unexpected(answer.error());
}

Task<AuthExpected<Identity>> claims_of(std::shared_ptr<const Project> project, std::string token) {
  Expected<Identity> identity = co_await project->verifier().verify(std::move(token));
  if (identity) co_return *std::move(identity);
  const Error& error = identity.error();
  co_return std::unexpected(AuthError(error.code(), error.message(), error.http_status()));
}

}  // namespace

AuthClient::AuthClient(std::shared_ptr<const client_detail::Project> project, Identity identity)
    : project_(std::move(project)), identity_(std::move(identity)) {}

Deferred<std::expected<SignUpResult, AuthError>> AuthClient::try_sign_up(Credentials credentials) const {
  return sign_up_with(project_, std::move(credentials));
}
Deferred<SignUpResult> AuthClient::sign_up(Credentials credentials) const {
  return unwrap(try_sign_up(std::move(credentials)));
}

Deferred<std::expected<Session, AuthError>> AuthClient::try_sign_in_with_password(Credentials credentials) const {
  return sign_in_with(project_, std::move(credentials));
}
Deferred<Session> AuthClient::sign_in_with_password(Credentials credentials) const {
  return unwrap(try_sign_in_with_password(std::move(credentials)));
}

Deferred<std::expected<Session, AuthError>> AuthClient::try_refresh_session(std::string refresh_token) const {
  return refresh_with(project_, std::move(refresh_token));
}
Deferred<Session> AuthClient::refresh_session(std::string refresh_token) const {
  return unwrap(try_refresh_session(std::move(refresh_token)));
}

Deferred<std::expected<AuthUser, AuthError>> AuthClient::try_get_user(std::string access_token) const {
  return user_of(project_, std::move(access_token));
}
Deferred<AuthUser> AuthClient::get_user(std::string access_token) const {
  return unwrap(try_get_user(std::move(access_token)));
}
Deferred<std::expected<AuthUser, AuthError>> AuthClient::try_get_user() const {
  return try_get_user(std::string(identity_.token()));
}
Deferred<AuthUser> AuthClient::get_user() const { return unwrap(try_get_user()); }

Deferred<std::expected<void, AuthError>> AuthClient::try_sign_out(std::string access_token, SignOutScope scope) const {
  return sign_out_with(project_, std::move(access_token), scope);
}
Deferred<> AuthClient::sign_out(std::string access_token, SignOutScope scope) const {
  return unwrap(try_sign_out(std::move(access_token), scope));
}

Deferred<std::expected<Identity, AuthError>> AuthClient::try_get_claims(std::string access_token) const {
  return claims_of(project_, std::move(access_token));
}
Deferred<Identity> AuthClient::get_claims(std::string access_token) const {
  return unwrap(try_get_claims(std::move(access_token)));
}

}  // namespace bailey
