#pragma once

#include "http/body_budget.hpp"
#include "http/workspace.hpp"
#include "runtime/counter.hpp"

#include <bailey/http/server.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/loop.hpp>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace bailey::http {

using LoopSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, LoopExecutor>;
using LoopAcceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, LoopExecutor>;

class ConnectionBase;

// A client that has connected. The system forgets its address when the connection is reset, so it is kept from the
// start.
struct Accepted {
  LoopSocket socket;
  boost::asio::ip::tcp::endpoint peer;
};

// What all loops of a server share, unchanged once made but for the budget, which any thread may use.
struct ServerConfig {
  Handler& handler;
  ServerOptions options;
  mutable BodyBudget bodies{options.body_memory_limit_bytes};
  std::unique_ptr<boost::asio::ssl::context> tls =
      nullptr;  // used by all threads; OpenSSL counts references atomically
};

// One loop's share of a server: its listening socket, its connections, its stock of workspaces, its Date. On the loop's
// thread only, but `counters`. Shared by its connections, because frames still suspended at the very end are destroyed
// with the loop, after the Server.
class Worker : public std::enable_shared_from_this<Worker> {
 public:
  Worker(Loop& loop, std::shared_ptr<const ServerConfig> config);
  ~Worker();

  void listen(LoopAcceptor acceptor);
  // Stops accepting, ends idle connections; calls `on_empty` once none is left.
  void drain(std::move_only_function<void()> on_empty);
  void cut();  // ends all connections now, cancelling handlers
  void forget_drain() noexcept { on_empty_ = nullptr; }

  [[nodiscard]] Loop& loop() noexcept { return loop_; }
  [[nodiscard]] const ServerConfig& config() const noexcept { return *config_; }
  [[nodiscard]] const ServerOptions& options() const noexcept { return config_->options; }
  [[nodiscard]] bool is_draining() const noexcept { return draining_; }
  [[nodiscard]] Event draining() const { return drain_; }  // for streams, to be set when it does
  [[nodiscard]] std::string_view constant_fields() const noexcept { return constant_fields_; }
  [[nodiscard]] RequestId next_request_id() noexcept;

  [[nodiscard]] std::unique_ptr<Workspace> take_workspace();
  void give_back(std::unique_ptr<Workspace> workspace) noexcept;

  void add(ConnectionBase& connection) noexcept;
  void remove(ConnectionBase& connection) noexcept;

  struct Counters {
    Counter accepted, open, refused, requests, rejected, cancelled, bodies_refused;
  } counters;

 private:
  static Task<> accept(std::shared_ptr<Worker> self);
  void welcome(Accepted accepted);
  void accept_those_waiting();
  void make_room_for_descriptor();
  void render_constant_fields();

  Loop& loop_;
  std::shared_ptr<const ServerConfig> config_;
  std::optional<LoopAcceptor> acceptor_;
  ConnectionBase* first_ = nullptr;
  std::size_t open_ = 0;
  std::vector<std::unique_ptr<Workspace>> stock_;
  std::string constant_fields_;
  std::chrono::sys_seconds rendered_at_{};
  TimerWheel::Entry clock_;
  RequestId request_number_ = 0;
  int reserve_descriptor_ = -1;
  bool draining_ = false;
  Event drain_;
  std::move_only_function<void()> on_empty_;
};

}  // namespace bailey::http
