#include <bailey/web/app.hpp>

#include <bailey/base/env.hpp>
#include <bailey/base/log.hpp>
#include <bailey/runtime/runtime.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>
#include "web/app_parts.hpp"
#include "web/background_tasks.hpp"
#include "web/descriptor_limit.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace bailey {
namespace {

// Where the server listens, "all addresses" included.
std::string url_of(const http::ServerOptions& server, std::uint16_t port) {
  std::string host = server.address.value_or(std::string(http::default_address));
  if (host.contains(':')) host = "[" + host + "]";
  return (server.tls ? "https://" : "http://") + host + ":" + std::to_string(port);
}

// Whether a shell has set HOST by itself, as tcsh does, to the machine's name: nobody has asked for that.
bool is_machine_name(std::string_view host) {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 && host == name.data();
}

// Where the program does not say it, the environment does.
http::ServerOptions completed_from_environment(http::ServerOptions server) {
  if (!server.address) {
    server.address = env::get("HOST");
    if (server.address && server.address != "localhost" && is_machine_name(*server.address)) server.address.reset();
  }
  if (server.address == "localhost") server.address = "127.0.0.1";
  if (server.port) return server;
  const Expected<long long> port = env::integer("PORT", http::default_port, 0, 65535);
  if (!port) throw port.error();
  server.port = static_cast<std::uint16_t>(*port);
  return server;
}

// "access_log, cors, authenticate": what every request goes through, outermost first.
std::string order_of(const web_detail::AppParts& app) {
  std::string order;
  const auto add = [&](std::string_view name) {
    if (!order.empty()) order += ", ";
    order += name.empty() ? "unnamed" : name;
  };
  for (std::size_t at = 0; at < app.middlewares.size(); ++at) {
    if (app.guard && at == app.guard_place) add(app.guard->name);
    add(app.middlewares[at]->name);
  }
  if (app.guard && app.guard_place == app.middlewares.size()) add(app.guard->name);
  return order;
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

// They have the time anew: what was slow before them is not theirs. Whoever is left goes with its loop.
Task<> close_in_time(web_detail::Lifespans& lifespans, std::chrono::milliseconds most) {
  const auto first = co_await when_any(lifespans.close(), sleep_for(most));
  if (first.index() != 0)
    log::warning("the lifespans have not ended in time, and are cut short", {{"timeout_ms", most.count()}});
}

// Opens what is open as long as the app is served, then serves it. `failure`: why it cannot be. A stop that is ordered
// meanwhile is none, whatever that makes of what is being opened.
Task<> start_up(web_detail::Lifespans& lifespans, Runtime& runtime, std::function<void()> serve,
                const bool& is_stopping, std::exception_ptr& failure, std::chrono::milliseconds most) {
  try {
    co_await lifespans.open();
    if (!is_stopping) serve();
  } catch (...) {
    if (is_stopping) throw;  // for the log, unless it is the cancellation
    failure = std::current_exception();
    runtime.request_stop();
  }
  // They were opened too late for those that close them.
  if (is_stopping) co_await close_in_time(lifespans, most);
}

}  // namespace

const std::string& App::title() const noexcept { return parts_->options.title; }
const std::string& App::version() const noexcept { return parts_->options.version; }

App& App::listen(std::optional<std::string> address, std::optional<std::uint16_t> port, unsigned threads) {
  if (address) parts_->options.server.address = std::move(address);
  if (port) parts_->options.server.port = port;
  if (threads != 0) parts_->options.threads = threads;
  return *this;
}

// One that the program uses itself gives its place; a new one stands outside of all.
void App::set_access_log(std::optional<AccessLogOptions::Format> format) {
  require_not_started();
  web_detail::AppParts& app = parts_->app;
  const auto own = std::ranges::find_if(app.middlewares, [](const auto& each) { return each->name == "access_log"; });
  const auto place = static_cast<std::size_t>(own - app.middlewares.begin());
  const bool has_own = own != app.middlewares.end();
  if (format) {
    auto log = std::make_shared<const Middleware>(access_log({.format = *format}));
    if (has_own) {
      *own = std::move(log);
    } else {
      app.middlewares.insert(app.middlewares.begin(), std::move(log));
      ++app.guard_place;
    }
  } else if (has_own) {
    app.middlewares.erase(own);
    if (place < app.guard_place) --app.guard_place;
  }
}

void App::run() {
  http::Handler& handling = handler();
  web_detail::raise_descriptor_limit();
  const http::ServerOptions server_options = completed_from_environment(parts_->options.server);

  Runtime runtime({.threads = parts_->options.threads, .stall_after = parts_->options.stall_after});
  http::Server server(runtime, handling, server_options);
  const auto source = std::make_shared<const MetricSource>(
      MetricSource{.write = [&server](MetricWriter& out) { web_detail::write_server_metrics(server.stats(), out); }});
  if (parts_->http_metrics) parts_->metrics.collect(source);  // until this ends
  std::exception_ptr failure;
  auto stopped_at = std::chrono::steady_clock::time_point::max();
  const auto serve = [&] {
    start(server, parts_->options.server);
    if (std::string order = order_of(parts_->app); !order.empty())
      log::info("middleware, outermost first", {{"order", std::move(order)}});
    // Registered last, so it is the first thing that is done at the end.
    runtime.on_stop([this, &stopped_at]() -> Task<> {
      stopped_at = std::chrono::steady_clock::now();
      begin_draining();
      co_return;
    });
    const std::string url = url_of(server_options, server.port());
    const std::string& document = parts_->options.openapi_path;
    std::printf("%s %s is on %s (Ctrl-C stops it)\n", parts_->options.title.c_str(), parts_->options.version.c_str(),
                url.c_str());
    const std::string& docs = parts_->options.docs_path;
    if (!document.empty() && !docs.empty()) std::printf("Its documentation is at %s%s\n", url.c_str(), docs.c_str());
    if (!document.empty()) std::printf("Its API is described at %s%s\n", url.c_str(), document.c_str());
    std::fflush(stdout);
  };
  if (!parts_->lifespan->empty())
    runtime.on_stop([this, most = server_options.shutdown_timeout] { return close_in_time(*parts_->lifespan, most); });
  runtime.on_stop([&runtime, &stopped_at, most = server_options.shutdown_timeout] {
    const auto spent = std::max(std::chrono::steady_clock::now() - stopped_at, std::chrono::steady_clock::duration(0));
    return web_detail::end_background(runtime, most - std::chrono::duration_cast<std::chrono::milliseconds>(spent));
  });
  bool is_stopping = false;
  runtime.on_stop([&is_stopping]() -> Task<> {
    is_stopping = true;
    co_return;
  });
  if (parts_->lifespan->empty()) {
    serve();
  } else {
    runtime.loop(0).spawn(
        "start", start_up(*parts_->lifespan, runtime, serve, is_stopping, failure, server_options.shutdown_timeout));
  }
  runtime.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace bailey
