#pragma once

#include "pg/pool.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace bailey::pg::detail {

// A leased connection, given back in whatever state when this dies.
class Session {
 public:
  Session(Loop& loop, std::shared_ptr<Core> core, std::weak_ptr<Pool> pool,
          std::shared_ptr<Connection> connection) noexcept
      : loop_(&loop), core_(std::move(core)), pool_(std::move(pool)), connection_(std::move(connection)) {}
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] Loop& loop() noexcept { return *loop_; }
  [[nodiscard]] Connection& connection() noexcept { return *connection_; }
  // Throws database_connection_lost when it is.
  void require_connection() const;
  // Sends the group and waits for its end.
  [[nodiscard]] Task<> run(Group& group);
  // Closes the connection and waits for another in its place.
  [[nodiscard]] Task<> exchange();
  // The connection shall serve nobody else.
  void discard() noexcept { connection_->close(); }
  void forget_statements() noexcept { core_->forget_statements(); }

 private:
  Loop* loop_;
  std::shared_ptr<Core> core_;  // the database stays in use
  std::weak_ptr<Pool> pool_;
  std::shared_ptr<Connection> connection_;
};

[[nodiscard]] Task<std::unique_ptr<Session>> lease(std::shared_ptr<Core> core);

class TransactionSession {
 public:
  TransactionSession(std::unique_ptr<Session> session, TransactionOptions options, std::chrono::milliseconds timeout)
      : session_(std::move(session)), options_(std::move(options)), timeout_(timeout) {}
  ~TransactionSession();
  TransactionSession(const TransactionSession&) = delete;
  TransactionSession& operator=(const TransactionSession&) = delete;

  // BEGIN and who is acting go out with the first statements.
  [[nodiscard]] Task<> run(std::span<const Statement> statements, std::span<Rows> rows);
  [[nodiscard]] Task<> commit();
  [[nodiscard]] bool has_scope() const noexcept { return options_.scope.has_value(); }
  void note_schema_change() noexcept { changes_schema_ = true; }

 private:
  void require_open() const;

  std::unique_ptr<Session> session_;
  TransactionOptions options_;
  std::chrono::milliseconds timeout_;
  bool begun_ = false;
  bool changes_schema_ = false;
  bool ended_ = false;   // takes no more statements
  bool closed_ = false;  // and leaves nothing to roll back
};

class ListenerSession {
 public:
  explicit ListenerSession(std::unique_ptr<Session> session);
  ~ListenerSession();
  ListenerSession(const ListenerSession&) = delete;
  ListenerSession& operator=(const ListenerSession&) = delete;

  [[nodiscard]] Task<> listen(std::vector<std::string> channels);
  [[nodiscard]] Task<Notification> next();

 private:
  class Wait;
  void received(Notification notification);
  void lost();

  std::unique_ptr<Session> session_;
  std::deque<Notification> waiting_;
  Wait* waiter_ = nullptr;
  bool lost_ = false;
};

}  // namespace bailey::pg::detail
