// A router keeps what its routes have in common beside them and gives it to each when it is included: so a router may
// be filled in any order, and a route is complete by itself when the app starts.
#include <bailey/web/router.hpp>

#include <bailey/base/error.hpp>

#include <algorithm>
#include <utility>

namespace bailey {
namespace {

void require_prefix(std::string_view prefix) {
  if (prefix.empty() || (prefix.starts_with('/') && !prefix.ends_with('/'))) return;
  throw Error("invalid_route", "A prefix starts with a slash and does not end with one: " + std::string(prefix));
}

template <class T>
void put_before(std::vector<T>& list, const std::vector<T>& first) {
  list.insert(list.begin(), first.begin(), first.end());
}

// What the router around it says, of a route.
void merge(RouteOptions& route, const RouterOptions& router) {
  put_before(route.tags, router.tags);
  put_before(route.dependencies, router.dependencies);
  put_before(route.middleware, router.middleware);
  for (const ResponseInfo& response : router.responses) {
    if (std::ranges::find(route.responses, response.status, &ResponseInfo::status) == route.responses.end())
      route.responses.push_back(response);
  }
  route.deprecated |= router.deprecated;
  route.in_schema &= router.in_schema;
}

}  // namespace

Router::Router(RouterOptions options) : options_(std::move(options)) { require_prefix(options_.prefix); }

void Router::require_not_started() const {
  if (started_) throw Error("app_started", "The app has started: routes and middleware come before that");
}

void Router::add(web_detail::Route route) {
  require_not_started();
  if (route.options.guard) route.guard = std::make_shared<const Guard>(*std::exchange(route.options.guard, {}));
  routes_.push_back(std::move(route));
}

void Router::add(http::Method method, std::string_view path, std::shared_ptr<const web_detail::Endpoint> endpoint,
                 RouteOptions options) {
  add(web_detail::Route{
      .method = method, .path = std::string(path), .endpoint = std::move(endpoint), .options = std::move(options)});
}

void Router::add(std::string_view path, std::shared_ptr<const web_detail::Endpoint> handler,
                 WebSocketRouteOptions options) {
  add(web_detail::Route{.method = http::Method::get,
                        .path = std::string(path),
                        .endpoint = std::move(handler),
                        .options = {.name = std::move(options.name),
                                    .in_schema = false,
                                    .guard = std::move(options.guard),
                                    .dependencies = std::move(options.dependencies),
                                    .middleware = std::move(options.middleware)},
                        .web_socket = std::move(options.web_socket)});
}

void Router::add_any(std::string_view path, std::shared_ptr<const web_detail::Endpoint> handler, RouteOptions options) {
  options.in_schema = false;
  add(web_detail::Route{.method = http::Method::other,
                        .path = std::string(path),
                        .endpoint = std::move(handler),
                        .options = std::move(options),
                        .is_any_method = true});
}

void Router::add(std::shared_ptr<const web_detail::Provider> provider) {
  require_not_started();
  if (provider->key() == nullptr) {
    throw Error("invalid_dependency",
                "What is provided returns a value; a function that returns none goes into `dependencies`: "
                "{.dependencies = {depends(…)}}");
  }
  for (const auto& known : providers_) {
    if (known->key() != provider->key()) continue;
    throw Error("invalid_dependency",
                "A " + std::string(provider->type()) + " is provided already, and there is one provider of a type");
  }
  providers_.push_back(std::move(provider));
}

void Router::add(std::string_view prefix, StaticFiles files, RouteOptions options) {
  require_prefix(prefix);
  options.in_schema = false;
  const std::string path = std::string(prefix) + "/{path:path}";
  if (!prefix.empty()) {
    get(
        runtime_path(prefix),
        [files](const Request& request) -> Task<Response> { co_return co_await files.respond(request, ""); }, options);
  }
  get(
      runtime_path(path),
      [files](const Request& request, Path<"path"> rest) -> Task<Response> {
        co_return co_await files.respond(request, std::move(*rest));
      },
      options);
}

void Router::adopt(Router&& router, std::string_view prefix) {
  require_not_started();
  require_prefix(prefix);
  if (router.is_app_) {
    throw Error("invalid_route",
                "An App cannot be included: its middleware and its guard would be lost. Make it a Router, and use the "
                "middleware on the App that includes it");
  }
  // One for all of its routes, which it is told of together.
  const auto guard = router.options_.guard ? std::make_shared<const Guard>(*router.options_.guard) : nullptr;
  for (web_detail::Route& route : router.routes_) {
    route.path.insert(0, std::string(prefix) + router.options_.prefix);
    merge(route.options, router.options_);
    if (!route.guard) route.guard = guard;
    route.providers.insert(route.providers.end(), router.providers_.begin(), router.providers_.end());
    routes_.push_back(std::move(route));
  }
  router.routes_.clear();
}

}  // namespace bailey
