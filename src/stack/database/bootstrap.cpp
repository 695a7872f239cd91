#include "stack/database/bootstrap.hpp"

#include <bailey/base/log.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "stack/database/blocking_connection.hpp"
#include "stack/database/contention.hpp"
#include "stack/database/sql_files.hpp"
#include "stack/database/superuser.hpp"

namespace bailey::stack {
namespace {

constexpr const char* record_schema =
    "create schema if not exists _bailey;"
    "create table if not exists _bailey.bootstrap"
    " (version integer primary key, name text not null, applied_at timestamptz not null default now());"
    "create table if not exists _bailey.state (name text primary key, value text not null);"
    "create table if not exists _bailey.roles (name name primary key, role oid not null);"
    "create table if not exists _bailey.copies (copy oid primary key, state text not null)";

constexpr const char* record_roles =
    "insert into _bailey.roles (name, role) select rolname, oid from pg_catalog.pg_roles"
    " where rolname in ('anon', 'authenticated', 'authenticator', 'dashboard_user', 'postgres', 'service_role',"
    " 'supabase_auth_admin') and not rolsuper on conflict (name) do update set role = excluded.role";

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

constexpr std::string_view begin_anew = "; start anew with bailey dev --reset";

// `again` as until_in_time says it.
void run(BlockingConnection& connection, const SqlFile& file, bool again, std::string_view remedy = begin_anew) try {
  connection.execute(std::string(file.text));
  connection.execute("reset role; reset search_path");
} catch (const StatementError& failure) {
  if (was_too_late(failure) || (!again && is_missing(failure))) throw;
  throw Error("bootstrap_failed", "setting up the database failed in " + std::string(file.name) + ": " +
                                      failure.message() +
                                      std::string(is_of_the_moment(failure) ? start_again : remedy));
}

void open_logins(BlockingConnection& connection) {
  for (const std::string role : {"postgres", "authenticator", "supabase_auth_admin"}) {
    connection.execute("alter role " + role + " login connection limit -1 valid until 'infinity' password '" +
                       std::string(role_password) + "'");
    connection.execute("alter role " + role + " reset local_preload_libraries; alter role " + role +
                       " in database postgres reset local_preload_libraries");
  }
  connection.execute(
      "alter database postgres connection limit -1;"
      "grant create, connect, temporary on database postgres to postgres;"
      "grant connect on database postgres to authenticator, supabase_auth_admin");
  // With one that is not there every login fails. Bailey's own set it aside; others know nothing of it.
  for (const char* const of : {"database postgres", "role all", "role all in database postgres"})
    connection.execute("alter " + std::string(of) + " reset local_preload_libraries");
}

// What safety hangs on is the same in a copy of the database as in the database.
void renew(BlockingConnection& connection, bool again) {
  BlockingTransaction transaction(connection);
  if (again) keep_changes_out(connection);
  for (const SqlFile& file : sql_files())
    if (file.is_always) run(connection, file, again, "");
  run(connection, sql_file("every_start.sql"), again, "");
  transaction.commit();
}

// Another database that may be a copy: one that does not exist any more, or not wholly, cannot be connected to, and a
// copy has the encoding of what it is one of.
constexpr const char* other_databases =
    "select oid::text, datname, (datallowconn and state is distinct from 'closed')::text,"
    " (datconnlimit = -2 or coalesce(state, '') = 'unsafe')::text from pg_catalog.pg_database"
    " left join _bailey.copies on copy = oid where datname not in ('postgres', 'template0') and (datconnlimit <> -2 or "
    "not datallowconn)"
    " and encoding = (select encoding from pg_catalog.pg_database where datname = pg_catalog.current_database())";

struct Copy {
  std::string oid, name;  // by oid: meanwhile it may be given another name, in any encoding
  bool is_open = true;
  bool is_unsafe = false;  // closed at an earlier start
};

// What a copy is that the superuser has been let into, lest it be forgotten when this start does not come to its end:
// the catalog does not say it until then. It decides no more than what becomes of a copy that does not open, and
// whether one that is safe is left open.
void remember(BlockingConnection& connection, const Copy& copy) {
  connection.query(
      "insert into _bailey.copies (copy, state) values ($1::pg_catalog.oid, $2)"
      " on conflict (copy) do update set state = excluded.state",
      {copy.oid, copy.is_unsafe ? "unsafe" : "closed"});
}

void forget(BlockingConnection& connection, const Copy& copy) {
  connection.query("delete from _bailey.copies where copy = $1::pg_catalog.oid", {copy.oid});
}

constexpr const char* forget_copies_that_are_gone =
    "delete from _bailey.copies where not exists (select from pg_catalog.pg_database where oid = copy)";

void set_open(BlockingConnection& connection, const Copy& copy, bool is_open) {
  connection.query(
      "update pg_catalog.pg_database set datallowconn = $2::pg_catalog.bool where oid = $1::pg_catalog.oid",
      {copy.oid, is_open ? "true" : "false"});
}

void set_limit(BlockingConnection& connection, const Copy& copy, int limit) {
  connection.query(
      "update pg_catalog.pg_database set datconnlimit = $2::pg_catalog.int4 where oid = $1::pg_catalog.oid",
      {copy.oid, std::to_string(limit)});
}

// Marked as PostgreSQL marks what DROP DATABASE has not ended: its owner may drop it, and can neither open it nor make
// another of it. Minor versions that do not know the mark yet heed the owner, which is the superuser then.
void close(BlockingConnection& connection, const Copy& copy) {
  const bool knows_mark =
      connection.query("select pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= 150004")
          .at(0)
          .at(0) == "t";
  BlockingTransaction transaction(connection);
  connection.query(
      "update pg_catalog.pg_database set datallowconn = false, datistemplate = false, datconnlimit = -2"
      " where oid = $1::pg_catalog.oid",
      {copy.oid});
  if (!knows_mark) {
    connection.query("update pg_catalog.pg_database set datdba = 10 where oid = $1::pg_catalog.oid", {copy.oid});
    connection.query(
        "delete from pg_catalog.pg_shdepend where dbid = 0 and classid = 'pg_catalog.pg_database'::pg_catalog.regclass"
        " and objid = $1::pg_catalog.oid and deptype = 'o'",
        {copy.oid});
  }
  forget(connection, copy);
  transaction.commit();
  connection.query(
      "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where datid = $1::pg_catalog.oid",
      {copy.oid});
}

// A limit of no connections is none for the superuser.
void let_superuser_in(BlockingConnection& connection, const Copy& copy) {
  if (copy.is_open && !copy.is_unsafe) return;
  BlockingTransaction transaction(connection);
  remember(connection, copy);
  if (copy.is_unsafe) set_limit(connection, copy, 0);
  if (!copy.is_open) set_open(connection, copy, true);
  transaction.commit();
}

void close_again(BlockingConnection& connection, const Copy& copy) {
  if (copy.is_open) return;
  BlockingTransaction transaction(connection);
  set_open(connection, copy, false);
  forget(connection, copy);
  transaction.commit();
}

void leave_safe(BlockingConnection& connection, const Copy& copy) {
  if (!copy.is_unsafe) return close_again(connection, copy);
  BlockingTransaction transaction(connection);
  set_limit(connection, copy, -1);
  forget(connection, copy);
  transaction.commit();
  log::info("a copy of the database is safe now, and open again", {{"database", copy.name}});
}

// Whoever owns a database may open it to connections again, so that one that nobody can connect to is renewed, too.
void renew_copy(const Cluster& cluster, BlockingConnection& connection, const Copy& copy) {
  try {
    until_in_time([&](bool again) {
      let_superuser_in(connection, copy);
      std::optional<BlockingConnection> opened = connect_to_copy_as_superuser(cluster, copy.name);
      if (opened) renew(*opened, again);
      leave_safe(connection, copy);
    });
  } catch (const Error& failure) {
    if (connection.query("select from pg_catalog.pg_database where oid = $1::pg_catalog.oid", {copy.oid}).empty())
      return;
    if (failure.code() == "database_unavailable" && !copy.is_unsafe) {
      // Whether it is a copy is not known: it stays as it is.
      close_again(connection, copy);
      throw Error("bootstrap_failed", "the database \"" + copy.name + "\" in " + cluster.data.string() +
                                          " does not open: " + failure.message() +
                                          "; start again, or anew with bailey dev --reset");
    }
    log::warning(
        "a copy of the database that Bailey cannot make safe is closed: drop it, or leave it to a later start,"
        " which tries again",
        {{"database", copy.name}, {"reason", failure.message()}});
    until_in_time([&](bool) { close(connection, copy); });
  }
}

// Until there is none that has not been looked at: who is connected may make another meanwhile.
void renew_copies(const Cluster& cluster, BlockingConnection& connection) {
  connection.query(forget_copies_that_are_gone);
  std::set<std::string> known;
  for (bool found = true; found;) {
    found = false;
    for (const auto& row : connection.query(other_databases)) {
      const Copy copy{.oid = row.at(0).value(),
                      .name = row.at(1).value(),
                      .is_open = row.at(2) == "true",
                      .is_unsafe = row.at(3) == "true"};
      if (!known.insert(copy.oid).second) continue;
      found = true;
      renew_copy(cluster, connection, copy);
    }
  }
}

void bootstrap_once(const Cluster& cluster, bool again) {
  BlockingConnection connection = connect_as_superuser(cluster);
  BlockingTransaction transaction(connection);
  if (again) keep_changes_out(connection);
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
  if (!fresh) run(connection, sql_file("roles_of_the_stack.sql"), again);
  for (const SqlFile& file : sql_files()) {
    if (file.version == 0 || (file.version <= applied && !file.is_always)) continue;
    run(connection, file, again);
    connection.query("insert into _bailey.bootstrap (version, name) values ($1, $2) on conflict do nothing",
                     {std::to_string(file.version), std::string(file.name)});
  }
  run(connection, sql_file("every_start.sql"), again);
  connection.execute(record_roles);
  open_logins(connection);
  transaction.commit();
  renew_copies(cluster, connection);
  connection.query("alter system reset autovacuum");  // which Postmaster has kept off until here
  connection.query("select pg_catalog.pg_reload_conf()");
  if (applied < newest) log::debug("the database has been set up", {{"version", newest}});
}

}  // namespace

void bootstrap(const Cluster& cluster) {
  until_in_time([&](bool again) { bootstrap_once(cluster, again); });
}

void open_logins(const Cluster& cluster) {
  until_in_time([&](bool again) {
    BlockingConnection connection = connect_as_superuser(cluster);
    BlockingTransaction transaction(connection);
    if (again) keep_changes_out(connection);
    open_logins(connection);
    transaction.commit();
  });
}

}  // namespace bailey::stack
