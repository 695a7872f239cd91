// Connecting without blocking the loop: what may resolve a name is done on other threads. That is PQconnectStart and,
// where there are several hosts, each poll: the name of the next one is looked up when the one before has failed. The
// rest is polled on the loop. libpq may change its socket between two polls, so it is given up before each.
//
// The loop watches a descriptor of its own for libpq's socket. libpq closes the socket by itself when it finds the
// connection broken, be it in the midst of a send; its number is then free for any other thread to get.
#include "pg/link.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/log.hpp>

#include "pg/background_threads.hpp"

#include <boost/asio/post.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace bailey::pg::detail {
namespace {

ConnectionPtr start(const LinkOptions& options) {
  std::string text(options.connection_string.reveal());
  // What stands before dbname yields to the connection string, what stands behind it does not.
  const std::array<const char*, 9> names{"keepalives_idle",
                                         "keepalives_interval",
                                         "keepalives_count",
                                         "tcp_user_timeout",
                                         "dbname",
                                         "fallback_application_name",
                                         "client_encoding",
                                         options.replication.empty() ? nullptr : "replication",
                                         nullptr};
  const std::array<const char*, 9> values{
      "30",         "10",
      "3",          "30000",
      text.c_str(), options.application_name.c_str(),
      "UTF8",       options.replication.empty() ? nullptr : options.replication.c_str(),
      nullptr};
  ConnectionPtr connection(PQconnectStartParams(names.data(), values.data(), 1));
  wipe(text);
  return connection;
}

// Whether libpq may yet have to look up a name.
bool has_several_hosts(PGconn* connection) {
  PQconninfoOption* const options = PQconninfo(connection);
  bool several = false;
  for (const PQconninfoOption* each = options; each != nullptr && each->keyword != nullptr; ++each)
    if (std::string_view(each->keyword) == "host" && each->val != nullptr)
      several = std::string_view(each->val).contains(',');
  PQconninfoFree(options);
  return several;
}

void log_notice(void*, const PGresult* notice) {
  if (!log::enabled(log::Level::debug)) return;
  const char* text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
  const char* severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  log::debug("database notice",
             {{"severity", severity != nullptr ? severity : ""}, {"text", text != nullptr ? text : ""}});
}

// libpq's own messages may quote parts of a mangled connection string, so only the server's are passed on.
std::string_view reason_in(std::string_view message) {
  if (const std::size_t fatal = message.find("FATAL:"); fatal != std::string_view::npos)
    return message.substr(fatal, message.find('\n', fatal) - fatal);
  struct Known {
    std::string_view part, reason;
  };
  static constexpr std::array<Known, 11> known{{{"Connection refused", "connection refused"},
                                                {"translate host name", "host name not found"},
                                                {"No such file", "no such socket"},
                                                {"certificate", "TLS certificate not accepted"},
                                                {"SSL", "TLS failed"},
                                                {"Permission denied", "permission denied"},
                                                {"no password supplied", "a password is wanted and none is given"},
                                                {"expected authentication request", "no PostgreSQL server"},
                                                {"closed the connection", "the server closed the connection"},
                                                {"unreachable", "network unreachable"},
                                                {"No route to host", "no route to the host"}}};
  for (const Known& each : known)
    if (message.contains(each.part)) return each.reason;
  return "no connection";
}

}  // namespace

Link::Link(Loop& loop, BackgroundThreads& connecting, User& user)
    : loop_(loop),
      connecting_(connecting),
      user_(&user),
      home_(loop.handle()),
      socket_(loop.executor()),
      connect_timeout_([this] { fail("timed out"); }) {}

Link::~Link() { release_socket(); }

void Link::release_socket() noexcept {
  if (socket_.is_open()) ::close(socket_.release());  // not closed by Asio: epoll would go on watching what libpq has
}

void Link::open(LinkOptions options) {
  loop_.timers().arm(connect_timeout_, options.connect_timeout);
  connecting_.submit([options = std::move(options), home = home_, weak = weak_from_this()] {
    if (weak.expired()) return;
    auto connection = start(options);
    home.post([weak, connection = std::move(connection)]() mutable {
      if (const auto self = weak.lock()) self->started(std::move(connection));
    });
  });
}

void Link::started(ConnectionPtr connection) {
  if (user_ == nullptr) return;
  connection_ = std::move(connection);
  if (!connection_) return fail("out of memory");
  if (PQstatus(connection_.get()) == CONNECTION_BAD) return fail(reason_in(PQerrorMessage(connection_.get())));
  PQsetNoticeReceiver(connection_.get(), log_notice, nullptr);
  has_more_hosts_ = has_several_hosts(connection_.get());
  polled(PGRES_POLLING_WRITING);
}

void Link::poll() {
  if (user_ == nullptr) return;
  release_socket();
  if (!has_more_hosts_) return polled(PQconnectPoll(connection_.get()));
  connecting_.submit([connection = std::move(connection_), home = home_, weak = weak_from_this()]() mutable {
    if (weak.expired()) return;
    const PostgresPollingStatusType status = PQconnectPoll(connection.get());
    home.post([weak, status, connection = std::move(connection)]() mutable {
      const auto self = weak.lock();
      if (!self || self->user_ == nullptr) return;
      self->connection_ = std::move(connection);
      self->polled(status);
    });
  });
}

void Link::polled(PostgresPollingStatusType status) {
  if (status == PGRES_POLLING_FAILED) return fail(reason_in(PQerrorMessage(connection_.get())));
  const int watched = ::fcntl(PQsocket(connection_.get()), F_DUPFD_CLOEXEC, 0);
  if (watched < 0) return fail("no file descriptor is free");
  socket_.assign(watched);
  if (status == PGRES_POLLING_OK) return opened();
  socket_.async_wait(status == PGRES_POLLING_READING ? Socket::wait_read : Socket::wait_write,
                     [self = shared_from_this()](boost::system::error_code error) {
                       if (!error) self->poll();
                     });
}

void Link::opened() {
  loop_.timers().cancel(connect_timeout_);
  if (PQsetnonblocking(connection_.get(), 1) != 0) return fail("out of memory");
  is_open_ = true;
  wait_readable();
  user_->on_open();
}

void Link::fail(std::string_view reason) {
  const auto self = shared_from_this();
  if (user_ != nullptr) user_->on_failed(reason);
}

void Link::close() {
  user_ = nullptr;
  is_open_ = false;
  meter_.stop();
  loop_.timers().cancel(connect_timeout_);
  release_socket();
  connection_.reset();
}

// What stands in the place of a port may be a part of a mangled password.
std::string_view Link::port() const noexcept {
  const char* port = connection_ ? PQport(connection_.get()) : nullptr;
  const std::string_view text = port != nullptr ? port : "";
  return text.size() <= 5 && std::ranges::all_of(text, ascii::is_digit) ? text : std::string_view();
}

void Link::wait_readable() {
  if (paused_ || std::exchange(waiting_readable_, true)) return;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](boost::system::error_code error) {
    self->waiting_readable_ = false;
    if (self->paused_) return;
    if (error || !self->is_open_) return;
    if (self->meter_.is_running()) self->meter_.before_read();
    const bool alive = PQconsumeInput(self->connection_.get()) == 1;
    if (self->meter_.is_running()) self->meter_.after_read();
    self->user_->on_input(alive);
    if (alive && self->is_open_) self->wait_readable();
  });
}

void Link::resume_reading() {
  if (std::exchange(paused_, false) && is_open_) wait_readable();
}

void Link::flush() {
  if (!is_open_ || waiting_writable_) return;
  if (PQflush(connection_.get()) != 1) return;  // all written; or failed, which shows when reading
  waiting_writable_ = true;
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](boost::system::error_code error) {
    self->waiting_writable_ = false;
    if (!error) self->flush();
  });
}

void Link::flush_later() {
  if (std::exchange(flush_posted_, true)) return;
  boost::asio::post(loop_.executor(), [self = shared_from_this()] {
    self->flush_posted_ = false;
    self->flush();
  });
}

bool Link::request_cancel(BackgroundThreads& threads, std::move_only_function<void()> asked) {
  CancelPtr cancel(PQgetCancel(get()));
  if (!cancel) return false;
  threads.submit(
      [cancel = std::move(cancel), asked = std::move(asked), home = home_, weak = weak_from_this()]() mutable {
        if (weak.expired()) return;
        std::array<char, 256> reason{};
        PQcancel(cancel.get(), reason.data(), static_cast<int>(reason.size()));
        home.post([weak, asked = std::move(asked)]() mutable {
          if (const auto self = weak.lock(); self && self->user_ != nullptr) asked();
        });
      });
  return true;
}

}  // namespace bailey::pg::detail
