#pragma once

#include <bailey/http/request.hpp>
#include <bailey/http/response.hpp>
#include <bailey/runtime/task.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "stack/auth/auth_service.hpp"
#include "stack/rest/rest_service.hpp"

namespace bailey::stack::gateway {

// What stands behind the gateway, and outlives it.
struct Services {
  const auth::AuthService& auth;
  const rest::RestService& rest;
};

// A request as a service is handed it. The request and the path live until its task has ended.
struct Forwarded {
  http::Request& request;
  std::string_view path;      // what follows the prefix, in the spelling of the route
  std::string query;          // without the API key
  std::string authorization;  // what the API key stands for, where no token was sent: see ApiKeys
};

// What leads to a service, what it demands, and what it says when the server must refuse in its place.
struct Route {
  enum class Spelling { decoded, as_sent };

  std::string_view prefix;
  Spelling spelling;                            // in which the prefix is looked for and the path handed on
  bool (*needs_no_key)(std::string_view path);  // the paths that are led to without an API key
  Task<http::Response> (*serve)(const Services& services, Forwarded forwarded);
  http::Response (*refuse)(int status, std::string_view detail);
};

struct Found {
  const Route& route;
  std::string_view path;  // what follows the prefix
};

// The route of a request, by its path as decoded and as sent; nullopt when no prefix fits.
[[nodiscard]] std::optional<Found> find_route(std::string_view decoded, std::string_view as_sent);

// What the HTTP server itself refuses (a line too long, a header too large, a body too slow) in the form of the service
// that was asked for, which is all its clients can read: PostgREST's, GoTrue's, or the gateway's own. `target` may be
// cut, or be none. Open to any page, as its origin may not have been read: it tells nothing.
[[nodiscard]] http::Response refusal(int status, std::string_view detail, std::string_view target);

}  // namespace bailey::stack::gateway
