// What whoever operates an app asks it for: whether it lives, whether it can work, and what it has counted. The first
// two are for load balancers and the like, who have no token: guards let them pass, and an app's own dependencies do
// not stand before them. A route of the program's own at such a path counts instead, and is a route like any other.
#include <bailey/web/app.hpp>

#include "web/app_parts.hpp"
#include "web/process_metrics.hpp"
#include "web/shared_objects.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

namespace bailey {
namespace {

// What guards let pass is one path, in the form that requests are matched in.
void require_literal_path(std::string_view option, const std::string& path) {
  if (path.starts_with('/') && path.find_first_of("{}*?#% ") == std::string::npos) return;
  throw Error("invalid_route", "AppOptions::" + std::string(option) +
                                   " is one literal path, such as \"/health\", and not \"" + path + "\"");
}

Response probe_response(int status, std::string_view word) {
  Response response = Response::json(status, "{\"status\":\"" + std::string(word) + "\"}");
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace

bool App::has_get(std::string_view path) const {
  return std::ranges::any_of(
      routes_, [&](const web_detail::Route& route) { return route.method == http::Method::get && route.path == path; });
}

App& App::add_ready_check(std::string name, std::shared_ptr<const web_detail::ReadyCheck> check, ReadyOptions options) {
  require_not_started();
  web_detail::Readiness::Checks& checks = parts_->readiness.checks();
  const bool is_taken = std::ranges::any_of(checks, [&](const auto& other) { return other->name == name; });
  if (name.empty() || is_taken)
    throw Error("invalid_setting", "A readiness check has a name of its own, and not \"" + name + "\"");
  auto& added = checks.emplace_back(std::make_unique<web_detail::Readiness::Check>());
  added->name = std::move(name);
  added->check = std::move(check);
  added->timeout = options.timeout;
  return *this;
}

void App::add_probes() {
  const auto add = [&](std::string_view option, const std::string& path, auto handler) {
    if (path.empty()) return;
    require_literal_path(option, path);
    if (has_get(path)) return;
    get(runtime_path(path), std::move(handler));
    routes_.back().is_health_check = true;
  };
  for (const auto& check : parts_->readiness.checks())
    check->objects =
        web_detail::shared_objects("The readiness check \"" + check->name + '"', check->check->needs(), providers_);
  const auto is_draining = [draining = &parts_->draining] { return draining->load(std::memory_order_relaxed); };
  add("health_path", parts_->options.health_path,
      [is_draining] { return is_draining() ? probe_response(503, "draining") : probe_response(200, "ok"); });
  add("ready_path", parts_->options.ready_path, [is_draining, &readiness = parts_->readiness]() -> Task<Response> {
    if (is_draining()) co_return probe_response(503, "draining");
    Response response = co_await readiness.answer();
    response.headers.set("Cache-Control", "no-store");
    co_return response;
  });
}

Metrics& App::metrics() noexcept { return parts_->metrics; }

void App::count_requests() {
  parts_->http_metrics = std::make_shared<web_detail::HttpMetrics>();
  use(web_detail::HttpMetrics::middleware(parts_->http_metrics));
  parts_->metrics.collect([counted = parts_->http_metrics](MetricWriter& out) {
    counted->write(out);
    web_detail::write_process_metrics(out);
  });
}

void App::add_metrics_route() {
  const std::string& path = parts_->options.metrics_path;
  if (path.empty() || has_get(path)) return;
  require_literal_path("metrics_path", path);
  get(runtime_path(path),
      [metrics = parts_->metrics] {
        Response response(200);
        response.content_type("text/plain; version=0.0.4; charset=utf-8");
        response.body = metrics.text();
        return response;
      },
      {.in_schema = false, .guard = parts_->options.metrics_guard});
}

void App::collect_metrics_of_guards() {
  const auto collect = [&](const std::shared_ptr<const Guard>& guard) {
    if (guard && guard->metrics) parts_->metrics.collect(guard->metrics);
  };
  collect(parts_->app.guard);
  for (const web_detail::Route& route : routes_) collect(route.guard);
}

}  // namespace bailey
