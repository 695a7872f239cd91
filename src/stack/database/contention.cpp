#include "stack/database/contention.hpp"

#include <bailey/base/log.hpp>

namespace bailey::stack {

// The rows of PostgreSQL's catalogs are not looked at again once they are free: whoever waited for one that has changed
// gets an internal error, whose text alone says what it is. The others: a deadlock, and a transaction that is
// serializable.
bool was_too_late(const StatementError& failure) {
  return (failure.code() == "XX000" && failure.message().starts_with("tuple concurrently ")) ||
         failure.code() == "40P01" || failure.code() == "40001";
}

bool is_missing(const StatementError& failure) {
  return failure.code() == "42704" || failure.code() == "42P01" || failure.code() == "42883" ||
         failure.code() == "3F000" ||
         (failure.code() == "XX000" && failure.message().starts_with("cache lookup failed"));
}

bool is_of_the_moment(const StatementError& failure) {
  return failure.code().empty() || failure.code().starts_with("53") || failure.code().starts_with("57P");
}

void until_in_time(const std::function<void(bool)>& work, int most) {
  for (int attempt = 1;; ++attempt) {
    try {
      return work(attempt > 1);
    } catch (const StatementError& failure) {
      const bool goes_on = was_too_late(failure) || (attempt == 1 && is_missing(failure));
      if (attempt >= most || !goes_on) throw;
      log::debug("another session was first, and it is done again", {{"reason", failure.message()}});
    }
  }
}

void keep_changes_out(BlockingConnection& connection) {
  connection.execute(
      "lock table pg_catalog.pg_authid, pg_catalog.pg_auth_members, pg_catalog.pg_database,"
      " pg_catalog.pg_db_role_setting in share row exclusive mode");
}

}  // namespace bailey::stack
