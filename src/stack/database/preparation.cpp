#include "stack/database/preparation.hpp"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

#include "stack/database/blocking_connection.hpp"
#include "stack/database/bootstrap.hpp"
#include "stack/database/contention.hpp"
#include "stack/database/lock_holders.hpp"
#include "stack/database/long_step.hpp"
#include "stack/database/migrations.hpp"
#include "stack/database/server_log.hpp"

namespace bailey::stack {
namespace {

[[noreturn]] void fail(const char* what, const Error& failure, std::string_view remedy) {
  throw Error("bootstrap_failed",
              std::string("preparing the database failed at ") + what + ": " + failure.message() + std::string(remedy));
}

constexpr std::string_view again_or_anew = "; start again, or anew with bailey dev --reset";

// A connection that breaks does not say why: PostgreSQL's log does, of a full disk say.
std::string explained(const Cluster& cluster, std::string message, std::uintmax_t logged) {
  if (!message.contains(connection_lost)) return message;
  // Of a process that was killed its postmaster tells, a moment later.
  constexpr auto most = std::chrono::seconds(2);
  for (const auto end = std::chrono::steady_clock::now() + most;
       log_size(cluster.log) <= logged && std::chrono::steady_clock::now() < end;)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return message + "\n  PostgreSQL's log, " + cluster.log.string() + ", ends:" + log_tail(cluster.log, logged);
}

// A script's own error says where in the script it is; what bootstrap throws says what helps.
auto step(const Cluster& cluster, const char* what, std::invocable auto&& work) {
  const std::uintmax_t logged = log_size(cluster.log);
  LockHolders holders(cluster);
  const LongStep named(what, [&holders] { return holders.look(); });
  try {
    return work();
  } catch (const StatementError& failure) {
    fail(what, Error(failure.code(), explained(cluster, failure.message(), logged)),
         is_of_the_moment(failure) ? start_again : again_or_anew);
  } catch (const Error& failure) {
    if (failure.code() == "database_unavailable") fail(what, failure, again_or_anew);
    throw Error(failure.code(), explained(cluster, failure.message(), logged));
  }
}

}  // namespace

void prepare_database(const Project& project, const Config& config, const Cluster& cluster) {
  const Secret as_postgres = cluster.own_connection_string("postgres");
  const auto logins = [&] { step(cluster, "opening the logins again", [&] { open_logins(cluster); }); };
  step(cluster, "making the database safe", [&] { bootstrap(cluster); });
  if (step(cluster, "the roles of the project", [&] { return apply_roles(project, as_postgres); })) logins();
  if (config.db.migrations_enabled &&
      step(cluster, "the migrations of the project", [&] { return apply_migrations(project, as_postgres); }) > 0)
    logins();
  if (step(cluster, "the seeds of the project", [&] { return apply_seeds(project, config.db, as_postgres); }) > 0)
    logins();
}

}  // namespace bailey::stack
