#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/http/handler.hpp>
#include <bailey/runtime/runtime.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::http {

// TLS 1.2 and 1.3. Files are PEM, read at start.
struct TlsOptions {
  std::string certificate_chain_file;
  std::string private_key_file;
};

inline constexpr std::string_view default_address = "127.0.0.1";
inline constexpr std::uint16_t default_port = 8000;

// Where a Server listens, and what one client may make it spend. A number beside a limit is the status that is answered
// beyond it, before the connection is closed; "closed" means without an answer.
struct ServerOptions {
  std::optional<std::string> address = {};  // an IPv4 or IPv6 address; not set: 127.0.0.1
  std::optional<std::uint16_t> port = {};   // 0: the system picks one, see Server::port; not set: 8000
  int backlog = 2048;

  std::size_t request_line_limit_bytes = 8 * 1024;  // 414
  std::size_t header_limit_bytes = 32 * 1024;       // 431: all fields together
  std::size_t header_count_limit = 100;             // 431
  std::size_t body_limit_bytes = 1024 * 1024;       // 413: what Request::body reads unless told otherwise
  // 503: the memory of the bodies of all requests together, on all loops, from their arrival to the answer. A body that
  // does not fit at the moment is refused before it is read, or as soon as it has grown too large; one that could never
  // fit is 413. Bodies of some KB that came with their head do not count, nor do those read by Request::read_some.
  std::size_t body_memory_limit_bytes = std::size_t{256} * 1024 * 1024;
  // How much of a body that the handler has not read is read and dropped, so that the connection can go on.
  std::size_t drain_limit_bytes = 256 * 1024;
  std::size_t connection_limit = 10'000;  // 503: connections of one loop

  std::chrono::milliseconds header_timeout{10'000};      // 408: from the first byte, or the accept, to the head's end
  std::chrono::milliseconds body_stall_timeout{20'000};  // 408: without a byte of the body
  // 408: a body must not fall further behind this speed than body_stall_timeout, counting the time it is waited for.
  // What comes faster is not saved up for later. 0: any speed.
  std::size_t body_bytes_per_second = 240;
  // 504: how long a handler may be pending. It begins anew each time the handler has waited for the body. Another for a
  // single request: Request::limit_handler.
  std::chrono::milliseconds handler_timeout{30'000};
  std::chrono::milliseconds write_timeout{30'000};  // closed: the peer takes no byte of the answer
  // closed: a peer that is waited for at a stretch must not fall further behind this speed than write_timeout. What it
  // takes faster is not saved up for later. 0: any speed.
  std::size_t write_bytes_per_second = 240;
  std::chrono::milliseconds idle_timeout{15'000};  // closed: between requests
  // When the peer has closed its sending side, a handler that is still pending after this time is cancelled. When the
  // connection is reset, it is cancelled at once.
  std::chrono::milliseconds peer_gone_grace{250};
  // How long the rest of a refused request is read and dropped, so that the client gets to read the answer.
  std::chrono::milliseconds linger_timeout{2'000};
  std::chrono::milliseconds shutdown_timeout{30'000};  // how long `drain` waits before it cuts

  std::optional<TlsOptions> tls{};
  std::string server_header = "bailey";  // "": no Server field
};

// Sums over all loops of a Server since its start.
struct ServerStats {
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_open = 0;
  std::uint64_t connections_refused = 0;  // over connection_limit
  std::uint64_t requests = 0;             // given to the handler
  std::uint64_t rejected = 0;             // malformed or over a limit, answered by the server itself
  std::uint64_t handlers_cancelled = 0;   // deadline passed or peer gone
  std::uint64_t bodies_refused = 0;       // for want of memory: over body_memory_limit_bytes
  std::uint64_t body_memory_bytes = 0;    // held by bodies right now
};

// An HTTP/1.1 server (RFC 9110, RFC 9112) on all loops of a runtime, each with a listening socket of its own.
class Server {
 public:
  // The runtime and the handler must outlive the server; the server must outlive Runtime::run.
  Server(Runtime& runtime, Handler& handler, ServerOptions options = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds and listens: from now on clients can connect; they are answered once the runtime runs. Registers `drain` with
  // the runtime. Call it once, before Runtime::run. Throws Error "address_in_use", "address_unavailable" or
  // "tls_configuration".
  void start();
  // The port it listens on, after `start`.
  [[nodiscard]] std::uint16_t port() const noexcept;

  // Ends in order: refuses new connections, closes idle ones, and lets the requests in flight finish, answered with
  // `Connection: close`; those pipelined behind them may stay unanswered (RFC 9112 section 9.6). A connection that was
  // in use within the last half second is idle only once it has brought no other request for a quarter of one. After
  // `shutdown_timeout` it cancels what still runs and closes all. Returns when no connection is left. On loop 0.
  [[nodiscard]] Task<> drain();

  // Sums over the loops. Any thread.
  [[nodiscard]] ServerStats stats() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bailey::http
