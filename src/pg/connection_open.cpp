// Connecting without blocking the loop: PQconnectStart, which may resolve a name, on a thread of its own; the rest
// polled on the loop. libpq may change its socket between two polls, so the descriptor is given up before each.
#include "pg/connection.hpp"

#include <bailey/base/ascii.hpp>
#include <bailey/base/log.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace bailey::pg::detail {
namespace {

ConnectionPtr start(const Options& options) {
  std::string text(options.connection_string.reveal());
  // What stands before dbname yields to the connection string, what stands behind it does not.
  const std::array<const char*, 9> names{"keepalives_idle",
                                         "keepalives_interval",
                                         "keepalives_count",
                                         "tcp_user_timeout",
                                         "dbname",
                                         "fallback_application_name",
                                         "client_encoding",
                                         nullptr,
                                         nullptr};
  const std::array<const char*, 9> values{
      "30", "10", "3", "30000", text.c_str(), options.application_name.c_str(), "UTF8", nullptr, nullptr};
  ConnectionPtr connection(PQconnectStartParams(names.data(), values.data(), 1));
  wipe(text);
  return connection;
}

void log_notice(void*, const PGresult* notice) {
  if (!log::enabled(log::Level::debug)) return;
  const char* text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
  const char* severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  log::debug("database notice",
             {{"severity", severity != nullptr ? severity : ""}, {"text", text != nullptr ? text : ""}});
}

// libpq's own messages may quote parts of a mangled connection string, so only the server's are passed on.
std::string_view reason(std::string_view message) {
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

// What stands in the place of a port may be a part of a mangled password.
std::string_view port_of(const PGconn* connection) {
  const char* port = connection != nullptr ? PQport(connection) : nullptr;
  const std::string_view text = port != nullptr ? port : "";
  return text.size() <= 5 && std::ranges::all_of(text, ascii::is_digit) ? text : std::string_view();
}

}  // namespace

void Connection::connect() {
  loop_.timers().arm(watch_, core_->options.connect_timeout);
  // The options are kept alive by the core, the core by this job; the way back by the loop's handle.
  core_->connecting.submit([core = core_.get(), home = home_, weak = weak_from_this()] {
    auto started = start(core->options);
    home.post([weak, started = std::move(started)]() mutable {
      if (const auto self = weak.lock()) self->begin_polling(std::move(started));
    });
  });
}

void Connection::begin_polling(ConnectionPtr connection) {
  if (state_ != State::connecting) return;
  connection_ = std::move(connection);
  if (!connection_ || PQstatus(connection_.get()) == CONNECTION_BAD) return fail_connect();
  PQsetNoticeReceiver(connection_.get(), log_notice, nullptr);
  descriptor_.assign(PQsocket(connection_.get()));
  descriptor_.async_wait(Descriptor::wait_write, [self = shared_from_this()](boost::system::error_code error) {
    if (!error) self->poll_connect();
  });
}

void Connection::poll_connect() {
  if (state_ != State::connecting) return;
  descriptor_.release();
  const PostgresPollingStatusType status = PQconnectPoll(connection_.get());
  if (status == PGRES_POLLING_FAILED) return fail_connect();
  descriptor_.assign(PQsocket(connection_.get()));
  if (status == PGRES_POLLING_OK) return become_ready();
  descriptor_.async_wait(status == PGRES_POLLING_READING ? Descriptor::wait_read : Descriptor::wait_write,
                         [self = shared_from_this()](boost::system::error_code error) {
                           if (!error) self->poll_connect();
                         });
}

void Connection::become_ready() {
  loop_.timers().cancel(watch_);
  if (PQsetnonblocking(connection_.get(), 1) != 0 || PQenterPipelineMode(connection_.get()) != 1) return fail_connect();
  state_ = State::ready;
  counters_->connections.add();
  counters_->connects.add();
  core_->connected();
  wait_readable();
  if (owner_ != nullptr) owner_->on_connected(*this);
}

void Connection::fail_connect() {
  counters_->connect_failures.add();
  const std::string_view why = timed_out_    ? "timed out"
                               : connection_ ? reason(PQerrorMessage(connection_.get()))
                                             : "out of memory";
  if (core_->is_news(why))
    log::warning("no connection to the database", {{"reason", why}, {"port", port_of(connection_.get())}});
  lose();
}

}  // namespace bailey::pg::detail
