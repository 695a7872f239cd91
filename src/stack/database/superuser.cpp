#include "stack/database/superuser.hpp"

#include <string>

#include "stack/database/sql_files.hpp"

namespace bailey::stack {
namespace {

// `postgres` owns the database, and may set for its sessions all that a user may set. Settings that count before this
// runs are in Cluster::admin_connection_string. One has no value before PostgreSQL starts, and does not take none.
constexpr const char* forget_settings_of_the_database =
    "select pg_catalog.set_config(name, coalesce(boot_val, case when name operator(pg_catalog.=)"
    " 'timezone_abbreviations'::pg_catalog.text then 'Default'::pg_catalog.text else ''::pg_catalog.text end), false)"
    " from pg_catalog.pg_settings"
    " where source in ('database', 'user', 'database user', 'global') and context in ('user', 'superuser')";

// Looked for before the catalog has been looked at: see whose_database.sql. What is a project's of that name is nothing
// of Bailey's.
constexpr const char* schema_of_bailey =
    "select from pg_catalog.pg_namespace where nspname operator(pg_catalog.=) '_bailey'::pg_catalog.name"
    " and nspowner operator(pg_catalog.=) 10::pg_catalog.oid";

// Before anything else is done in a copy, and whatever becomes of that: no function of Bailey's runs as the superuser
// there any more. The files that run always make them do so again.
constexpr const char* disarm =
    "update pg_catalog.pg_proc set prosecdef = false where prosecdef"
    " and proowner operator(pg_catalog.=) 10::pg_catalog.oid and pronamespace operator(pg_catalog.=) any (array(select "
    "oid"
    " from pg_catalog.pg_namespace where nspname operator(pg_catalog.=) '_bailey'::pg_catalog.name"
    " or nspname operator(pg_catalog.=) '_bailey_events'::pg_catalog.name))";

BlockingConnection open(const Cluster& cluster) try {
  return BlockingConnection(cluster.admin_connection_string());
} catch (const Error& failure) {
  if (failure.message().contains("password authentication failed")) {
    throw Error("bootstrap_failed", "the password in " + cluster.admin_password_file.string() +
                                        " does not open the data in " + cluster.data.string() +
                                        "; put that file back or start anew with bailey dev --reset");
  }
  if (!failure.message().contains("FATAL")) throw;  // nobody answers
  // Its owner may drop it, rename it, or forbid connections to it. Else, a full disk say, it may not be its fault.
  const bool is_gone =
      failure.message().contains("does not exist") || failure.message().contains("not currently accepting connections");
  throw Error("bootstrap_failed",
              "the database \"postgres\" in " + cluster.data.string() + " does not open: " + failure.message() +
                  (is_gone ? "; " : "; mend that and start again, or ") + "start anew with bailey dev --reset");
}

void require_own_database(BlockingConnection& connection, const Cluster& cluster) try {
  connection.execute(std::string(sql_file("whose_database.sql").text));
} catch (const StatementError& failure) {
  throw Error("bootstrap_failed", "the database \"postgres\" in " + cluster.data.string() +
                                      " is not as bailey has made it: " + failure.message() +
                                      "; start anew with bailey dev --reset");
}

}  // namespace

BlockingConnection connect_as_superuser(const Cluster& cluster) {
  BlockingConnection connection = open(cluster);
  static_cast<void>(connection.query(forget_settings_of_the_database));
  require_own_database(connection, cluster);
  return connection;
}

std::optional<BlockingConnection> connect_to_copy_as_superuser(const Cluster& cluster, const std::string& database) {
  BlockingConnection connection(cluster.admin_connection_string(database));
  static_cast<void>(connection.query(forget_settings_of_the_database));
  if (connection.query(schema_of_bailey).empty()) return std::nullopt;
  connection.execute(disarm);
  connection.execute(std::string(sql_file("whose_database.sql").text));
  return connection;
}

}  // namespace bailey::stack
