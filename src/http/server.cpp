#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/http/server.hpp>
#include <bailey/runtime/event.hpp>

#include "http/connection.hpp"
#include "http/worker.hpp"

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/ssl/context.hpp>

#include <sys/socket.h>

#include <atomic>
#include <utility>
#include <vector>

namespace bailey::http {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

[[noreturn]] void throw_tls_error(const char* what, const std::string& file, const boost::system::error_code& error) {
  throw Error("tls_configuration", std::string("cannot use the TLS ") + what + " " + file + ": " + error.message());
}

std::unique_ptr<asio::ssl::context> make_tls_context(const TlsOptions& options) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                       asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression);
  boost::system::error_code error;
  context->use_certificate_chain_file(options.certificate_chain_file, error);
  if (error) throw_tls_error("certificate", options.certificate_chain_file, error);
  context->use_private_key_file(options.private_key_file, asio::ssl::context::pem, error);
  if (error) throw_tls_error("key", options.private_key_file, error);
  SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);  // idle connections hold less
  return context;
}

[[noreturn]] void throw_bind_error(const boost::system::error_code& error, const tcp::endpoint& endpoint) {
  const std::string where = endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
  if (error == asio::error::address_in_use) throw Error("address_in_use", where + " is in use already");
  throw Error("address_unavailable", "cannot listen on " + where + ": " + error.message());
}

LoopAcceptor bind(Loop& loop, const tcp::endpoint& endpoint, bool shared) {
  LoopAcceptor acceptor(loop.executor());
  boost::system::error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && shared) acceptor.set_option(ReusePort(true), error);
  if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (error) throw_bind_error(error, endpoint);
  return acceptor;
}

}  // namespace

struct Server::State {
  State(Runtime& given, Handler& handler, ServerOptions options)
      : runtime(given), config(std::make_shared<ServerConfig>(handler, std::move(options))) {}

  void worker_is_empty() {
    if (--busy_workers == 0) empty.set();
  }

  Runtime& runtime;
  std::shared_ptr<ServerConfig> config;
  std::vector<std::shared_ptr<Worker>> workers;
  std::uint16_t port = 0;
  bool draining = false;
  std::atomic<std::size_t> busy_workers = 0;
  Event empty;  // no worker has a connection any more
};

Server::Server(Runtime& runtime, Handler& handler, ServerOptions options)
    : state_(std::make_unique<State>(runtime, handler, std::move(options))) {}

Server::~Server() {
  for (const auto& worker : state_->workers) worker->forget_drain();
}

void Server::start() {
  State& state = *state_;
  const ServerOptions& options = state.config->options;
  if (options.tls) state.config->tls = make_tls_context(*options.tls);

  boost::system::error_code error;
  const std::string address = options.address.value_or(std::string(default_address));
  tcp::endpoint endpoint(asio::ip::make_address(address, error), options.port.value_or(default_port));
  if (error) throw Error("address_unavailable", "not an IP address: " + address);

  // Sockets that share a port let any process of the same user join in, silently. So one that does not share it is
  // bound first: it fails when somebody is there.
  const bool shared = state.runtime.size() > 1;
  if (shared) endpoint = bind(state.runtime.loop(0), endpoint, false).local_endpoint();
  std::vector<LoopAcceptor> acceptors;
  for (std::size_t i = 0; i < state.runtime.size(); ++i) {
    acceptors.push_back(bind(state.runtime.loop(i), endpoint, shared));
    acceptors.back().listen(options.backlog, error);
    if (error) throw_bind_error(error, endpoint);
    endpoint = acceptors.back().local_endpoint();
  }
  state.port = endpoint.port();
  for (std::size_t i = 0; i < acceptors.size(); ++i) {
    state.workers.push_back(std::make_shared<Worker>(state.runtime.loop(i), state.config));
    state.workers.back()->listen(std::move(acceptors[i]));
  }
  state.runtime.on_stop([this] { return drain(); });
}

std::uint16_t Server::port() const noexcept { return state_->port; }

Task<> Server::drain() {
  State& state = *state_;
  if (std::exchange(state.draining, true)) co_return;
  state.busy_workers = state.workers.size();
  for (const auto& worker : state.workers) {
    worker->loop().post([&state, worker] { worker->drain([&state] { state.worker_is_empty(); }); });
  }
  const bool in_time = co_await state.empty.wait_for(state.config->options.shutdown_timeout);
  if (in_time) co_return;
  log::warning("cutting connections that did not end in time");
  for (const auto& worker : state.workers) worker->loop().post([worker] { worker->cut(); });
  static_cast<void>(co_await state.empty.wait_for(std::chrono::seconds(2)));
}

ServerStats Server::stats() const noexcept {
  ServerStats sum;
  for (const auto& worker : state_->workers) {
    const Worker::Counters& counters = worker->counters;
    sum.connections_accepted += counters.accepted.get();
    sum.connections_open += counters.open.get();
    sum.connections_refused += counters.refused.get();
    sum.requests += counters.requests.get();
    sum.rejected += counters.rejected.get();
    sum.handlers_cancelled += counters.cancelled.get();
    sum.bodies_refused += counters.bodies_refused.get();
  }
  sum.body_memory_bytes = state_->config->bodies.used_bytes();
  return sum;
}

}  // namespace bailey::http
