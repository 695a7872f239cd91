#include <bailey/web/app.hpp>

#include <bailey/base/env.hpp>
#include <bailey/runtime/runtime.hpp>
#include "web/descriptor_limit.hpp"
#include "web/pipeline.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <ranges>
#include <utility>
#include <vector>

namespace bailey {

namespace {

class AppHandler final : public http::Handler {
 public:
  explicit AppHandler(web_detail::Pipeline pipeline) : pipeline_(std::move(pipeline)) {}

  http::Answer handle(http::Request& message) override { return pipeline_.handle(message); }
  std::unique_ptr<http::Attachment> attach() override { return std::make_unique<Request>(); }

 private:
  const web_detail::Pipeline pipeline_;
};

bool is_guard(const Middleware& middleware) { return static_cast<bool>(middleware.guards); }

Guarded guarded(const std::vector<Middleware>& middlewares, const web_detail::CompiledRoute& route) {
  const auto guard = std::ranges::find_if(middlewares, is_guard);
  if (guard == middlewares.end()) return Guarded::by_none;
  if (route.method == http::Method::options || route.is_health_check) return Guarded::exempt;
  return guard->guards(route.path);
}

void check_routes(const web_detail::RouteTable& table, const std::vector<Middleware>& middlewares) {
  std::vector<RouteInfo> routes;
  for (const auto& route : table.routes()) {
    routes.emplace_back(http::to_string(route->method), route->path, route->parameters, guarded(middlewares, *route));
    route->endpoint->check(routes.back());
  }
  for (const Middleware& middleware : middlewares) {
    if (middleware.check) middleware.check(routes);
  }
}

// The URL to show: an address that means "all" is not one to visit.
std::string url_of(const http::ServerOptions& server, std::uint16_t port) {
  std::string host = server.address;
  if (host == "0.0.0.0" || host == "::") host = "127.0.0.1";
  if (host.contains(':')) host = "[" + host + "]";
  return (server.tls ? "https://" : "http://") + host + ":" + std::to_string(port);
}

// Starts the server; a port that is taken is the commonest failure, and the way round it is ours to name.
void start(http::Server& server) try { server.start(); } catch (const Error& error) {
  if (error.code() != "address_in_use") throw;
  throw Error(error.code(), error.message() + "; the environment variable PORT names another port");
}

}  // namespace

struct App::Parts {
  AppOptions options;
  std::vector<Middleware> middlewares;
  web_detail::ErrorResponses errors;
  std::atomic<bool> draining = false;
  std::unique_ptr<AppHandler> handler;
};

App::App(AppOptions options) : parts_(std::make_unique<Parts>()) { parts_->options = std::move(options); }
App::~App() = default;

void App::begin_draining() noexcept { parts_->draining.store(true, std::memory_order_relaxed); }

App& App::use(Middleware middleware) {
  require_not_started();
  if (middleware.around && (middleware.before || middleware.after)) {
    throw Error("invalid_middleware", "The middleware \"" + middleware.name +
                                          "\" has `around` and hooks beside it: do in `around` what they do");
  }
  parts_->middlewares.push_back(std::move(middleware));
  return *this;
}

App& App::add_error_handler(web_detail::ErrorHandler handler) {
  require_not_started();
  parts_->errors.add(std::move(handler));
  return *this;
}

http::Handler& App::handler() {
  if (parts_->handler) return *parts_->handler;
  const std::string& health = parts_->options.health_path;
  const auto is_health = [&](const web_detail::Route& route) {
    return route.method == http::Method::get && route.path == health;
  };
  if (!health.empty()) {
    if (std::ranges::none_of(routes_, is_health)) {
      get(runtime_path(health), [draining = &parts_->draining] {
        const bool ready = !draining->load(std::memory_order_relaxed);
        return Response::json(ready ? 200 : 503, ready ? R"({"status":"ok"})" : R"({"status":"draining"})");
      });
    }
    std::ranges::find_if(routes_, is_health)->is_health_check = true;
  }
  web_detail::RouteTable table;
  if (is_guard(middleware) && std::ranges::any_of(parts_->middlewares, is_guard)) {
    throw Error("invalid_middleware",
                "The app has a guard already, so \"" + middleware.name +
                    "\" cannot be used, too: who makes a request is found out once. Paths to be treated apart are "
                    "named in the guard's options");
  }
  for (const web_detail::Route& route : routes_) table.add(route);
  check_routes(table, parts_->middlewares);
  parts_->handler = std::make_unique<AppHandler>(
      web_detail::Pipeline(std::move(parts_->middlewares), std::move(table), std::move(parts_->errors)));
  started_ = true;
  return *parts_->handler;
}

void App::run() {
  http::Handler& handling = handler();
  web_detail::raise_descriptor_limit();
  http::ServerOptions server_options = parts_->options.server;
  if (auto host = env::get("HOST")) server_options.address = *host == "localhost" ? "127.0.0.1" : std::move(*host);
  const Expected<long long> port = env::integer("PORT", server_options.port, 0, 65535);
  if (!port) throw port.error();
  server_options.port = static_cast<std::uint16_t>(*port);

  Runtime runtime({.threads = parts_->options.threads});
  http::Server server(runtime, handling, server_options);
  start(server);
  // Registered last, so it is the first thing that is done at the end.
  runtime.on_stop([this]() -> Task<> {
    begin_draining();
    co_return;
  });
  std::printf("%s %s is on %s (Ctrl-C stops it)\n", parts_->options.title.c_str(), parts_->options.version.c_str(),
              url_of(server_options, server.port()).c_str());
  std::fflush(stdout);
  runtime.run();
}

}  // namespace bailey
