#include <bailey/web/app.hpp>

#include <bailey/model/json.hpp>
#include <bailey/web/openapi.hpp>

#include <boost/json/serialize.hpp>

#include "web/app_parts.hpp"
#include "web/compile.hpp"
#include "web/pipeline.hpp"
#include "web/served_document.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace bailey {

namespace {

void require_root_path(const std::string& path) {
  if (path.empty() || web_detail::is_root_path(path)) return;
  throw Error("invalid_root_path", "AppOptions::root_path is a prefix such as \"/api/v1\", and not \"" + path + "\"");
}

}  // namespace

App::App(AppOptions options) : parts_(std::make_unique<Parts>()) {
  is_app_ = true;
  parts_->options = std::move(options);
  parts_->app.spool = parts_->options.spool;
  parts_->app.root_path = parts_->options.root_path;
  if (parts_->options.docs_guard) parts_->app.page_guard = std::make_shared<const Guard>(*parts_->options.docs_guard);
  require_root_path(parts_->options.root_path);
  parts_->app.errors = web_detail::ErrorResponses(parts_->options.error_format);
  if (!parts_->options.metrics_path.empty()) count_requests();
}
App::~App() = default;

void App::begin_draining() noexcept {
  parts_->draining.store(true, std::memory_order_relaxed);
  for (const auto& mount : parts_->mounts) mount.app->begin_draining();
}

App& App::use(Middleware middleware) {
  require_not_started();
  if (middleware.around && (middleware.before || middleware.after)) {
    throw Error("invalid_middleware", "The middleware \"" + middleware.name +
                                          "\" has `around` and hooks beside it: do in `around` what they do");
  }
  parts_->app.middlewares.push_back(std::make_shared<const Middleware>(std::move(middleware)));
  return *this;
}

App& App::use(Guard guard) {
  require_not_started();
  web_detail::AppParts& app = parts_->app;
  if (app.guard) {
    throw Error("invalid_middleware", "The app has a guard already, so \"" + guard.name +
                                          "\" cannot be used, too: who makes a request is found out once. A router or "
                                          "a route may have a guard of its own: {.guard = …}");
  }
  app.guard = std::make_shared<const Guard>(std::move(guard));
  app.guard_place = app.middlewares.size();
  return *this;
}

App& App::depends(Dependency dependency) {
  require_not_started();
  options_.dependencies.push_back(std::move(dependency));
  return *this;
}

App& App::add_lifespan(std::shared_ptr<const web_detail::Provider> lifespan) {
  require_not_started();
  parts_->lifespans.push_back(std::move(lifespan));
  return *this;
}

App& App::add_status_handler(int status, web_detail::StatusHandler handler) {
  require_not_started();
  if (status < 400 || status > 599)
    throw Error("invalid_status", "on_status is for statuses of errors, 400 to 599, and not " + std::to_string(status));
  parts_->app.errors.add(status, std::move(handler));
  return *this;
}

App& App::add_error_handler(web_detail::ErrorHandler handler) {
  require_not_started();
  parts_->app.errors.add(std::move(handler));
  return *this;
}

std::span<const RouteInfo> App::routes() {
  static_cast<void>(handler());
  return parts_->routes;
}

const std::string& App::openapi() {
  static_cast<void>(handler());
  return parts_->docs.document;
}

http::Handler& App::handler() {
  if (parts_->handler) return *parts_->handler;
  add_probes();
  for (web_detail::Route& route : routes_) {
    if (route.is_health_check) continue;
    std::vector<Dependency>& own = route.options.dependencies;
    own.insert(own.begin(), options_.dependencies.begin(), options_.dependencies.end());
  }
  start_mounted();
  add_metrics_route();
  add_docs();  // now, as they depend on nothing of the app's
  collect_metrics_of_guards();
  web_detail::Pipeline pipeline = web_detail::compile(parts_->app, routes_, providers_);
  for (const auto& route : pipeline.routes().routes()) parts_->routes.push_back(route->info);
  write_docs();
  parts_->lifespan = make_lifespans();
  parts_->handler = std::make_unique<web_detail::AppHandler>(std::move(pipeline), parts_->on_refusal, parts_->mounts);
  started_ = true;
  return *parts_->handler;
}

std::unique_ptr<http::Handler> App::handler_for_test(
    std::span<const std::shared_ptr<const web_detail::Provider>> overrides, std::shared_ptr<const Guard> guard) {
  static_cast<void>(handler());
  return std::make_unique<web_detail::AppHandler>(
      web_detail::compile(parts_->app, routes_, providers_, {.providers = overrides, .guard = std::move(guard)}),
      parts_->on_refusal, parts_->mounts);
}

}  // namespace bailey
