#include "stack/auth/auth_app.hpp"

#include <bailey/web/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <array>

#include "stack/auth/endpoints.hpp"
#include "stack/forwarded.hpp"

namespace bailey::stack::auth {
namespace {

// What GoTrue has besides. A client library asks for these by name, so its user is told, in GoTrue's form.
constexpr std::array<std::string_view, 13> not_offered{
    "/otp",
    "/magiclink",
    "/recover",
    "/verify",
    "/resend",
    "/reauthenticate",
    "/invite",
    "/authorize",
    "/callback",
    "/factors",
    "/sso",
    "/admin/generate_link",
    "/user/identities",
};

struct DatabaseSentence {
  std::string text;
};

AppOptions options() {
  AppOptions options;
  options.title = "Supabase Auth";
  options.openapi_path = "";
  options.docs_path = "";
  options.redoc_path = "";
  options.health_path = "";  // GoTrue has one of its own
  options.ready_path = "";
  return options;
}

std::string_view sentence_of(const Request& request) {
  const auto* const sentence = request.state().get<DatabaseSentence>();
  return sentence == nullptr ? unexpected_failure : std::string_view(sentence->text);
}

Response answer(const std::exception& failure, const Request& request) {
  return to_response(translate(failure, request, sentence_of(request)), request);
}

// What the server refuses before there is a request: GoTrue's error codes, in the form that clients of every API
// version read.
Response refuse(const Refusal& refusal) {
  const bool late = refusal.status == 408 || refusal.status == 503;
  const std::string_view code = late                    ? "request_timeout"
                                : refusal.status == 413 ? "request_entity_too_large"
                                : refusal.status < 500  ? "validation_failed"
                                                        : "unexpected_failure";
  Response response = Response::json(
      refusal.status,
      to_json_text(json::object{{"code", refusal.status}, {"error_code", code}, {"msg", refusal.detail}}));
  response.headers.set("x-sb-error-code", code);
  return response;
}

// What errors of our apps say besides, and GoTrue's do not.
void keep_to_headers_of_gotrue(Request&, Response& response) {
  if (response.status < 400) return;
  for (const char* name : {"Retry-After", "WWW-Authenticate", "X-Request-Id"}) response.headers.remove(name);
}

void set_errors(App& app) {
  app.use(Middleware{.name = "headers_of_gotrue", .after = keep_to_headers_of_gotrue});
  app.on_error<AuthError>([](const AuthError& error, const Request& request) { return to_response(error, request); });
  app.on_error<Error>([](const Error& error, const Request& request) { return answer(error, request); });
  app.on_error<HttpError>([](const HttpError& error, const Request& request) { return answer(error, request); });
  app.on_error<RequestValidationError>([](const RequestValidationError&, const Request& request) {
    return to_response(AuthError(400, "validation_failed", "A parameter of the request is not valid"), request);
  });
  app.on_error<boost::system::system_error>([](const boost::system::system_error& error, const Request& request) {
    if (error.code() != boost::asio::error::operation_aborted) return answer(error, request);
    return refuse({.status = 504, .detail = "The request took too long"});
  });
  app.on_error<std::exception>(
      [](const std::exception& error, const Request& request) { return answer(error, request); });
  app.on_status(404, [](const Request&) { return Response::text(404, "404 page not found"); });
  app.on_status(405, [](const Request&) { return Response::empty(405); });
  app.on_refusal([](const Refusal& refusal, const Response&) { return refuse(refusal); });
}

void refuse_what_is_not_offered(App& app) {
  for (const std::string_view name : not_offered) {
    // As GoTrue answers for a feature that is switched off. Client libraries take 501 for an outage: they drop the code
    // and tell the caller to try again.
    const auto refuse = [name = std::string(name)]() -> Response {
      throw AuthError(404, "feature_disabled", "This server does not offer " + name);
    };
    app.any(runtime_path(name), refuse);
    app.any(runtime_path(std::string(name) + "/{below:path}"), refuse);
  }
}

Task<Caller> find_caller(const Request& request, const AuthContext& context) {
  return require_caller(context, std::string(authorization_of(request)));
}

Administrator find_administrator(const Request& request, const AuthContext& context) {
  require_admin(context, authorization_of(request));
  return {};
}

}  // namespace

AuthApp::AuthApp(const AuthContext& context) : app_(options()) {
  app_.provide(std::cref(context));
  app_.provide(find_caller);
  app_.provide(find_administrator);
  app_.include(info_routes());
  app_.include(sign_up_routes());
  app_.include(token_routes());
  app_.include(user_routes());
  app_.include(logout_routes());
  app_.include(user_list_routes());
  app_.include(admin_user_routes());
  refuse_what_is_not_offered(app_);
  set_errors(app_);
}

RouteOptions when_refused(std::string database_sentence) {
  RouteOptions options;
  options.middleware.push_back(
      {.name = "database_sentence", .before = [sentence = std::move(database_sentence)](Request& request) -> Before {
         request.state().set(DatabaseSentence{sentence});
         return Pass{};
       }});
  return options;
}

bool is_open_path(std::string_view path) {
  return path == "/health" || path == "/verify" || path == "/callback" || path == "/authorize" ||
         path.starts_with("/.well-known/");
}

}  // namespace bailey::stack::auth
