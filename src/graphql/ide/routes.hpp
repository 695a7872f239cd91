#pragma once

#include <bailey/web/router.hpp>

#include <string_view>
#include <vector>

namespace bailey::graphql {

// The routes of GraphiQL at an endpoint's path: the page beside its GET, below it what the page loads and, where the
// guard signs people in, where the page asks for that. None where nothing can lie below the path.
[[nodiscard]] std::vector<web_detail::Route> ide_routes(std::string_view path, const RouteOptions& endpoint);

}  // namespace bailey::graphql
