#include "stack/auth/auth_service.hpp"

#include <algorithm>
#include <array>

#include "stack/auth/auth_error.hpp"
#include "stack/auth/endpoints.hpp"

namespace bailey::stack::auth {
namespace {

struct Route {
  http::Method method;
  std::string_view path;
  Task<http::Response> (*endpoint)(const Call&);
  std::string_view database_sentence = unexpected_failure;  // what GoTrue says when the database refuses
};

constexpr std::string_view one_user = "/admin/users/";  // followed by the id

constexpr std::array routes{
    Route{http::Method::get, "/health", health},
    Route{http::Method::get, "/settings", settings},
    Route{http::Method::get, "/.well-known/jwks.json", key_set},
    Route{http::Method::post, "/signup", sign_up, "Database error saving new user"},
    Route{http::Method::post, "/token", token, "Database error granting user"},
    Route{http::Method::get, "/user", get_user},
    Route{http::Method::put, "/user", update_user, "Error updating user"},
    Route{http::Method::post, "/logout", log_out, "Error logging out user"},
    Route{http::Method::get, "/admin/users", list_users, "Database error finding users"},
    Route{http::Method::post, "/admin/users", create_user, "Database error creating new user"},
    Route{http::Method::get, one_user, read_user_as_admin, "Database error loading user"},
    Route{http::Method::put, one_user, update_user_as_admin, "Error updating user"},
    Route{http::Method::delete_, one_user, delete_user, "Database error deleting user"},
};

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

// The one the path is at or below; "" for none.
std::string_view not_offered_at(std::string_view path) {
  const auto found = std::ranges::find_if(not_offered, [&](std::string_view name) {
    return path.starts_with(name) && (path.size() == name.size() || path[name.size()] == '/');
  });
  return found == not_offered.end() ? std::string_view() : *found;
}

bool leads_to(const Route& route, std::string_view path) {
  if (route.path != one_user) return path == route.path;
  return path.starts_with(one_user) && path.size() > one_user.size() && !path.substr(one_user.size()).contains('/');
}

// 404, or 405 with the methods the path has (RFC 9110 section 15.5.6).
http::Response refuse(std::string_view path) {
  std::string allowed;
  for (const Route& route : routes) {
    if (leads_to(route, path)) allowed.append(allowed.empty() ? "" : ", ").append(to_string(route.method));
  }
  if (allowed.empty()) return http::Response::text(404, "404 page not found");
  http::Response response = http::Response::empty(405);
  response.headers.add("Allow", allowed);
  return response;
}

}  // namespace

bool is_open_path(std::string_view path) {
  return path == "/health" || path == "/verify" || path == "/callback" || path == "/authorize" ||
         path.starts_with("/.well-known/");
}

Task<http::Response> AuthService::serve(http::Request& request, std::string_view path,
                                        std::string authorization) const {
  const auto chosen = std::ranges::find_if(
      routes, [&](const Route& route) { return route.method == request.method() && leads_to(route, path); });
  if (const std::string_view name = not_offered_at(path); !name.empty()) {
    // As GoTrue answers for a feature that is switched off. Client libraries take 501 for an outage: they drop the code
    // and tell the caller to try again.
    co_return to_response(AuthError(404, "feature_disabled", "This server does not offer " + std::string(name)),
                          request);
  }
  if (chosen == routes.end()) co_return refuse(path);
  const std::string user_id(path.starts_with(one_user) ? path.substr(one_user.size()) : "");
  const Call call{context_, request, std::move(authorization), user_id};
  try {
    co_return co_await chosen->endpoint(call);
  } catch (const WeakPassword& weak) {
    co_return to_response(weak, request);
  } catch (const std::exception& failure) {
    const auto* system = dynamic_cast<const boost::system::system_error*>(&failure);
    if (system != nullptr && system->code() == boost::asio::error::operation_aborted) throw;
    co_return to_response(translate(failure, request, chosen->database_sentence), request);
  }
}

}  // namespace bailey::stack::auth
