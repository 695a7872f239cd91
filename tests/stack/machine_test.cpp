// Whoever knows the well-known passwords owns the project's data and nothing of the machine. The proof is a library
// whose constructor writes a file: where PostgreSQL can be brought to load it, the file is there.
#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "stack/database/bootstrap.hpp"
#include "stack/database/migrations.hpp"
#include "tests/stack/live_stack.hpp"

namespace bailey::test {
namespace {

namespace fs = std::filesystem;
using stack::BlockingConnection;

LiveStack& live() { return LiveStack::unconfined(); }

Secret as(std::string_view role) { return live().cluster().connection_string(role, stack::role_password); }

// The library, in a folder that everybody may enter and write into.
class TheMachine : public testing::Test {
 protected:
  void SetUp() override {
    fs::permissions(folder.project.root, fs::perms(0777));
    const std::string source = library() + ".c";
    std::ofstream(source)
        << "#include <stdio.h>\n__attribute__((constructor)) static void run(void) {\n  FILE *f = fopen(\"" << proof()
        << "\", \"w\");\n  if (f) fclose(f);\n}\n";
    if (std::system(("cc -shared -fPIC -o " + library() + ".so " + source + " 2>/dev/null").c_str()) != 0)
      GTEST_SKIP() << "there is no C compiler";
    fs::permissions(library() + ".so", fs::perms(0755));
  }

  [[nodiscard]] std::string library() const { return (folder.project.root / "evil").string(); }
  [[nodiscard]] std::string proof() const { return (folder.project.root / "reached").string(); }

  // The SQLSTATE of what came back; "" when it was done.
  static std::string attempt(BlockingConnection& connection, const std::string& sql) {
    try {
      connection.execute(sql);
      return "";
    } catch (const Error& failure) {
      return failure.code();
    }
  }

  std::string apply() {
    try {
      stack::apply_roles(folder.project, as("postgres"));
      stack::apply_migrations(folder.project, as("postgres"));
      stack::apply_seeds(folder.project, {}, as("postgres"));
      return "";
    } catch (const Error& failure) {
      return failure.message();
    }
  }

  TemporaryProject folder;
};

TEST_F(TheMachine, is_not_reached_by_a_slot_that_names_a_library) {
  BlockingConnection superuser = live().connect();
  // Not by a slot: PostgreSQL's newest minor versions refuse to take a library for a slot from superusers, too.
  EXPECT_EQ(attempt(superuser, "load '" + library() + "'"), "XX000") << "it is no module of PostgreSQL's";
  ASSERT_TRUE(fs::exists(proof())) << "the library does nothing, so this test would see nothing";
  fs::remove(proof());
  for (const char* role : {"postgres", "authenticator", "supabase_auth_admin"}) {
    BlockingConnection connection(as(role));
    EXPECT_EQ(attempt(connection, "select pg_create_logical_replication_slot('e', '" + library() + "')"), "42501")
        << role;
    for (const char* other : {"dashboard_user", "service_role", "supabase_auth_admin"}) {
      attempt(connection, std::string("grant ") + other + " to " + role);
      attempt(connection, std::string("set role ") + other);
      EXPECT_EQ(attempt(connection, "select pg_create_logical_replication_slot('e', '" + library() + "')"), "42501");
      attempt(connection, "reset role");
    }
    EXPECT_EQ(attempt(connection, std::string("alter role ") + role + " replication"), "42501") << role;
    EXPECT_EQ(attempt(connection, "create role copier login replication password 'x'"), "42501") << role;
    for (const char* mode : {" replication=database", " replication=true"}) {
      EXPECT_THROW(BlockingConnection walsender(Secret(std::string(as(role).reveal()) + mode)), Error) << role << mode;
    }
  }
  EXPECT_FALSE(fs::exists(proof()));
}

TEST_F(TheMachine, is_not_reached_by_what_a_project_brings) {
  for (const char* name : {"roles.sql", "migrations/20310101000000_evil.sql", "seed.sql"}) {
    for (const std::string& path : {library(), "../../" + folder.project.root.filename().string() + "/evil"}) {
      static_cast<void>(live().sql("delete from _bailey.state where name in ('seeded', 'roles')"));
      folder.write(name, "select pg_create_logical_replication_slot('e', '" + path + "');");
      EXPECT_NE(apply().find("42501"), std::string::npos) << name;
    }
    fs::remove(folder.project.supabase_folder() / name);
  }
  EXPECT_FALSE(fs::exists(proof()));
}

TEST_F(TheMachine, is_not_reached_through_a_database_of_an_earlier_bailey) {
  static_cast<void>(live().sql("alter role postgres replication"));
  static_cast<void>(live().sql("alter role dashboard_user replication"));
  static_cast<void>(live().sql("select pg_create_physical_replication_slot('left_behind')"));
  stack::bootstrap(live().cluster());
  EXPECT_TRUE(live().sql("select from pg_roles where rolreplication and not rolsuper").empty());
  EXPECT_TRUE(live().sql("select from pg_replication_slots").empty());
}

// libpq takes `sslkey = <engine>:<key>`, and for the engine any library. It asks for a server that speaks TLS and a
// certificate, which anybody has.
TEST_F(TheMachine, is_not_reached_through_the_options_of_a_foreign_server) {
  BlockingConnection connection(as("postgres"));
  if (attempt(connection, "select _bailey.create_extension('postgres_fdw', 'extensions', false)") == "42501")
    GTEST_SKIP() << "postgres_fdw is not installed";
  EXPECT_EQ(attempt(connection, "create server away foreign data wrapper postgres_fdw options (host '127.0.0.1')"), "");
  EXPECT_EQ(attempt(connection, "create user mapping for postgres server away options (user 'x', password 'x')"), "");
  for (const std::string option : {"sslkey", "sslcert", "sslrootcert", "sslcrl", "passfile", "service"}) {
    const std::string value = " '" + library() + ".so:key')";
    EXPECT_EQ(attempt(connection, "create server other foreign data wrapper postgres_fdw options (" + option + value),
              "42501")
        << option;
    EXPECT_NE(attempt(connection, "alter server away options (add " + option + value), "") << option;
    EXPECT_NE(attempt(connection, "alter user mapping for postgres server away options (add " + option + value), "");
  }
  EXPECT_EQ(attempt(connection, "set session_replication_role = replica"), "");
  EXPECT_EQ(attempt(connection, "alter server away options (add sslkey 'a:b')"), "42501");
  EXPECT_EQ(attempt(connection, "create foreign data wrapper other handler extensions.postgres_fdw_handler"), "42501");
  EXPECT_EQ(attempt(connection, "drop event trigger _bailey_refuse_files_of_servers"), "42501");
  EXPECT_EQ(attempt(connection, "drop extension postgres_fdw cascade"), "");
}

TEST_F(TheMachine, is_not_reached_through_superusers_that_a_break_in_has_left) {
  static_cast<void>(live().sql("create role intruder superuser login password 'known'"));
  static_cast<void>(live().sql("create role hidden superuser"));
  static_cast<void>(live().sql("grant supabase_admin to authenticator"));
  stack::bootstrap(live().cluster());
  EXPECT_EQ(live().sql("select string_agg(rolname, ' ') from pg_roles where rolsuper and rolname !~ '^pg_'")[0][0],
            "supabase_admin");
  EXPECT_TRUE(live().sql("select from pg_auth_members where roleid = 'supabase_admin'::regrole").empty());
  static_cast<void>(live().sql("drop role intruder, hidden"));
}

// An extension's script runs as the superuser. A table that it writes to has whatever triggers its owner gave it, and a
// function in C takes what it is handed for the type it was made for.
TEST_F(TheMachine, is_not_reached_by_a_table_or_type_that_is_there_before_an_extension) {
  BlockingConnection connection(as("postgres"));
  for (const char* name : {"postgis_tiger_geocoder", "pgmq", "pg_partman"}) {
    const std::string call = std::string("select _bailey.create_extension('") + name + "', 'public', true)";
    EXPECT_EQ(attempt(connection, call), "42501") << name;
  }
  for (const char* kind : {"table pg_temp.handed (n int)", "type pg_temp.handed as (n int)",
                           "domain pg_temp.handed as int", "sequence pg_temp.handed", "view pg_temp.handed as select 1",
                           "function pg_temp.handed() returns int language sql as 'select 1'"}) {
    BlockingConnection session(as("postgres"));
    EXPECT_EQ(attempt(session, std::string("create ") + kind), "") << kind;
    EXPECT_EQ(attempt(session, "select _bailey.create_extension('refint', 'extensions', true)"), "55000") << kind;
    EXPECT_EQ(attempt(session, "discard temp"), "");
    EXPECT_EQ(attempt(session, "select _bailey.create_extension('refint', 'extensions', true)"), "") << kind;
    EXPECT_EQ(attempt(session, "drop extension refint"), "");
  }
  if (live().sql("select from pg_available_extensions where name = 'postgis_topology'").empty())
    GTEST_SKIP() << "PostGIS is not installed";
  static_cast<void>(live().sql("drop schema if exists topology"));  // what another test has left
  for (const char* thing : {"table topology.topology (n int)", "function topology.f() returns int return 1",
                            "domain topology.geometry as bigint"}) {
    EXPECT_EQ(attempt(connection, std::string("create schema topology; create ") + thing), "") << thing;
    EXPECT_EQ(attempt(connection, "select _bailey.create_extension('postgis_topology', 'public', true)"), "55000");
    EXPECT_EQ(attempt(connection, "drop schema topology cascade"), "");
  }
  // That script makes its tables IF NOT EXISTS, and then empties and fills them.
  EXPECT_EQ(
      attempt(connection,
              "create table public.us_lex (id serial, seq int, word text, stdword text, token int, is_custom bool);"
              "create function public.become() returns trigger language plpgsql as 'begin alter role postgres"
              " superuser; return new; end';"
              "create trigger become before insert or delete on public.us_lex execute function public.become()"),
      "");
  EXPECT_EQ(attempt(connection, "select _bailey.create_extension('address_standardizer_data_us', 'public', true)"),
            "55000");
  EXPECT_EQ(attempt(connection, "drop table public.us_lex; drop function public.become()"), "");
  EXPECT_EQ(attempt(connection, "select _bailey.create_extension('postgis', 'extensions', true)"), "");
  EXPECT_EQ(attempt(connection, "create domain public.geometry as bigint"), "");
  EXPECT_EQ(attempt(connection, "select _bailey.create_extension('postgis_sfcgal', 'public', true)"), "55000");
  EXPECT_EQ(attempt(connection, "drop domain public.geometry; drop extension postgis"), "");
}

// Whatever is installed: file_fdw, dblink and adminpack of PostgreSQL's own among them.
TEST_F(TheMachine, is_not_reached_through_extensions_that_the_superuser_does_not_make) {
  BlockingConnection connection(as("postgres"));
  int refused = 0;
  for (const auto& row : live().sql(
           "select e.name, v.superuser and not v.trusted from pg_available_extensions e join "
           "pg_available_extension_versions"
           " v on v.name = e.name and v.version = e.default_version where e.installed_version is null and e.name not in"
           " (select _bailey.extensions_made())")) {
    const std::string& name = *row[0];
    EXPECT_EQ(attempt(connection, "select _bailey.create_extension('" + name + "', 'public', true)"), "42501") << name;
    EXPECT_EQ(attempt(connection, "select _bailey.make_extension('" + name + "', 'public', true)"), "42501") << name;
    if (row[1] != "t") continue;
    EXPECT_EQ(attempt(connection, "create extension \"" + name + "\" cascade"), "42501") << name;
    ++refused;
  }
  EXPECT_GT(refused, 0);
  // What has been read and found to reach out is on no list, installed here or not.
  for (const char* name : {"pg_graphql", "pg_hashids", "pgmq", "pg_partman", "postgis_raster", "http"}) {
    EXPECT_EQ(attempt(connection, std::string("select _bailey.create_extension('") + name + "', 'public', true)"),
              "42501");
  }
  for (const char* role : {"anon", "authenticated", "service_role"}) {
    BlockingConnection session(as("postgres"));
    EXPECT_EQ(attempt(session, std::string("set role ") + role), "");
    for (const char* function : {"create_extension", "make_extension"}) {
      EXPECT_EQ(attempt(session, std::string("select _bailey.") + function + "('refint', 'public', true)"), "42501");
    }
  }
}

TEST_F(TheMachine, gets_no_file_of_what_is_in_the_memory_of_the_server) {
  BlockingConnection connection(as("postgres"));
  if (attempt(connection, "select _bailey.create_extension('pg_prewarm', 'extensions', true)") == "42501")
    GTEST_SKIP() << "pg_prewarm is not installed";
  EXPECT_EQ(attempt(connection, "select extensions.autoprewarm_dump_now()"), "42501");
  EXPECT_EQ(attempt(connection, "select extensions.autoprewarm_start_worker()"), "42501");
  EXPECT_EQ(attempt(connection, "select extensions.pg_prewarm('auth.users'); drop extension pg_prewarm"), "");
}

TEST_F(TheMachine, is_not_reached_through_dblink) {
  BlockingConnection connection(as("postgres"));
  EXPECT_EQ(attempt(connection, "create extension dblink"), "42501");
  EXPECT_EQ(attempt(connection, "select _bailey.create_extension('dblink', 'public', true)"), "42501");
}

// Every right that makes a function or a setting a superuser's stays there, whatever the role makes of its own rights.
TEST_F(TheMachine, is_not_reached_by_any_login_whose_password_is_known) {
  for (const char* role : {"postgres", "authenticator", "supabase_auth_admin"}) {
    BlockingConnection connection(as(role));
    for (const char* predefined :
         {"pg_execute_server_program", "pg_read_server_files", "pg_write_server_files", "supabase_admin"}) {
      EXPECT_EQ(attempt(connection, std::string("grant ") + predefined + " to " + role), "42501") << predefined;
    }
    for (const std::string& sql : std::vector<std::string>{
             "copy (select 1) to program 'touch " + proof() + "'",
             "copy (select 1) to '" + proof() + "'",
             "select pg_read_file('/etc/hostname')",
             "select pg_read_binary_file('PG_VERSION')",
             "select pg_ls_dir('.')",
             "select pg_stat_file('PG_VERSION')",
             "select lo_import('/etc/hostname')",
             "select lo_export(1, '/tmp/x')",
             "load '" + library() + ".so'",
             "create function evil() returns int language c as '" + library() + ".so'",
             "create function evil() returns int language internal as 'pg_read_file_all'",
             "create function evil(internal) returns internal language c as '" + library() + "'",
             "alter system set archive_command = 'true'",
             "select pg_reload_conf()",
             "set session_preload_libraries = '" + library() + "'",
             "alter role " + std::string(role) + " set session_preload_libraries = '" + library() + "'",
             "set dynamic_library_path = '/tmp'",
             "create extension file_fdw",
             "create extension plpython3u",
             "create tablespace t location '/tmp'",
             "create subscription s connection 'host=127.0.0.1 sslkey=" + library() + ".so:k' publication p",
             "select pg_hba_file_rules()",
             "select pg_backup_start('x')",
             "create event trigger evil on ddl_command_end execute function extensions.pgrst_ddl_watch()",
             "update pg_authid set rolsuper = true",
             "alter role " + std::string(role) + " superuser"}) {
      EXPECT_NE(attempt(connection, sql), "") << role << ": " << sql;
    }
    // Settings that a new session of the role takes over.
    attempt(connection, "alter role " + std::string(role) + " set local_preload_libraries = '" + library() + "'");
    try {
      BlockingConnection next(as(role));
    } catch (const Error&) {  // nor does it connect with such a setting
    }
    EXPECT_EQ(attempt(connection, "alter role " + std::string(role) + " reset local_preload_libraries"), "") << role;
  }
  EXPECT_FALSE(fs::exists(proof()));
}

// The functions of a definer that is a superuser are a way to its rights: there are these, and their paths are their
// own. They are for `postgres` alone, and in no session of a superuser's, whoever calls them there.
TEST_F(TheMachine, is_not_reached_through_functions_that_run_as_the_superuser) {
  const auto rows = live().sql(
      "select p.oid::regprocedure::text, coalesce(array_to_string(p.proconfig, ';'), '') from pg_proc p"
      " join pg_roles r on r.oid = p.proowner where p.prosecdef and r.rolsuper order by 1");
  std::string names;
  for (const auto& row : rows) names += *row[0] + "\n";
  EXPECT_EQ(names,
            "_bailey.create_event_trigger(text,text,text[],regprocedure)\n"
            "_bailey.make_extension(text,text,boolean)\n"
            "_bailey.move_extension_of_superuser(text,text)\n"
            "_bailey.publish_all_tables(text)\n"
            "_bailey.refresh_event_triggers()\n"
            "_bailey.refuse_files_of_servers()\n"
            "_bailey.set_bypassrls(text,boolean)\n"
            "_bailey.settings_of_superuser()\n");
  for (const auto& row : rows) EXPECT_TRUE(row[1]->starts_with("search_path=pg_catalog, pg_temp")) << *row[1];
  EXPECT_TRUE(live()
                  .sql("select from pg_proc p join pg_roles o on o.oid = p.proowner and o.rolsuper, pg_roles caller"
                       " where p.prosecdef and not caller.rolsuper and caller.rolname <> 'postgres'"
                       " and has_function_privilege(caller.oid, p.oid, 'execute')"
                       " and not pg_has_role(caller.oid, 'postgres', 'usage')")
                  .empty());
  BlockingConnection superuser = live().connect();
  for (const std::string& call : std::vector<std::string>{
           "_bailey.create_event_trigger('e', 'sql_drop', null, 'public.f()')",
           "_bailey.make_extension('refint', 'extensions', true)",
           "_bailey.create_extension('refint', 'extensions', true)", "_bailey.move_extension('pgcrypto', 'public')",
           "_bailey.publish_all_tables('supabase_realtime')", "_bailey.set_bypassrls('postgres', true)",
           "_bailey.settings_of_superuser()"}) {
    for (const char* role : {"none", "postgres"}) {
      superuser.execute("begin; create function public.f() returns event_trigger language plpgsql as 'begin end'");
      EXPECT_EQ(attempt(superuser, std::string("set local role ") + role + "; select " + call), "42501") << call;
      superuser.execute("rollback");
    }
    superuser.execute("begin; create function public.f() returns event_trigger language plpgsql as 'begin end'");
    EXPECT_EQ(attempt(superuser, "set local session authorization postgres; select " + call), "42501") << call;
    superuser.execute("rollback");
  }
}

// What a project puts where the superuser would look is not what the superuser finds.
TEST_F(TheMachine, is_not_reached_by_names_that_the_superuser_uses) {
  BlockingConnection connection(as("postgres"));
  connection.execute(
      "create schema supabase_admin; create table public.caught (who text);"
      "create function public.catch(a name, b text) returns boolean language plpgsql as"
      " 'begin insert into public.caught values (current_user); return true; end';"
      "create operator public.= (leftarg = name, rightarg = text, function = public.catch);"
      "create operator supabase_admin.<> (leftarg = name, rightarg = text, function = public.catch);"
      "alter database postgres set search_path = supabase_admin, public; alter database postgres set role = 'anon'");
  stack::bootstrap(live().cluster());
  EXPECT_EQ(live().sql("select current_user || current_setting('search_path')").at(0).at(0),
            "supabase_adminpg_catalog,pg_temp");
  EXPECT_TRUE(live().sql("select from public.caught").empty());
  connection.execute(
      "alter database postgres reset search_path; alter database postgres reset role; drop schema supabase_admin "
      "cascade;"
      "drop table public.caught; drop function public.catch cascade");
}

}  // namespace
}  // namespace bailey::test
