#include "stack/database/bootstrap.hpp"

#include <bailey/base/log.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "stack/database/blocking_connection.hpp"
#include "stack/database/sql_files.hpp"
#include "stack/database/superuser.hpp"

namespace bailey::stack {
namespace {

constexpr const char* record_schema =
    "create schema if not exists _bailey;"
    "create table if not exists _bailey.bootstrap"
    " (version integer primary key, name text not null, applied_at timestamptz not null default now());"
    "create table if not exists _bailey.state (name text primary key, value text not null)";

// The files up to this one make what a project builds on. That has been one transaction with the making of the schema
// `_bailey` from the first Bailey on, so where there is that schema they have run: they never do in a database that a
// project has had.
constexpr int last_of_a_new_database = 6;

bool is_new(BlockingConnection& connection) {
  return connection.query("select from pg_catalog.pg_namespace where nspname = '_bailey'").empty();
}

int recorded_version(BlockingConnection& connection) {
  const auto rows = connection.query("select coalesce(max(version), 0)::text from _bailey.bootstrap");
  int version = 0;
  const std::string& text = rows.at(0).at(0).value();
  std::from_chars(text.data(), text.data() + text.size(), version);
  return version;
}

void run(BlockingConnection& connection, const SqlFile& file) try {
  connection.execute(std::string(file.text));
  connection.execute("reset role; reset search_path");
} catch (const StatementError& failure) {
  throw Error("bootstrap_failed",
              "setting up the database failed in " + std::string(file.name) + ": " + failure.message());
}

void open_logins(BlockingConnection& connection) {
  for (const std::string role : {"postgres", "authenticator", "supabase_auth_admin"}) {
    connection.execute("alter role " + role + " login connection limit -1 valid until 'infinity' password '" +
                       std::string(role_password) + "'");
  }
}

// What safety hangs on is the same in a copy of the database as in the database.
void renew_copy(const Cluster& cluster, const std::string& database) {
  std::optional<BlockingConnection> connection = connect_to_copy_as_superuser(cluster, database);
  if (!connection) return;
  BlockingTransaction transaction(*connection);
  for (const SqlFile& file : sql_files())
    if (file.is_always) run(*connection, file);
  run(*connection, sql_file("every_start.sql"));
  transaction.commit();
}

// Whoever owns a database may open it to connections again, so that one that nobody can connect to is renewed, too. One
// that cannot be is closed, and is the superuser's from then on.
void renew_copies(const Cluster& cluster, BlockingConnection& connection) {
  const auto others = connection.query(
      "select datname::text, pg_catalog.quote_ident(datname), datallowconn::text from pg_catalog.pg_database"
      " where datname not in ('postgres', 'template0') order by datname");
  for (const auto& row : others) {
    const std::string& name = row.at(0).value();
    const std::string& quoted = row.at(1).value();
    bool is_open = row.at(2).value() == "true";
    try {
      if (!is_open) connection.execute("alter database " + quoted + " allow_connections true");
      renew_copy(cluster, name);
    } catch (const Error& failure) {
      log::warning("a copy of the database that Bailey cannot make safe is closed",
                   {{"database", name}, {"reason", failure.message()}});
      connection.execute("alter database " + quoted + " owner to supabase_admin");
      is_open = false;
    }
    if (!is_open) connection.execute("alter database " + quoted + " allow_connections false");
  }
}

}  // namespace

void bootstrap(const Cluster& cluster) {
  BlockingConnection connection = connect_as_superuser(cluster);
  BlockingTransaction transaction(connection);
  const bool fresh = is_new(connection);
  connection.execute(record_schema);
  // A project may get at the record. What it says decides nothing that safety hangs on: that is in files run always.
  const int recorded = recorded_version(connection);
  const int applied = fresh ? 0 : std::max(recorded, last_of_a_new_database);
  const int newest = std::ranges::max(sql_files(), {}, &SqlFile::version).version;
  if (applied > newest) {
    throw Error("bootstrap_failed",
                "this project's database was made by a newer bailey; use that one, or start anew "
                "with bailey dev --reset");
  }
  for (const SqlFile& file : sql_files()) {
    if (file.version == 0 || (file.version <= applied && !file.is_always)) continue;
    run(connection, file);
    connection.query("insert into _bailey.bootstrap (version, name) values ($1, $2) on conflict do nothing",
                     {std::to_string(file.version), std::string(file.name)});
  }
  run(connection, sql_file("every_start.sql"));
  open_logins(connection);
  transaction.commit();
  renew_copies(cluster, connection);
  if (applied < newest) log::debug("the database has been set up", {{"version", newest}});
}

void open_logins(const Cluster& cluster) {
  BlockingConnection connection = connect_as_superuser(cluster);
  open_logins(connection);
}

}  // namespace bailey::stack
