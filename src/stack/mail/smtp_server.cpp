// A coroutine a connection: reads, feeds the state machine, writes what that says. All on the runtime's first loop.
#include "stack/mail/smtp_server.hpp"

#include <bailey/base/error.hpp>
#include <bailey/base/log.hpp>
#include <bailey/runtime/sleep.hpp>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace bailey::stack::mail {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<tcp, LoopExecutor>;
using Acceptor = asio::basic_socket_acceptor<tcp, LoopExecutor>;
using SteadyClock = std::chrono::steady_clock;

[[noreturn]] void throw_bind_error(const boost::system::error_code& error, const tcp::endpoint& endpoint) {
  const std::string where = endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
  if (error == asio::error::address_in_use) throw Error("address_in_use", where + " is in use already");
  throw Error("address_unavailable", "cannot listen on " + where + ": " + error.message());
}

}  // namespace

struct SmtpServer::State {
  // What one conversation has of the memory of all, given back with it.
  class Share {
   public:
    explicit Share(State& state) : state_(state) { ++state_.open; }
    ~Share() {
      --state_.open;
      state_.used_bytes -= bytes_;
    }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    bool reserve(std::size_t bytes) {
      if (state_.used_bytes + bytes > state_.options.memory_bytes) return false;
      state_.used_bytes += bytes;
      bytes_ += bytes;
      return true;
    }

   private:
    State& state_;
    std::size_t bytes_ = 0;
  };

  State(Runtime& given, SmtpSession::Take taker, SmtpServerOptions chosen)
      : runtime(given), take(std::move(taker)), options(std::move(chosen)) {}

  static Task<> accept(std::shared_ptr<State> self);
  static Task<> converse(std::shared_ptr<State> self, Socket socket);
  static Task<> turn_away(Socket socket);

  Runtime& runtime;
  const SmtpSession::Take take;
  const SmtpServerOptions options;
  std::optional<Acceptor> acceptor;
  std::uint16_t port = 0;
  std::size_t open = 0;  // on the loop, as all of this
  std::size_t used_bytes = 0;
};

SmtpServer::SmtpServer(Runtime& runtime, SmtpSession::Take take, SmtpServerOptions options)
    : state_(std::make_shared<State>(runtime, std::move(take), std::move(options))) {}
SmtpServer::~SmtpServer() = default;

void SmtpServer::start() {
  State& state = *state_;
  Loop& loop = state.runtime.loop(0);
  boost::system::error_code error;
  const tcp::endpoint endpoint(asio::ip::make_address(state.options.address, error), state.options.port);
  if (error) throw Error("address_unavailable", "not an IP address: " + state.options.address);
  Acceptor& acceptor = state.acceptor.emplace(loop.executor());
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) throw_bind_error(error, endpoint);
  state.port = acceptor.local_endpoint().port();
  loop.spawn("smtp server", State::accept(state_));
}

std::uint16_t SmtpServer::port() const noexcept { return state_->port; }

Task<> SmtpServer::State::accept(std::shared_ptr<State> self) {
  Loop& loop = Loop::current();
  for (;;) {
    boost::system::error_code error;
    Socket socket = co_await self->acceptor->async_accept(asio::redirect_error(use_task, error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) {  // no descriptor is left, say
      co_await sleep_for(std::chrono::milliseconds(100));
    } else if (self->open < self->options.connections) {
      loop.spawn("smtp conversation", converse(self, std::move(socket)));
    } else {
      loop.spawn("smtp conversation", turn_away(std::move(socket)));
    }
  }
}

// Its few bytes fit into the socket's buffer, so nobody waits for who does not read them.
Task<> SmtpServer::State::turn_away(Socket socket) {
  constexpr std::string_view reply = "421 4.3.2 too many connections\r\n";
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(reply), ignored);
  co_return;
}

Task<> SmtpServer::State::converse(std::shared_ptr<State> self, Socket socket) {
  Share share(*self);
  SmtpSession session(self->options.limits, self->take, [&share](std::size_t bytes) { return share.reserve(bytes); });
  TimerWheel& timers = Loop::current().timers();
  const SteadyClock::time_point end = SteadyClock::now() + self->options.session_timeout;
  // Closing the socket ends what waits for it.
  TimerWheel::Entry expiry([&socket] {
    boost::system::error_code ignored;
    socket.close(ignored);
  });
  std::array<char, 16 * 1024> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled before it is read
  std::string out;
  SmtpSession::greet(out);
  boost::system::error_code error;
  for (;;) {
    timers.arm(expiry, self->options.idle_timeout);
    co_await asio::async_write(socket, asio::buffer(out), asio::redirect_error(use_task, error));
    out.clear();
    if (error || session.is_over() || SteadyClock::now() >= end) break;
    timers.arm(expiry, self->options.idle_timeout);
    const std::size_t read =
        co_await socket.async_read_some(asio::buffer(buffer), asio::redirect_error(use_task, error));
    if (error) break;
    session.feed(std::string_view(buffer.data(), read), out);
  }
  timers.cancel(expiry);
}

}  // namespace bailey::stack::mail
