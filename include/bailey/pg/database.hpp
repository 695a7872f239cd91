#pragma once

#include <bailey/pg/options.hpp>
#include <bailey/pg/rls_scope.hpp>
#include <bailey/pg/rows.hpp>
#include <bailey/pg/sql_error.hpp>
#include <bailey/pg/statement.hpp>
#include <bailey/runtime/task.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace bailey::pg {

namespace detail {
class Core;
class TransactionSession;
class ListenerSession;
struct KeptGroup;
}  // namespace detail

class ScopedDatabase;

// How one group of statements runs.
struct RunOptions {
  std::optional<RlsScope> scope{};      // nullopt: as the connection's own user, with empty claims
  bool read_only = false;               // the server refuses writes (25006)
  std::chrono::milliseconds timeout{};  // statement_timeout of each statement; 0: Options::statement_timeout
};

enum class Isolation : std::uint8_t { read_committed, repeatable_read, serializable };

struct TransactionOptions {
  std::optional<RlsScope> scope{};
  bool read_only = false;
  std::chrono::milliseconds timeout{};  // of each statement, as in RunOptions
  Isolation isolation = Isolation::read_committed;
};

// One transaction on a connection of its own. One task uses it, on the loop where it began. `commit` ends it;
// destroying it before rolls it back. It throws Error "statement_not_allowed" for COMMIT, ROLLBACK and SET without
// LOCAL, and in a scope for SET LOCAL of what the scope sets: the role, the claims.
class Transaction {
 public:
  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) noexcept;
  ~Transaction();

  [[nodiscard]] Task<Rows> run(Statement statement);
  // Sends the statements together. The first that fails ends the transaction, as in SQL, and throws.
  [[nodiscard]] Task<std::vector<Rows>> run_group(std::vector<Statement> statements);

  // Throws SqlError when the server did not commit: a deferred constraint, a serialization failure, or 25P02 when an
  // earlier error had ended the transaction already.
  [[nodiscard]] Task<> commit();

 private:
  friend class Database;
  explicit Transaction(std::unique_ptr<detail::TransactionSession> session) noexcept;
  std::unique_ptr<detail::TransactionSession> session_;
};

// A message sent with NOTIFY.
struct Notification {
  std::string channel;
  std::string payload;
};

// Receives what is sent by NOTIFY on some channels, on a connection of its own. One task uses it, on the loop where it
// was made. Destroying it closes the connection.
class Listener {
 public:
  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;
  ~Listener();

  // Waits for the next notification, in the server's order. Throws Error "database_unavailable" (503) once the
  // connection is lost. What was sent since is lost, too: make a new Listener, then read what the notifications are
  // about.
  [[nodiscard]] Task<Notification> next();

 private:
  friend class Database;
  explicit Listener(std::unique_ptr<detail::ListenerSession> session) noexcept;
  std::unique_ptr<detail::ListenerSession> session_;
};

// What a Database holds now and has done since it was made: sums over all loops.
struct Stats {
  std::uint64_t connections = 0;  // open now, of all kinds
  std::uint64_t in_flight = 0;    // groups sent and unanswered now
  std::uint64_t queued = 0;       // groups waiting now
  std::uint64_t groups = 0;       // answered
  std::uint64_t failed = 0;       // of these, with an error
  std::uint64_t retried = 0;  // sent again: a stale prepared statement, a neighbour's cancellation, an unclean session
  std::uint64_t cancelled = 0;   // cancellation requests sent to the server
  std::uint64_t overloaded = 0;  // refused: the queue was full, or the wait too long
  std::uint64_t prepared = 0;    // statements prepared
  std::uint64_t connects = 0;    // connections made
  std::uint64_t connect_failures = 0;
};

// A PostgreSQL database: an immutable handle, O(1) to copy. Each event loop has its own connections, made on first use
// and closed when the last copy has gone, or with the loop. Await its calls on a loop; any thread may hold a copy.
//
// Every group of statements is one implicit transaction, sent in one piece: first who is acting (role, claims,
// settings: all local to the transaction), then the statements, then a Sync, which ends the transaction. Groups of
// different users share connections, never a transaction. Cancelling the task that awaits a group removes the group if
// it is not sent yet, or else cancels it on the server.
//
// What is temporary (a table, a view, a function) ends with its group or transaction: who comes next never runs in a
// session that has any. It is closed, so say ON COMMIT DROP. Settings that SQL makes for the session, as by
// set_config(…, false), stay and reach who comes next.
//
// What is thrown, beside SqlError:
//   database_unavailable 503       no connection, and connecting has failed: at once, without waiting
//   database_connection_lost 503   the connection broke after the group was sent: whether it took effect is unknown;
//                                  nothing is sent again by itself
//   database_timeout 504           waited longer than acquire_timeout for a place, or the server stopped answering
//   database_overloaded 503        queue_limit groups are waiting already
//   response_too_large 502         the rows of a statement were over response_limit_bytes; unless it only reads,
//                                  whether it took effect is unknown
//   role_not_allowed 403           the scope's role; nothing was sent
//   setting_not_allowed 500        a setting of the scope; nothing was sent
//   statement_not_allowed 500      SQL that would end or outlive the group (BEGIN, COMMIT, SET, DISCARD, COPY …);
//                                  nothing was sent
class Database {
 public:
  // Connects to nothing yet.
  explicit Database(Options options);

  // A handle that runs every statement in this scope; include <bailey/pg/scoped_database.hpp>. Throws role_not_allowed,
  // setting_not_allowed, or SqlError 22021 for a NUL in the scope.
  [[nodiscard]] ScopedDatabase as(RlsScope scope) const;

  // Runs one statement as a group of its own.
  [[nodiscard]] Task<Rows> run(Statement statement, RunOptions options = {}) const;
  // Runs the statements as one group, all or nothing, in one round trip. At least one statement.
  [[nodiscard]] Task<std::vector<Rows>> run_group(std::vector<Statement> statements, RunOptions options = {}) const;

  // Runs `body(transaction)`, a callable that returns a Task, and commits; an exception that leaves it rolls back. The
  // callable is kept until the end, so a lambda may capture. Nothing that has run is retried.
  //   auto id = co_await database.transaction([&](pg::Transaction& t) -> Task<int> { … co_return id; });
  template <class Body>
  [[nodiscard]] std::invoke_result_t<Body&, Transaction&> transaction(Body body,
                                                                      TransactionOptions options = {}) const {
    return in_transaction<std::invoke_result_t<Body&, Transaction&>>(*this, std::move(body), std::move(options));
  }
  // The same by hand: the caller commits.
  [[nodiscard]] Task<Transaction> begin(TransactionOptions options = {}) const;

  // Runs many commands separated by semicolons, for migrations, by PostgreSQL's simple protocol: without parameters, as
  // the connection's own user, in one implicit transaction unless the text says otherwise, and on a connection that is
  // closed afterwards.
  [[nodiscard]] Task<> script(std::string sql) const;

  // Listens to these channels: returns when notifications sent from now on will be received.
  [[nodiscard]] Task<Listener> listen(std::vector<std::string> channels) const;

  // Has every statement prepared anew at its next use, on all loops. Call it after somebody else has changed the
  // schema: PostgreSQL infers the types of parameters when it prepares a statement, and keeps them when a column gets
  // another type. It is not needed for changes made through this Database, nor where a statement fails because of the
  // change. Any thread.
  void forget_statements() const noexcept;

  [[nodiscard]] const Options& options() const noexcept;
  // Any thread.
  [[nodiscard]] Stats stats() const;

 private:
  friend struct detail::KeptGroup;
  [[nodiscard]] static Task<Transaction> begin(std::shared_ptr<detail::Core> core, TransactionOptions options);
  [[nodiscard]] static Task<Listener> listen(std::shared_ptr<detail::Core> core, std::vector<std::string> channels);

  template <class Result, class Body>
  static Result in_transaction(Database database, Body body, TransactionOptions options) {
    Transaction transaction = co_await database.begin(std::move(options));
    if constexpr (std::is_void_v<typename Result::value_type>) {
      co_await body(transaction);
      co_await transaction.commit();
    } else {
      auto value = co_await body(transaction);
      co_await transaction.commit();
      co_return value;
    }
  }

  std::shared_ptr<detail::Core> core_;
};

}  // namespace bailey::pg
