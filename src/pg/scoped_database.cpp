#include <bailey/pg/scoped_database.hpp>

#include "pg/scope_command.hpp"

namespace bailey::pg {

ScopedDatabase Database::as(RlsScope scope) const {
  detail::check_scope(scope, options());
  return ScopedDatabase(*this, std::move(scope));
}

ScopedDatabase::ScopedDatabase(Database database, RlsScope scope)
    : database_(std::move(database)), scope_(std::make_shared<const RlsScope>(std::move(scope))) {}

RunOptions ScopedDatabase::scoped(ScopedRunOptions options) const {
  return {.scope = *scope_, .read_only = options.read_only, .timeout = options.timeout};
}

TransactionOptions ScopedDatabase::scoped(ScopedTransactionOptions options) const {
  return {.scope = *scope_, .read_only = options.read_only, .timeout = options.timeout, .isolation = options.isolation};
}

Task<Rows> ScopedDatabase::run(Statement statement, ScopedRunOptions options) const {
  return database_.run(std::move(statement), scoped(options));
}

Task<std::vector<Rows>> ScopedDatabase::run_group(std::vector<Statement> statements, ScopedRunOptions options) const {
  return database_.run_group(std::move(statements), scoped(options));
}

Task<Transaction> ScopedDatabase::begin(ScopedTransactionOptions options) const {
  return database_.begin(scoped(options));
}

}  // namespace bailey::pg
