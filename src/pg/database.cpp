#include <bailey/pg/database.hpp>

#include <bailey/base/ascii.hpp>
#include <bailey/base/error.hpp>
#include <bailey/runtime/loop.hpp>

#include "pg/core.hpp"
#include "pg/kept_group.hpp"
#include "pg/libpq.hpp"
#include "pg/pool.hpp"
#include "pg/scope_command.hpp"
#include "pg/session.hpp"
#include "pg/sql_kind.hpp"

#include <algorithm>
#include <span>

namespace bailey::pg {
namespace {

using detail::Core;
using detail::SqlKind;

void require_options(const Options& options) {
  std::string text(options.connection_string.reveal());
  char* complaint = nullptr;  // quotes the string: never shown
  PQconninfoOption* const parsed = PQconninfoParse(text.c_str(), &complaint);
  const bool valid = parsed != nullptr || text.empty();
  wipe(text);
  PQconninfoFree(parsed);
  PQfreemem(complaint);
  if (!valid) throw Error("invalid_connection_string", "The database's connection string cannot be parsed.", 500);
}

// Checks all that could make libpq refuse a group, or PostgreSQL read less than what was meant.
void check_statement(const Statement& statement) {
  const auto has_nul = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  bool nul = has_nul(statement.sql);
  for (const Parameter& parameter : statement.parameters) nul = nul || (parameter.value && has_nul(*parameter.value));
  SqlErrorFields fields;
  fields.severity = "ERROR";
  if (nul) {
    fields.sqlstate = "22021";
    fields.message = "invalid byte sequence for encoding \"UTF8\": 0x00";
    throw SqlError(std::move(fields));
  }
  if (statement.parameters.size() > 65'535) {
    fields.sqlstate = "54000";
    fields.message = "a statement can have at most 65535 parameters";
    throw SqlError(std::move(fields));
  }
}

[[noreturn]] void refuse_statement(const Statement& statement) {
  const std::string word = detail::first_word(statement.sql);
  throw Error("statement_not_allowed",
              word.empty() ? "An SQL statement is empty or begins with no word."
                           : "A statement that begins with \"" + word +
                                 "\" does not run here: it is misspelt, or would end or outlive its group.",
              500);
}

// What becomes of a group of statements.
struct Placement {
  bool shares = true;           // a connection with others; if not, it gets a transaction of its own
  bool changes_schema = false;  // so that statements prepared before are void
};

// Throws for what may not run.
Placement placement_of(std::span<const Statement> statements) {
  if (statements.empty()) throw Error("statement_not_allowed", "A group has no statements.", 500);
  Placement placement;
  for (const Statement& statement : statements) {
    check_statement(statement);
    const SqlKind kind = detail::sql_kind(statement.sql);
    if (kind == SqlKind::refused || kind == SqlKind::set_local) refuse_statement(statement);
    if (kind == SqlKind::procedure || (kind == SqlKind::schema && statements.size() > 1)) placement.shares = false;
    if (kind == SqlKind::schema) placement.changes_schema = true;
  }
  return placement;
}

void check_scope(const Core& core, const std::optional<RlsScope>& scope) {
  if (scope) detail::check_scope(*scope, core.options);
}

std::chrono::milliseconds timeout_of(const Core& core, std::chrono::milliseconds wanted) {
  return wanted.count() > 0 ? wanted : core.options.statement_timeout;
}

// Everything is checked already; what it views is in the awaiting frame.
Task<> run_shared(std::shared_ptr<Core> core, std::span<const Statement> statements, const RunOptions* options,
                  std::span<Rows> rows) {
  Loop& loop = Loop::current();
  detail::Group group(loop);
  group.scope = options->scope ? &*options->scope : nullptr;
  group.read_only = options->read_only;
  group.timeout = timeout_of(*core, options->timeout);
  group.statements = statements;
  group.rows = rows;
  detail::Pool::of(loop, *core)->submit(group);
  co_await group.wait();
  if (group.error) std::rethrow_exception(group.error);
}

Task<std::unique_ptr<detail::TransactionSession>> begin_transaction(std::shared_ptr<Core> core,
                                                                    TransactionOptions options) {
  check_scope(*core, options.scope);
  auto session = co_await detail::lease(core);
  const auto timeout = timeout_of(*core, options.timeout);
  co_return std::make_unique<detail::TransactionSession>(std::move(session), std::move(options), timeout);
}

Task<> run_alone(std::shared_ptr<Core> core, std::span<const Statement> statements, const RunOptions* options,
                 std::span<Rows> rows) {
  TransactionOptions own{.scope = options->scope, .read_only = options->read_only, .timeout = options->timeout};
  const auto transaction = co_await begin_transaction(std::move(core), std::move(own));
  co_await transaction->run(statements, rows);
  co_await transaction->commit();
}

Task<> run_change(std::shared_ptr<Core> core, std::span<const Statement> statements, const RunOptions* options,
                  std::span<Rows> rows, bool shares) {
  if (shares)
    co_await run_shared(core, statements, options, rows);
  else
    co_await run_alone(core, statements, options, rows);
  core->forget_statements();
}

Task<> run_either(std::shared_ptr<Core> core, std::span<const Statement> statements, const RunOptions* options,
                  std::span<Rows> rows) {
  check_scope(*core, options->scope);
  const Placement placement = placement_of(statements);
  if (placement.changes_schema) return run_change(std::move(core), statements, options, rows, placement.shares);
  if (placement.shares) return run_shared(std::move(core), statements, options, rows);
  return run_alone(std::move(core), statements, options, rows);
}

Task<Rows> run_one(std::shared_ptr<Core> core, Statement statement, RunOptions options) {
  Rows rows;
  co_await run_either(std::move(core), {&statement, 1}, &options, {&rows, 1});
  co_return rows;
}

Task<std::vector<Rows>> run_many(std::shared_ptr<Core> core, std::vector<Statement> statements, RunOptions options) {
  std::vector<Rows> rows(statements.size());
  co_await run_either(std::move(core), statements, &options, rows);
  co_return rows;
}

Task<std::vector<Rows>> run_kept(std::shared_ptr<Core> core, std::span<const Statement> statements,
                                 const RunOptions* options) {
  std::vector<Rows> rows(statements.size());
  co_await run_either(std::move(core), statements, options, rows);
  co_return rows;
}

Task<> run_script(std::shared_ptr<Core> core, std::string sql) {
  if (sql.find('\0') != std::string::npos) check_statement(Statement(sql));
  const auto session = co_await detail::lease(core);
  detail::Group cleaning(session->loop());  // what others left there would be found before what the script means
  cleaning.with_scope = false;
  cleaning.before = "discard all";
  detail::Group group(session->loop());
  group.script = sql.c_str();
  std::exception_ptr error;
  try {
    co_await session->run(cleaning);
    co_await session->run(group);
  } catch (...) {
    error = std::current_exception();
  }
  session->discard();  // a script may have left anything behind
  core->forget_statements();
  if (error) std::rethrow_exception(error);
}

}  // namespace

Database::Database(Options options) {
  require_options(options);
  core_ = Core::make_handle(std::move(options));
}

Task<Rows> Database::run(Statement statement, RunOptions options) const {
  return run_one(core_, std::move(statement), std::move(options));
}

Task<std::vector<Rows>> Database::run_group(std::vector<Statement> statements, RunOptions options) const {
  return run_many(core_, std::move(statements), std::move(options));
}

Task<> Database::script(std::string sql) const { return run_script(core_, std::move(sql)); }

Task<Transaction> Database::begin(TransactionOptions options) const { return begin(core_, std::move(options)); }

Task<Transaction> Database::begin(std::shared_ptr<Core> core, TransactionOptions options) {
  auto session = co_await begin_transaction(std::move(core), std::move(options));
  co_return Transaction(std::move(session));
}

Task<Listener> Database::listen(std::vector<std::string> channels) const { return listen(core_, std::move(channels)); }

Task<Listener> Database::listen(std::shared_ptr<Core> core, std::vector<std::string> channels) {
  auto session = co_await detail::lease(std::move(core));
  auto listener = std::make_unique<detail::ListenerSession>(std::move(session));
  co_await listener->listen(std::move(channels));
  co_return Listener(std::move(listener));
}

void Database::forget_statements() const noexcept { core_->forget_statements(); }

Task<std::vector<Rows>> detail::KeptGroup::run(const Database& database, std::span<const Statement> statements,
                                               const RunOptions& options) {
  return run_kept(database.core_, statements, &options);
}

const Options& Database::options() const noexcept { return core_->options; }

Stats Database::stats() const { return core_->stats(); }

Transaction::Transaction(std::unique_ptr<detail::TransactionSession> session) noexcept : session_(std::move(session)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction& Transaction::operator=(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

namespace {

void refuse_change_of_scope(const Statement& statement) {
  const auto name = detail::local_setting(statement.sql);
  if (!name || (detail::is_setting_allowed(*name) && !ascii::equal_ignoring_case(*name, "session"))) return;
  throw Error(
      "statement_not_allowed",
      "A transaction that acts as somebody goes on as them: SET LOCAL of this, or of a quoted name, does not run "
      "here.",
      500);
}

// Whether they change the schema.
bool check_in_transaction(std::span<const Statement> statements, bool has_scope) {
  bool changes_schema = false;
  for (const Statement& statement : statements) {
    check_statement(statement);
    const SqlKind kind = detail::sql_kind(statement.sql);
    if (kind == SqlKind::refused) refuse_statement(statement);
    if (has_scope && kind == SqlKind::set_local) refuse_change_of_scope(statement);
    if (kind == SqlKind::schema) changes_schema = true;
  }
  return changes_schema;
}

}  // namespace

Task<Rows> Transaction::run(Statement statement) {
  const std::span<const Statement> one(&statement, 1);
  if (check_in_transaction(one, session_->has_scope())) session_->note_schema_change();
  Rows rows;
  co_await session_->run(one, {&rows, 1});
  co_return rows;
}

Task<std::vector<Rows>> Transaction::run_group(std::vector<Statement> statements) {
  if (check_in_transaction(statements, session_->has_scope())) session_->note_schema_change();
  std::vector<Rows> rows(statements.size());
  co_await session_->run(statements, rows);
  co_return rows;
}

Task<> Transaction::commit() { return session_->commit(); }

Listener::Listener(std::unique_ptr<detail::ListenerSession> session) noexcept : session_(std::move(session)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;
Listener::~Listener() = default;

Task<Notification> Listener::next() { return session_->next(); }

}  // namespace bailey::pg
