#pragma once

#include <bailey/pg/database.hpp>

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

namespace bailey::pg {

struct ScopedRunOptions {
  bool read_only = false;               // the server refuses writes (25006)
  std::chrono::milliseconds timeout{};  // statement_timeout of each statement; 0: Options::statement_timeout
};

struct ScopedTransactionOptions {
  bool read_only = false;
  std::chrono::milliseconds timeout{};  // of each statement
  Isolation isolation = Isolation::read_committed;
};

// A Database as somebody: it runs every statement under row-level security in one scope. Made by Database::as. An
// immutable handle, O(1) to copy, which owns its scope: the scope cannot be changed, the database cannot be reached
// without it, and a transaction refuses statements that set the role or the claims anew. It does not look into what SQL
// calls: set_config or a DO block can change the role until the end of the transaction. Threads, lifetime and errors
// are those of Database.
class ScopedDatabase {
 public:
  // Runs one statement as a group of its own.
  [[nodiscard]] Task<Rows> run(Statement statement, ScopedRunOptions options = {}) const;
  // Runs the statements as one group, all or nothing, in one round trip. At least one statement.
  [[nodiscard]] Task<std::vector<Rows>> run_group(std::vector<Statement> statements,
                                                  ScopedRunOptions options = {}) const;

  // As Database::transaction: `body` is given a Transaction& and returns a Task; what leaves it rolls back.
  template <class Body>
  [[nodiscard]] std::invoke_result_t<Body&, Transaction&> transaction(Body body,
                                                                      ScopedTransactionOptions options = {}) const {
    return database_.transaction(std::move(body), scoped(options));
  }
  // The same by hand: the caller commits.
  [[nodiscard]] Task<Transaction> begin(ScopedTransactionOptions options = {}) const;

  [[nodiscard]] const RlsScope& scope() const noexcept { return *scope_; }

 private:
  friend class Database;
  ScopedDatabase(Database database, RlsScope scope);

  [[nodiscard]] RunOptions scoped(ScopedRunOptions options) const;
  [[nodiscard]] TransactionOptions scoped(ScopedTransactionOptions options) const;

  Database database_;
  std::shared_ptr<const RlsScope> scope_;  // shared by copies
};

}  // namespace bailey::pg
