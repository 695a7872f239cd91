#include <bailey/web/router.hpp>

#include <bailey/base/error.hpp>

namespace bailey {

void Router::require_not_started() const {
  if (started_) throw Error("app_started", "The app has started: routes and middleware come before that");
}

void Router::adopt(Router&& router, std::string_view prefix) {
  require_not_started();
  if (!prefix.empty() && (!prefix.starts_with('/') || prefix.ends_with('/'))) {
    throw Error("invalid_route", "A prefix starts with a slash and does not end with one: " + std::string(prefix));
  }
  if (router.is_app_) {
    throw Error("invalid_route",
                "An App cannot be included: its middleware and its guard would be lost. Make it a Router, and use the "
                "middleware on the App that includes it");
  }
  for (web_detail::Route& route : router.routes_) {
    route.path.insert(0, prefix);
    routes_.push_back(std::move(route));
  }
  router.routes_.clear();
}

}  // namespace bailey
