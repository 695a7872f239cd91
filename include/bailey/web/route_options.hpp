#pragma once

#include <bailey/http/form_limits.hpp>
#include <bailey/web/dependency.hpp>
#include <bailey/web/guard.hpp>
#include <bailey/web/middleware.hpp>
#include <bailey/web/route_info.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey {

// What a route may answer beside its handler's result, for the document.
//   {.responses = {documented<Problem>(404, "There is no such card")}}
template <class T>
[[nodiscard]] ResponseInfo documented(int status, std::string_view description = {}) {
  return {.status = status, .description = std::string(description), .schema = &schema<T>};
}
[[nodiscard]] inline ResponseInfo documented(int status, std::string_view description = {}) {
  return {.status = status, .description = std::string(description)};
}

// What a route is beside its path and its handler.
struct RouteOptions {
  int status = 0;  // of a success; 0: 200, 201 for Created, 204 without a value
  std::size_t body_limit_bytes = std::size_t{1024} * 1024;  // of a body that is bound as Json or Body; more is a 413
  http::FormLimits form_limits = {};                        // of a form that is bound as Form or File; more is a 413

  // For the document.
  std::string name = {};          // "list_cards"; empty: of method and path
  std::string summary = {};       // a line; empty: the name in words
  std::string description = {};   // Markdown
  std::string operation_id = {};  // of the operation, unique in the app; empty: of name, path and method
  std::vector<std::string> tags = {};
  std::vector<ResponseInfo> responses = {};
  bool deprecated = false;
  bool in_schema = true;  // whether it is in the document at all

  std::optional<Guard> guard = {};            // in place of the router's or the app's
  std::vector<Dependency> dependencies = {};  // before the handler's own, in this order
  std::vector<Middleware> middleware = {};    // inside of the router's and the app's
};

// What all routes of a router have in common. Merged into each route when the router is included: the prefix stands
// before its path; tags, dependencies and middleware before its own; its own guard counts if it has one; `deprecated`
// of either counts, and so does `in_schema = false`.
struct RouterOptions {
  std::string prefix = {};  // "/users" or "/tenants/{tenant}": it starts with a slash and does not end with one
  std::vector<std::string> tags = {};
  std::vector<ResponseInfo> responses = {};
  bool deprecated = false;
  bool in_schema = true;
  std::optional<Guard> guard = {};
  std::vector<Dependency> dependencies = {};
  std::vector<Middleware> middleware = {};
};

}  // namespace bailey
