// Everything that can be told of an app before its first request is told here, route by route: what its types read, who
// stands before it, what it depends on. Then the checks that need all routes.
#include "web/compile.hpp"

#include <bailey/model/pattern.hpp>
#include "web/linking.hpp"
#include "web/web_socket_route.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace bailey::web_detail {
namespace {

class Compiler {
 public:
  Compiler(AppParts& parts, std::span<const std::shared_ptr<const Provider>> providers, Overrides overrides)
      : parts_(parts), providers_(providers), overrides_(std::move(overrides)), owned_(parts.middlewares) {}

  void add(const Route& route) {
    CompiledRoute& compiled = table_.add(route);
    const std::shared_ptr<const Guard> own_guard = route.guard ? route.guard : parts_.guard;
    const bool is_guarded_page = route.is_page && parts_.page_guard;
    const std::shared_ptr<const Guard> guard = is_guarded_page ? parts_.page_guard : own_guard;
    const bool passes = passes_guards(route) && !is_guarded_page;
    if (guard) compiled.info.admits = guard->admits;
    compiled.info.guarded = passes && guard ? Guarded::exempt : guarded(guard.get(), compiled.info);
    // A guard of a test's admits everybody: where the app's own looks at nobody, it is not asked either.
    const bool is_asked = !passes && !(overrides_.guard && compiled.info.guarded == Guarded::exempt);
    compiled.layers = layers(is_asked ? layer_of(guard) : nullptr);
    for (const Middleware& middleware : route.options.middleware) compiled.layers.push_back(own(middleware));

    compiled.providers = route.providers;
    compiled.providers.insert(compiled.providers.end(), providers_.begin(), providers_.end());
    if (compiled.web_socket) require_usable(compiled.info, *compiled.web_socket);
    compiled.endpoint->describe(compiled.info);
    compiled.may_last = compiled.info.is_web_socket || compiled.endpoint->may_last();
    link(compiled, route.options.dependencies, overrides_.providers);
    compiled.call.form_limits = route.options.form_limits;
    if (route.is_page) {
      compiled.call.attempts = &parts_.sign_in_attempts;
      compiled.call.is_page_guarded = is_guarded_page && guard->admit;
      if (own_guard && own_guard->sign_in) {
        compiled.page_guard = own_guard;
        compiled.call.sign_in = &own_guard->sign_in;
      }
    }
    if (compiled.reads_form) {
      if (!parts_.uploads) parts_.uploads = std::make_shared<Uploads>(parts_.spool);
      compiled.call.spool = &parts_.uploads->spool;
    }
    describe_guard(guard.get(), compiled.info);
    require_patterns(compiled.info);
    routes_of_[guard].push_back(compiled.info);
    for (const Middleware& middleware : route.options.middleware)
      if (middleware.check) middleware.check({&compiled.info, 1});
  }

  [[nodiscard]] Pipeline finish() {
    for (const auto& [guard, routes] : routes_of_)
      if (guard && guard->check) guard->check(routes);
    if (parts_.guard && parts_.guard->check && !routes_of_.contains(parts_.guard)) parts_.guard->check({});
    std::vector<RouteInfo> all;
    for (const auto& route : table_.routes()) all.push_back(route->info);
    for (const auto& middleware : parts_.middlewares)
      if (middleware->check) middleware->check(all);
    std::vector<const Middleware*> unmatched = layers(layer_of_unmatched());
    return {std::move(owned_), std::move(unmatched), std::move(table_), parts_.errors, parts_.root_path};
  }

 private:
  // A probe has nothing to show, a browser sends nothing with a preflight, and whoever opens a page signs in there: its
  // own guard does not stand before it.
  [[nodiscard]] static bool passes_guards(const Route& route) {
    return route.method == http::Method::options || route.is_health_check || route.is_page;
  }

  [[nodiscard]] static Guarded guarded(const Guard* guard, const RouteInfo& route) {
    if (guard == nullptr) return Guarded::by_none;
    const Guarded covered = guard->covers(route.path);
    if (!guard->admit && covered != Guarded::exempt) {
      route.refuse("its guard \"" + guard->name +
                   "\" has no `admit` and lets everybody pass, which open_to_all() is for");
    }
    return covered;
  }

  static void describe_guard(const Guard* guard, RouteInfo& route) {
    if (guard == nullptr || guard->security.name.empty()) return;
    if (route.guarded != Guarded::always && route.guarded != Guarded::sometimes) return;
    SecurityInfo security = guard->security;
    security.is_required = route.guarded == Guarded::always;
    security.signs_in = static_cast<bool>(guard->sign_in);
    route.add(std::move(security));
  }

  // A pattern that does not compile would be found at the first request.
  static void require_patterns(const RouteInfo& route) {
    for (const std::string_view pattern : route.patterns) {
      try {
        static_cast<void>(Pattern(pattern));
      } catch (const std::invalid_argument& fault) {
        route.refuse("the pattern \"" + std::string(pattern) + "\" of its handler's parameters: " + fault.what());
      }
    }
  }

  const Middleware* own(Middleware middleware) {
    return owned_.emplace_back(std::make_shared<const Middleware>(std::move(middleware))).get();
  }

  // The app's, with a guard's in the place of the app's own; null: none.
  [[nodiscard]] std::vector<const Middleware*> layers(const Middleware* guard) const {
    std::vector<const Middleware*> list;
    const std::size_t place = parts_.guard ? parts_.guard_place : parts_.middlewares.size();
    for (std::size_t at = 0; at <= parts_.middlewares.size(); ++at) {
      if (at == place && guard != nullptr) list.push_back(guard);
      if (at == parts_.middlewares.size()) break;
      list.push_back(parts_.middlewares[at].get());
    }
    return list;
  }

  [[nodiscard]] const Guard& in_place_of(const Guard& guard) const {
    return overrides_.guard ? *overrides_.guard : guard;
  }

  // Null where nobody is asked.
  [[nodiscard]] const Middleware* layer_of(const std::shared_ptr<const Guard>& guard) {
    if (!guard || !guard->admit) return nullptr;
    const Middleware*& layer = guard_layers_[guard];
    if (layer == nullptr) layer = own({.name = guard->name, .before = in_place_of(*guard).admit});
    return layer;
  }

  // The methods of a path, and of *, are told without a route.
  [[nodiscard]] const Middleware* layer_of_unmatched() {
    const Guard* const guard = parts_.guard.get();
    if (guard == nullptr || !guard->admit) return nullptr;
    return own({.name = guard->name, .before = [admit = in_place_of(*guard).admit](Request& request) -> Before {
                  if (request.method() == http::Method::options) return Pass{};
                  return admit(request);
                }});
  }

  AppParts& parts_;
  std::span<const std::shared_ptr<const Provider>> providers_;
  Overrides overrides_;
  RouteTable table_;
  std::vector<std::shared_ptr<const Middleware>> owned_;
  std::map<std::shared_ptr<const Guard>, const Middleware*> guard_layers_;
  std::map<std::shared_ptr<const Guard>, std::vector<RouteInfo>> routes_of_;
};

}  // namespace

Pipeline compile(AppParts& parts, std::span<const Route> routes,
                 std::span<const std::shared_ptr<const Provider>> providers, Overrides overrides) {
  Compiler compiler(parts, providers, std::move(overrides));
  for (const Route& route : routes) compiler.add(route);
  return compiler.finish();
}

}  // namespace bailey::web_detail
