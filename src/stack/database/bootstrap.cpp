#include "stack/database/bootstrap.hpp"

#include <bailey/base/log.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
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
void renew(BlockingConnection& connection) {
  BlockingTransaction transaction(connection);
  for (const SqlFile& file : sql_files())
    if (file.is_always) run(connection, file);
  run(connection, sql_file("every_start.sql"));
  transaction.commit();
}

// Another database that may be a copy: one that does not exist any more, or not wholly, cannot be connected to, and a
// copy has the encoding of what it is one of.
constexpr const char* other_databases =
    "select oid::text, datname, datallowconn::text from pg_catalog.pg_database"
    " where datname not in ('postgres', 'template0') and datconnlimit <> -2"
    " and encoding = (select encoding from pg_catalog.pg_database where datname = pg_catalog.current_database())";

void set_open(BlockingConnection& connection, const std::string& oid, bool is_open) {
  connection.query(
      "update pg_catalog.pg_database set datallowconn = $2::pg_catalog.bool where oid = $1::pg_catalog.oid",
      {oid, is_open ? "true" : "false"});
}

// For good: its owner is the superuser, and it is no template for another.
void close(BlockingConnection& connection, const std::string& oid) {
  connection.query(
      "update pg_catalog.pg_database set datallowconn = false, datistemplate = false, datdba = 10"
      " where oid = $1::pg_catalog.oid",
      {oid});
  connection.query(
      "delete from pg_catalog.pg_shdepend where dbid = 0 and classid = 'pg_catalog.pg_database'::pg_catalog.regclass"
      " and objid = $1::pg_catalog.oid and deptype = 'o'",
      {oid});
  connection.query(
      "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where datid = $1::pg_catalog.oid",
      {oid});
}

// Whoever owns a database may open it to connections again, so that one that nobody can connect to is renewed, too. By
// oid: meanwhile it may be given another name, in any encoding.
void renew_copy(const Cluster& cluster, BlockingConnection& connection, const std::string& oid, const std::string& name,
                bool is_open) {
  try {
    if (!is_open) set_open(connection, oid, true);
    std::optional<BlockingConnection> copy = connect_to_copy_as_superuser(cluster, name);
    if (copy) renew(*copy);
    if (!is_open) set_open(connection, oid, false);
  } catch (const Error& failure) {
    if (connection.query("select from pg_catalog.pg_database where oid = $1::pg_catalog.oid", {oid}).empty()) return;
    if (failure.code() == "database_unavailable") {  // whether it is a copy is not known: it stays as it is
      if (!is_open) set_open(connection, oid, false);
      throw Error("bootstrap_failed", "the database \"" + name + "\" in " + cluster.data.string() + " does not open: " +
                                          failure.message() + "start again, or anew with bailey dev --reset");
    }
    log::warning("a copy of the database that Bailey cannot make safe is closed",
                 {{"database", name}, {"reason", failure.message()}});
    close(connection, oid);
  }
}

// Until there is none that has not been looked at: who is connected may make another meanwhile.
void renew_copies(const Cluster& cluster, BlockingConnection& connection) {
  std::set<std::string> known;
  for (bool found = true; found;) {
    found = false;
    for (const auto& row : connection.query(other_databases)) {
      const std::string& oid = row.at(0).value();
      if (!known.insert(oid).second) continue;
      found = true;
      renew_copy(cluster, connection, oid, row.at(1).value(), row.at(2).value() == "true");
    }
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
  connection.query("alter system reset autovacuum");  // which Postmaster has kept off until here
  connection.query("select pg_catalog.pg_reload_conf()");
  if (applied < newest) log::debug("the database has been set up", {{"version", newest}});
}

void open_logins(const Cluster& cluster) {
  BlockingConnection connection = connect_as_superuser(cluster);
  open_logins(connection);
}

}  // namespace bailey::stack
