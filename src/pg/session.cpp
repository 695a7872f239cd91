// Exclusive use of a connection. Whatever ends a session, also a cancellation that forbids to await anything, its
// connection goes back with a ROLLBACK sent behind what is still on its way; the pool lends it again only when all of
// that is answered and no transaction is open.
#include "pg/session.hpp"

#include <bailey/base/error.hpp>

#include <utility>

namespace bailey::pg::detail {
namespace {

constexpr std::size_t notification_limit = 65'536;  // waiting for their reader; beyond, the connection is given up

const char* begin_text(const TransactionOptions& options) noexcept {
  switch (options.isolation) {
    case Isolation::repeatable_read:
      return options.read_only ? "begin isolation level repeatable read read only"
                               : "begin isolation level repeatable read";
    case Isolation::serializable:
      return options.read_only ? "begin isolation level serializable read only" : "begin isolation level serializable";
    case Isolation::read_committed: break;
  }
  return options.read_only ? "begin isolation level read committed read only" : "begin isolation level read committed";
}

}  // namespace

Task<std::unique_ptr<Session>> lease(std::shared_ptr<Core> core) {
  Loop& loop = Loop::current();
  const std::shared_ptr<Pool> pool = Pool::of(loop, *core);
  Lease waiter(loop, *pool);
  if (!pool->acquire(waiter)) co_await waiter.wait();
  if (waiter.error) std::rethrow_exception(waiter.error);
  co_return std::make_unique<Session>(loop, std::move(core), pool, std::move(waiter.connection));
}

Session::~Session() {
  connection_->on_lost = nullptr;
  connection_->on_notification(nullptr);
  if (const auto pool = pool_.lock()) pool->release(*connection_);
}

void Session::require_connection() const {
  if (connection_->state() != Connection::State::ready)
    throw Error("database_connection_lost", "The connection to the database broke; the transaction was rolled back.",
                503);
}

Task<> Session::run(Group& group) {
  require_connection();
  group.exclusive = true;
  connection_->send(group);
  co_await group.wait();
  if (group.error) std::rethrow_exception(group.error);
}

Task<> Session::exchange() {
  discard();
  const auto other = co_await lease(core_);
  std::swap(connection_, other->connection_);
}

TransactionSession::~TransactionSession() {
  if (begun_ && !closed_ && session_->connection().state() == Connection::State::ready)
    session_->connection().send_housekeeping("rollback");
}

// A statement of a transaction that is no more would run alone, and as whoever the connection belongs to.
void TransactionSession::require_open() const {
  const Connection& connection = session_->connection();
  const bool is_gone = begun_ && connection.in_flight() == 0 && !connection.is_in_transaction();
  if (ended_ || is_gone) {
    if (!ended_) session_->require_connection();
    throw Error("transaction_ended", "The transaction has ended already.", 500);
  }
}

// A transaction that finds its session unclean has done nothing yet, so it begins in another.
Task<> TransactionSession::run(std::span<const Statement> statements, std::span<Rows> rows) {
  require_open();
  const bool begins = !std::exchange(begun_, true);
  for (unsigned tries = 1;; ++tries) {
    Group group(session_->loop());
    group.scope = options_.scope ? &*options_.scope : nullptr;
    group.timeout = timeout_;
    group.read_only = options_.read_only;
    group.statements = statements;
    group.rows = rows;
    group.with_scope = begins;
    if (begins) group.before = begin_text(options_);
    try {
      co_await session_->run(group);
      co_return;
    } catch (const Error&) {
      if (!group.unclean || tries == tries_in_unclean_sessions) throw;
    }
    co_await session_->exchange();
  }
}

Task<> TransactionSession::commit() {
  require_open();
  ended_ = true;  // also when COMMIT fails
  if (!begun_) co_return;
  Group group(session_->loop());
  group.with_scope = false;
  group.after = "commit";
  co_await session_->run(group);
  closed_ = true;
  if (changes_schema_) session_->forget_statements();
  if (group.last_tag == "COMMIT") co_return;
  SqlErrorFields fields;
  fields.sqlstate = "25P02";
  fields.message = "the transaction was rolled back, since one of its statements had failed";
  fields.severity = "ERROR";
  throw SqlError(std::move(fields));
}

// The task that awaits the next notification.
class ListenerSession::Wait final : public Waiter {
 public:
  Wait(Loop& loop, ListenerSession& session) : Waiter(loop), session_(session) { session_.waiter_ = this; }
  ~Wait() override { detach(); }

 private:
  void detach() noexcept override {
    if (session_.waiter_ == this) session_.waiter_ = nullptr;
  }
  ListenerSession& session_;
};

ListenerSession::ListenerSession(std::unique_ptr<Session> session) : session_(std::move(session)) {
  session_->connection().on_notification([this](Notification notification) { received(std::move(notification)); });
  session_->connection().on_lost = [this] { lost(); };
}

ListenerSession::~ListenerSession() {
  session_->connection().on_lost = nullptr;
  session_->discard();
}

Task<> ListenerSession::listen(std::vector<std::string> channels) {
  session_->require_connection();
  std::vector<Statement> statements;
  for (const std::string& channel : channels)
    statements.emplace_back("listen " + session_->connection().quoted_identifier(channel), std::vector<Parameter>{},
                            false);
  std::vector<Rows> rows(statements.size());
  Group group(session_->loop());
  group.with_scope = false;
  group.statements = statements;
  group.rows = rows;
  co_await session_->run(group);
}

Task<Notification> ListenerSession::next() {
  if (waiting_.empty() && !lost_) {
    Wait wait(session_->loop(), *this);
    co_await wait.wait();
    if (wait.error) std::rethrow_exception(wait.error);
  }
  if (waiting_.empty()) throw Error("database_unavailable", "The connection that listened broke.", 503);
  Notification notification = std::move(waiting_.front());
  waiting_.pop_front();
  co_return notification;
}

void ListenerSession::received(Notification notification) {
  if (lost_) return;
  if (waiting_.size() >= notification_limit) {
    lost();
    return;
  }
  waiting_.push_back(std::move(notification));
  if (waiter_ == nullptr || waiter_->is_settled()) return;
  waiter_->mark_settled();
  waiter_->settle_later();
}

void ListenerSession::lost() {
  lost_ = true;
  if (waiter_ == nullptr || waiter_->is_settled()) return;
  waiter_->mark_settled();
  waiter_->settle_later();
}

}  // namespace bailey::pg::detail
