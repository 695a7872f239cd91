#include "http/worker.hpp"

#include "http/connection.hpp"
#include "http/date.hpp"

#include <bailey/base/log.hpp>
#include <bailey/base/random.hpp>
#include <bailey/runtime/sleep.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <span>

namespace bailey::http {

namespace {

namespace asio = boost::asio;
constexpr std::size_t stock_limit = 256;
constexpr std::size_t refusals_at_once =
    64;  // connections over the limit that are told so; further ones are just closed

bool is_out_of_resources(const boost::system::error_code& error) {
  return error == asio::error::no_descriptors || error.value() == ENFILE || error == asio::error::no_buffer_space ||
         error == asio::error::no_memory;
}

}  // namespace

Worker::Worker(Loop& loop, std::shared_ptr<const ServerConfig> config)
    : loop_(loop),
      config_(std::move(config)),
      clock_([this] { render_constant_fields(); }),
      reserve_descriptor_(::open("/dev/null", O_RDONLY | O_CLOEXEC)) {
  random_bytes(std::as_writable_bytes(std::span(&request_number_, 1)));
  render_constant_fields();
}

Worker::~Worker() {
  if (reserve_descriptor_ >= 0) ::close(reserve_descriptor_);
}

// Server and Date stand in every answer; they are put into bytes once a second.
void Worker::render_constant_fields() {
  loop_.timers().arm(clock_, TimerWheel::resolution);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (now == rendered_at_) return;
  rendered_at_ = now;
  constant_fields_.clear();
  if (!options().server_header.empty())
    constant_fields_.append("Server: ").append(options().server_header).append("\r\n");
  constant_fields_.append("Date: ");
  append_date(constant_fields_, now);
  constant_fields_.append("\r\n");
}

// A counter from a random start, stirred (splitmix64), so that no two that follow each other look alike. It can be
// unstirred.
RequestId Worker::next_request_id() noexcept {
  RequestId z = request_number_ += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

std::unique_ptr<Workspace> Worker::take_workspace() {
  if (stock_.empty()) {
    auto made = std::make_unique<Workspace>();
    made->attachment = config_->handler.attach();
    return made;
  }
  auto workspace = std::move(stock_.back());
  stock_.pop_back();
  return workspace;
}

void Worker::give_back(std::unique_ptr<Workspace> workspace) noexcept {
  if (stock_.size() >= stock_limit || workspace->capacity > Workspace::usual_capacity) return;
  workspace->position = workspace->end = 0;
  workspace->out.clear();
  workspace->body.clear();
  workspace->forget_large_strings();
  if (workspace->attachment) workspace->attachment->reset();  // of a request that was broken off
  stock_.push_back(std::move(workspace));
}

void Worker::add(ConnectionBase& connection) noexcept {
  connection.next_ = first_;
  if (first_) first_->previous_ = &connection;
  first_ = &connection;
  ++open_;
  counters.open.add();
}

void Worker::remove(ConnectionBase& connection) noexcept {
  if (connection.next_) connection.next_->previous_ = connection.previous_;
  (connection.previous_ ? connection.previous_->next_ : first_) = connection.next_;
  --open_;
  counters.open.subtract();
  if (open_ == 0 && on_empty_) std::exchange(on_empty_, nullptr)();
}

void Worker::listen(LoopAcceptor acceptor) {
  acceptor_.emplace(std::move(acceptor));
  asio::co_spawn(loop_.executor(), accept(shared_from_this()), asio::detached);
}

void Worker::drain(std::move_only_function<void()> on_empty) {
  draining_ = true;
  boost::system::error_code ignored;
  if (acceptor_) {
    accept_those_waiting();
    acceptor_->close(ignored);
  }
  for (ConnectionBase* connection = first_; connection; connection = connection->next_) connection->drain();
  drain_.set();
  // A turn later: one that the system has handed over before may still have to be welcomed.
  loop_.post([self = shared_from_this(), then = std::move(on_empty)]() mutable {
    self->on_empty_ = std::move(then);
    if (self->open_ == 0) std::exchange(self->on_empty_, nullptr)();
  });
}

// The system has told them that they are connected, and their requests may be here already.
void Worker::accept_those_waiting() {
  boost::system::error_code error;
  acceptor_->non_blocking(true, error);
  for (int left = options().backlog; left > 0 && !error; --left) {
    Accepted accepted{LoopSocket(loop_.executor()), {}};
    acceptor_->accept(accepted.socket, accepted.peer, error);
    if (!error) welcome(std::move(accepted));
  }
}

void Worker::cut() {
  for (ConnectionBase* connection = first_; connection; connection = connection->next_) connection->cut();
}

// Out of descriptors, a listening socket stays readable and accepting fails at once, for ever. One descriptor is held
// in reserve: given up, it lets the next client be accepted and closed, which tells it more than silence.
void Worker::make_room_for_descriptor() {
  if (reserve_descriptor_ < 0) return;
  ::close(reserve_descriptor_);
  const int refused = ::accept4(acceptor_->native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (refused >= 0) {
    ::close(refused);
    counters.refused.add();
  }
  reserve_descriptor_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

Task<> Worker::accept(std::shared_ptr<Worker> self) {
  bool warned = false;
  while (!self->draining_) {
    boost::system::error_code error;
    asio::ip::tcp::endpoint peer;
    LoopSocket socket = co_await self->acceptor_->async_accept(peer, asio::redirect_error(use_task, error));
    if (!error) {
      warned = false;
      self->welcome({std::move(socket), peer});
    } else if (is_out_of_resources(error)) {
      if (!std::exchange(warned, true)) log::error("cannot accept connections", {{"error", error.message()}});
      self->make_room_for_descriptor();
      co_await sleep_for(std::chrono::milliseconds(10));
    } else if (!self->acceptor_->is_open()) {
      break;
    }  // else that connection died before it was accepted
  }
}

void Worker::welcome(Accepted accepted) {
  counters.accepted.add();
  const bool over_limit = open_ >= options().connection_limit;
  if (over_limit) counters.refused.add();
  if (over_limit && open_ >= options().connection_limit + refusals_at_once) return;
  boost::system::error_code ignored;
  accepted.socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  accepted.socket.non_blocking(true, ignored);
  if (config_->tls)
    start_tls_connection(shared_from_this(), std::move(accepted), over_limit);
  else
    start_plain_connection(shared_from_this(), std::move(accepted), over_limit);
}

}  // namespace bailey::http
