#pragma once

#include <bailey/model/json.hpp>
#include <bailey/web/error_format.hpp>
#include <bailey/web/route_info.hpp>

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bailey {

// What the document says of the API as a whole.
struct OpenApiInfo {
  std::string title = "Bailey";
  std::string version = "0.1.0";
  std::string summary = {};
  std::string description = {};  // Markdown
  // {"url": …} of where it is served, for one behind a proxy that adds to its paths; empty: where the document is.
  std::vector<std::string> servers = {};
  // What tags stand for: name, description, in the order in which a page shows them.
  std::vector<std::pair<std::string, std::string>> tags = {};
  ErrorFormat error_format = ErrorFormat::detail;  // of the errors that are described
  // Where guards sign somebody in by e-mail address and password, seen from the document; empty: nowhere.
  std::string sign_in_url = {};
};

// Returns the OpenAPI 3.1 document of routes: operations, their parameters, bodies and answers, the security schemes of
// their guards and credentials, and under components the schema of every model once, or twice where what is read
// differs from what is answered. Routes that are not `in_schema` are left out. An operation without a name is called by
// its method and path. Every operation has the app's errors as `default`, 422 where it reads something, 404 where its
// path has a placeholder, 401 where it takes credentials, 403 where who makes the request may still be refused.
[[nodiscard]] json::object openapi(const OpenApiInfo& info, std::span<const RouteInfo> routes);

}  // namespace bailey
