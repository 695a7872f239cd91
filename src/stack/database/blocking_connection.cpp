#include "stack/database/blocking_connection.hpp"

#include <bailey/base/log.hpp>

#include <libpq-fe.h>
#include <poll.h>
#include <cerrno>
#include <charconv>
#include <new>

namespace bailey::stack {
namespace {

struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? "" : text;
}

void require_success(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return;
  if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {  // libpq leaves the copy by itself at the next command
    throw StatementError("0A000", "COPY from stdin or to stdout has no data to go with it here", "",
                         "Write the rows as INSERT statements.", 0);
  }
  const std::string place = field(result, PG_DIAG_STATEMENT_POSITION);
  std::size_t position = 0;
  std::from_chars(place.data(), place.data() + place.size(), position);
  std::string message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (message.empty()) message = connection_lost;
  throw StatementError(field(result, PG_DIAG_SQLSTATE), std::move(message), field(result, PG_DIAG_MESSAGE_DETAIL),
                       field(result, PG_DIAG_MESSAGE_HINT), position);
}

std::string without_end_of_line(std::string text) {
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

void drop_notice(void*, const PGresult*) {}

// By its steps, and not by PQconnectdb: what the server says while it lets us in would be on standard error, as it
// came, before anybody could set another receiver. It holds names that a project has chosen.
pg_conn* connect(const Secret& connection_string) {
  pg_conn* const connection = PQconnectStart(std::string(connection_string.reveal()).c_str());
  if (connection == nullptr) throw std::bad_alloc();
  PQsetNoticeReceiver(connection, drop_notice, nullptr);
  if (PQstatus(connection) == CONNECTION_BAD) return connection;
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED;
       next = PQconnectPoll(connection)) {
    pollfd watched{PQsocket(connection), next == PGRES_POLLING_READING ? short{POLLIN} : short{POLLOUT}, 0};
    while (poll(&watched, 1, -1) < 0 && errno == EINTR) {
    }
  }
  return connection;
}

}  // namespace

void BlockingConnection::Close::operator()(pg_conn* connection) const noexcept { PQfinish(connection); }

BlockingConnection::BlockingConnection(const Secret& connection_string) : connection_(connect(connection_string)) {
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    throw Error("database_unavailable",
                "cannot connect to the database: " + without_end_of_line(PQerrorMessage(connection_.get())), 503);
  }
}

void BlockingConnection::execute(const std::string& sql) {
  const Result result(PQexec(connection_.get(), sql.c_str()));
  require_success(result.get());
}

std::vector<BlockingConnection::Row> BlockingConnection::query(
    const std::string& sql, const std::vector<std::optional<std::string>>& parameters) {
  std::vector<const char*> values;
  for (const auto& parameter : parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
  const Result result(PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                                   values.data(), nullptr, nullptr, 0));
  require_success(result.get());
  std::vector<Row> rows(static_cast<std::size_t>(PQntuples(result.get())));
  for (int r = 0; r < PQntuples(result.get()); ++r) {
    Row& row = rows[static_cast<std::size_t>(r)];
    for (int c = 0; c < PQnfields(result.get()); ++c) {
      row.push_back(PQgetisnull(result.get(), r, c) ? std::nullopt
                                                    : std::optional<std::string>(PQgetvalue(result.get(), r, c)));
    }
  }
  return rows;
}

bool BlockingConnection::is_in_transaction() const noexcept {
  return PQtransactionStatus(connection_.get()) == PQTRANS_INTRANS;
}

BlockingTransaction::~BlockingTransaction() {
  if (!open_) return;
  try {
    connection_.execute("rollback");
  } catch (const Error& failure) {
    log::debug("a rollback failed", {{"reason", failure.message()}});
  }
}

void BlockingTransaction::commit() {
  open_ = false;
  connection_.execute("commit");
}

std::string text_array(const std::vector<std::string>& values) {
  std::string text = "{";
  for (const std::string& value : values) {
    if (text.size() > 1) text += ',';
    text += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + "}";
}

}  // namespace bailey::stack
