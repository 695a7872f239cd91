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

// The guard exempts the health check, so it is one path, in the form that requests are matched in.
void require_literal_path(const std::string& path) {
  if (path.starts_with('/') && path.find_first_of("{}*?#% ") == std::string::npos) return;
  throw Error("invalid_route",
              "AppOptions::health_path is one literal path, such as \"/health\", and not \"" + path + "\"");
}

// Where the server listens, "all addresses" included.
std::string url_of(const http::ServerOptions& server, std::uint16_t port) {
  std::string host = server.address.value_or(std::string(http::default_address));
  if (host.contains(':')) host = "[" + host + "]";
  return (server.tls ? "https://" : "http://") + host + ":" + std::to_string(port);
}

// Where the program does not say it, the environment does. Some shells set HOST to the machine's name.
http::ServerOptions completed_from_environment(http::ServerOptions server) {
  if (!server.address) server.address = env::get("HOST");
  if (server.address == "localhost") server.address = "127.0.0.1";
  if (server.port) return server;
  const Expected<long long> port = env::integer("PORT", http::default_port, 0, 65535);
  if (!port) throw port.error();
  server.port = static_cast<std::uint16_t>(*port);
  return server;
}

// Starts the server. What fails most is an address or a port that the environment named, or could name.
void start(http::Server& server, const http::ServerOptions& given) try { server.start(); } catch (const Error& error) {
  if (error.code() == "address_in_use" && !given.port) {
    throw Error(error.code(), error.message() + "; the environment variable PORT names another port");
  }
  if (error.code() == "address_unavailable" && !given.address) {
    throw Error(error.code(), error.message() +
                                  "; the environment variable HOST says so: unset it, or set "
                                  "AppOptions::server.address");
  }
  throw;
}

}  // namespace

struct App::Parts {
  AppOptions options;
  std::vector<Middleware> middlewares;
  web_detail::ErrorResponses errors;
  std::atomic<bool> draining = false;
  std::unique_ptr<AppHandler> handler;
};

App::App(AppOptions options) : parts_(std::make_unique<Parts>()) {
  is_app_ = true;
  parts_->options = std::move(options);
}
App::~App() = default;

void App::begin_draining() noexcept { parts_->draining.store(true, std::memory_order_relaxed); }

App& App::use(Middleware middleware) {
  require_not_started();
  if (middleware.around && (middleware.before || middleware.after)) {
    throw Error("invalid_middleware", "The middleware \"" + middleware.name +
                                          "\" has `around` and hooks beside it: do in `around` what they do");
  }
  if (is_guard(middleware) && std::ranges::any_of(parts_->middlewares, is_guard)) {
    throw Error("invalid_middleware",
                "The app has a guard already, so \"" + middleware.name +
                    "\" cannot be used, too: who makes a request is found out once. Paths to be treated apart are "
                    "named in the guard's options");
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
    require_literal_path(health);
    if (std::ranges::none_of(routes_, is_health)) {
      get(runtime_path(health), [draining = &parts_->draining] {
        const bool ready = !draining->load(std::memory_order_relaxed);
        return Response::json(ready ? 200 : 503, ready ? R"({"status":"ok"})" : R"({"status":"draining"})");
      });
    }
    std::ranges::find_if(routes_, is_health)->is_health_check = true;
  }
  web_detail::RouteTable table;
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
  const http::ServerOptions server_options = completed_from_environment(parts_->options.server);

  Runtime runtime({.threads = parts_->options.threads, .stall_after = parts_->options.stall_after});
  http::Server server(runtime, handling, server_options);
  start(server, parts_->options.server);
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
