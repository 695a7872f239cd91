#include <bailey/web/app.hpp>

#include <bailey/base/env.hpp>
#include <bailey/runtime/runtime.hpp>
#include "web/app_parts.hpp"
#include "web/descriptor_limit.hpp"

#include <cstdio>
#include <exception>
#include <string>
#include <utility>

namespace bailey {
namespace {

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

const std::string& App::title() const noexcept { return parts_->options.title; }
const std::string& App::version() const noexcept { return parts_->options.version; }

App& App::listen(std::optional<std::string> address, std::optional<std::uint16_t> port, unsigned threads) {
  if (address) parts_->options.server.address = std::move(address);
  if (port) parts_->options.server.port = port;
  if (threads != 0) parts_->options.threads = threads;
  return *this;
}

void App::run() {
  http::Handler& handling = handler();
  web_detail::raise_descriptor_limit();
  const http::ServerOptions server_options = completed_from_environment(parts_->options.server);

  Runtime runtime({.threads = parts_->options.threads, .stall_after = parts_->options.stall_after});
  http::Server server(runtime, handling, server_options);
  std::exception_ptr failure;
  const auto serve = [&] {
    start(server, parts_->options.server);
    // Registered last, so it is the first thing that is done at the end.
    runtime.on_stop([this]() -> Task<> {
      begin_draining();
      co_return;
    });
    std::printf("%s %s is on %s (Ctrl-C stops it)\n", parts_->options.title.c_str(), parts_->options.version.c_str(),
                url_of(server_options, server.port()).c_str());
    std::fflush(stdout);
  };
  if (parts_->lifespan->empty()) {
    serve();
  } else {
    runtime.on_stop([this] { return parts_->lifespan->close(); });
    runtime.loop(0).spawn("start",
                          [](App::Parts& parts, Runtime& running, auto& then, std::exception_ptr& kept) -> Task<> {
                            try {
                              co_await parts.lifespan->open();
                              then();
                            } catch (...) {
                              kept = std::current_exception();
                              running.request_stop();
                            }
                          }(*parts_, runtime, serve, failure));
  }
  runtime.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace bailey
