#include <bailey/base/log.hpp>

#include <gtest/gtest.h>

#include <algorithm>

#include "stack/database/bootstrap.hpp"
#include "stack/database/migrations.hpp"
#include "tests/stack/live_stack.hpp"

namespace bailey::test {
namespace {

using stack::BlockingConnection;

LiveStack& live() { return LiveStack::shared(); }

std::string value(const std::string& sql) { return live().sql(sql).at(0).at(0).value_or("null"); }

TEST(Database, has_supabases_roles_and_schemas) {
  EXPECT_EQ(value("select string_agg(rolname, ' ' order by rolname) from pg_roles where rolname !~ '^pg_'"),
            "anon authenticated authenticator dashboard_user postgres service_role supabase_admin supabase_auth_admin");
  EXPECT_EQ(value("select string_agg(nspname, ' ' order by nspname) from pg_namespace where nspname in"
                  " ('auth', 'extensions', 'storage', 'realtime', 'graphql_public', 'public')"),
            "auth extensions graphql_public public realtime storage");
  EXPECT_EQ(value("select string_agg(rolname, ' ') from pg_roles where rolsuper and rolcanlogin"), "supabase_admin");
  EXPECT_EQ(value("select string_agg(rolname, ' ' order by rolname) from pg_roles where rolbypassrls and not rolsuper"),
            "postgres service_role");
  EXPECT_EQ(
      value("select count(*)::text from pg_tables where schemaname = 'auth' and tableowner <> 'supabase_auth_admin'"),
      "0");
}

TEST(Database, has_the_extensions_that_a_project_begins_with) {
  EXPECT_EQ(
      value("select string_agg(name, ' ') from unnest(array['pgcrypto', 'uuid-ossp', 'pg_stat_statements']) as name"
            " where name in (select name from pg_available_extensions)"
            " and name not in (select extname from pg_extension where extnamespace = 'extensions'::regnamespace"
            "                  and extowner = 'postgres'::regrole)"),
      "null");
}

TEST(Database, tells_sql_who_is_asking) {
  BlockingConnection connection = live().connect();
  const auto ask = [&](const std::string& sql) { return connection.query(sql).at(0).at(0); };
  EXPECT_EQ(ask("select auth.uid()::text"), std::nullopt);
  connection.execute(
      "set request.jwt.claims = '{\"sub\":\"6f1c1c86-9a5b-4b6e-9d0c-6d1f0d6c0a11\",\"role\":\"authenticated\","
      "\"email\":\"a@b.c\"}'");
  EXPECT_EQ(ask("select auth.uid()::text"), "6f1c1c86-9a5b-4b6e-9d0c-6d1f0d6c0a11");
  EXPECT_EQ(ask("select auth.role()"), "authenticated");
  EXPECT_EQ(ask("select auth.email()"), "a@b.c");
  EXPECT_EQ(ask("select auth.jwt() ->> 'email'"), "a@b.c");
  connection.execute("set request.jwt.claim.role = 'older'");
  EXPECT_EQ(ask("select auth.role()"), "older");
  connection.execute("set request.jwt.claims = ''");
  EXPECT_EQ(ask("select auth.uid()::text"), std::nullopt);
}

TEST(Database, gives_the_api_roles_what_a_migration_makes_and_nothing_of_auth) {
  EXPECT_EQ(value("select string_agg(has_table_privilege(r, 'public.notes', 'insert')::text, ' ') from"
                  " unnest(array['anon', 'authenticated', 'service_role']) as r"),
            "true true true");
  EXPECT_EQ(value("select string_agg(has_table_privilege(r, 'auth.users', 'select')::text, ' ') from"
                  " unnest(array['anon', 'authenticated', 'service_role', 'authenticator']) as r"),
            "false false false false");
}

TEST(Database, gives_its_well_known_login_no_way_to_the_files_and_programs_of_the_machine) {
  BlockingConnection connection(LiveStack::unconfined().cluster().connection_string("postgres", stack::role_password));
  for (const char* role :
       {"pg_execute_server_program", "pg_read_server_files", "pg_write_server_files", "supabase_admin"}) {
    EXPECT_THROW(connection.execute(std::string("grant ") + role + " to postgres"), Error) << role;
    EXPECT_THROW(connection.execute(std::string("set role ") + role), Error) << role;
  }
  EXPECT_EQ(connection.query("select rolsuper::text from pg_roles where rolname = 'postgres'").at(0).at(0), "false");
  for (const char* sql :
       {"alter role postgres superuser", "alter role authenticator superuser", "create role mighty superuser",
        "create extension file_fdw", "create extension dblink", "create extension xml2",
        "alter database postgres set session_preload_libraries = 'evil'",
        "alter role authenticator set log_statement = 'all'",
        "alter database postgres set dynamic_library_path = '/tmp'",
        "create function evil() returns int language c as '/tmp/evil.so'", "copy (select 1) to '/tmp/evil'",
        "create event trigger evil on ddl_command_end execute function extensions.pgrst_ddl_watch()",
        "alter system set log_statement = 'all'", "load '/tmp/evil.so'",
        "select _bailey.create_extension('file_fdw', 'public', false)",
        "select _bailey.create_extension('moddatetime', 'pg_catalog', true)",
        "select _bailey.create_extension('moddatetime', '_bailey', true)", "delete from _bailey.bootstrap",
        "create or replace function _bailey.create_extension(extension text, schema text, cascade boolean) returns "
        "void language sql"
        " as 'select 1'"}) {
    try {
      connection.execute(sql);
      ADD_FAILURE() << sql;
    } catch (const Error& failure) {
      EXPECT_EQ(failure.code(), "42501") << sql << ": " << failure.message();
    }
  }
  EXPECT_THROW(connection.execute("copy (select 1) to program 'true'"), Error);
  EXPECT_THROW(connection.execute("select pg_read_file('/etc/hostname')"), Error);
  EXPECT_THROW(connection.execute("select lo_import('/etc/hostname')"), Error);
}

TEST(Database, makes_extensions_as_the_superuser_for_the_login_of_migrations_alone) {
  EXPECT_EQ(value("select string_agg(rolname, ' ') from pg_roles where not rolsuper and rolname !~ '^pg_'"
                  " and has_function_privilege(oid, '_bailey.create_extension(text, text, boolean)', 'execute')"),
            "postgres");
}

TEST(Bootstrap, is_done_once) {
  const std::string before = value("select string_agg(version || name || applied_at, ',') from _bailey.bootstrap");
  stack::bootstrap(live().cluster());
  EXPECT_EQ(value("select string_agg(version || name || applied_at, ',') from _bailey.bootstrap"), before);
}

TEST(Bootstrap, brings_a_database_of_an_earlier_bailey_up_to_date) {
  static_cast<void>(live().sql("alter database postgres owner to supabase_admin"));
  static_cast<void>(live().sql("drop publication supabase_realtime"));
  static_cast<void>(live().sql("delete from _bailey.bootstrap where version >= 8"));
  stack::bootstrap(live().cluster());
  EXPECT_EQ(value("select datdba::regrole::text from pg_database where datname = 'postgres'"), "postgres");
  EXPECT_EQ(value("select pubowner::regrole::text from pg_publication where pubname = 'supabase_realtime'"),
            "postgres");
  EXPECT_EQ(value("select count(*)::text from pg_publication_tables where pubname = 'supabase_realtime'"), "0");
}

TEST(Bootstrap, opens_the_logins_of_the_stack_whatever_has_been_made_of_them) {
  // A migration may do this up to PostgreSQL 15; since 16 only who administers a role alters it.
  static_cast<void>(live().sql("alter user authenticator with password 'mine' connection limit 0"));
  static_cast<void>(live().sql("alter user postgres with password 'mine' nologin valid until '2020-01-01'"));
  stack::bootstrap(live().cluster());
  for (const char* role : {"postgres", "authenticator", "supabase_auth_admin"}) {
    EXPECT_NO_THROW(BlockingConnection again(live().cluster().connection_string(role, stack::role_password))) << role;
  }
}

TEST(Bootstrap, takes_the_right_to_an_extension_from_a_database_of_a_bailey_that_gave_it) {
  static_cast<void>(
      live().sql("create or replace function _bailey.extensions_made() returns setof text language sql immutable"
                 " set search_path = pg_catalog, pg_temp as $$ select 'pg_hashids'::text $$"));
  static_cast<void>(live().sql("delete from _bailey.bootstrap where version > 16"));
  stack::bootstrap(live().cluster());
  EXPECT_TRUE(live().sql("select from _bailey.extensions_made() as name where name = 'pg_hashids'").empty());
  EXPECT_FALSE(live().sql("select from _bailey.extensions_made() as name where name = 'vector'").empty());
}

TEST(Bootstrap, refuses_the_database_of_a_newer_bailey) {
  static_cast<void>(live().sql("insert into _bailey.bootstrap values (9999, 'later.sql')"));
  EXPECT_THROW(stack::bootstrap(live().cluster()), Error);
  static_cast<void>(live().sql("delete from _bailey.bootstrap where version = 9999"));
}

class Migrations : public testing::Test {
 protected:
  std::size_t apply() { return stack::apply_migrations(folder.project, as_postgres); }
  std::size_t seed(const stack::DatabaseConfig& config = {}) {
    return stack::apply_seeds(folder.project, config, as_postgres);
  }
  std::string failure() {
    try {
      apply();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "migration_failed");
      return error.message();
    }
    return "";
  }

  TemporaryProject folder;
  Secret as_postgres = live().cluster().connection_string("postgres", stack::role_password);
};

TEST_F(Migrations, are_applied_in_order_once_each_and_recorded) {
  folder.write("migrations/20300102000000_second.sql", "insert into public.steps values (2);");
  folder.write("migrations/20300101000000_first.sql",
               "-- the table\ncreate table public.steps (n int);\ninsert into public.steps values (1);\n");
  folder.write("migrations/README.md", "not a migration");
  folder.write("migrations/draft.sql", "syntax error");
  EXPECT_EQ(apply(), 2U);
  EXPECT_EQ(apply(), 0U);
  EXPECT_EQ(value("select string_agg(n::text, ' ') from public.steps"), "1 2");
  EXPECT_EQ(value("select name || '|' || array_to_string(statements, '|') from supabase_migrations.schema_migrations"
                  " where version = '20300101000000'"),
            "first|create table public.steps (n int)|insert into public.steps values (1)");
}

TEST_F(Migrations, that_fail_tell_the_place_and_leave_nothing) {
  folder.write("migrations/20300201000000_bad.sql",
               "create table public.half (n int);\n\ninsert into public.half\nvalues (1, 2);\n");
  const std::string message = failure();
  EXPECT_NE(message.find("supabase/migrations/20300201000000_bad.sql:4: INSERT has more expressions"),
            std::string::npos)
      << message;
  EXPECT_EQ(value("select to_regclass('public.half')::text"), "null");
  EXPECT_EQ(value("select count(*)::text from supabase_migrations.schema_migrations where version = '20300201000000'"),
            "0");
}

TEST_F(Migrations, tell_detail_and_hint) {
  folder.write("migrations/20300301000000_twice.sql",
               "create table public.uniq (n int primary key);\ninsert into public.uniq values (1);\ninsert into "
               "public.uniq values (1);");
  const std::string message = failure();
  EXPECT_NE(message.find("_twice.sql:3: duplicate key"), std::string::npos) << message;
  EXPECT_NE(message.find("detail: Key (n)=(1) already exists."), std::string::npos) << message;
}

TEST_F(Migrations, of_one_statement_that_no_transaction_may_hold_run_without) {
  folder.write("migrations/20300501000000_table.sql", "create table public.indexed (n int);");
  folder.write("migrations/20300501000001_index.sql", "create index concurrently indexed_n on public.indexed (n);");
  EXPECT_EQ(apply(), 2U);
  EXPECT_EQ(apply(), 0U);
  EXPECT_EQ(value("select indisvalid::text from pg_index where indexrelid = 'public.indexed_n'::regclass"), "true");
}

TEST_F(Migrations, of_several_statements_run_those_that_bear_no_transaction_between_two) {
  folder.write("migrations/20300502000000_between.sql",
               "set search_path = extensions, public;\n"
               "create table public.lone (n int);\n"
               "create index concurrently lone_n on lone (n);\n"
               "insert into public.lone values (1);\n"
               "vacuum public.lone;\n"
               "drop index concurrently public.lone_n;\n"
               "insert into public.lone values (2);\n");
  EXPECT_EQ(apply(), 1U);
  EXPECT_EQ(apply(), 0U);
  EXPECT_EQ(value("select string_agg(n::text, ' ' order by n) from public.lone"), "1 2");
  EXPECT_EQ(value("select to_regclass('public.lone_n')::text"), "null");
  EXPECT_EQ(value("select cardinality(statements)::text from supabase_migrations.schema_migrations"
                  " where version = '20300502000000'"),
            "7");
}

TEST_F(Migrations, that_fail_after_such_a_statement_say_what_stays) {
  folder.write("migrations/20300503000000_stays.sql",
               "create table public.half_done (n int);\n"
               "create index concurrently on public.half_done (n);\n\n"
               "insert into public.half_done values (1);\nselekt 1;\n");
  const std::string message = failure();
  EXPECT_NE(message.find("_stays.sql:5: syntax error"), std::string::npos) << message;
  EXPECT_NE(message.find("what stands before line 4 is done and stays"), std::string::npos) << message;
  EXPECT_EQ(value("select count(*)::text from public.half_done"), "0");
  // As after a process that was killed there: all that PostgreSQL knows is that there is such a table.
  const std::string later = failure();
  EXPECT_NE(later.find("\"half_done\" already exists"), std::string::npos) << later;
  EXPECT_NE(later.find("an earlier start did not come to the end of this file"), std::string::npos) << later;
  EXPECT_NE(later.find("--reset"), std::string::npos) << later;
  std::filesystem::remove(folder.project.migrations_folder() / "20300503000000_stays.sql");
  folder.write("migrations/20300503000001_commits.sql",
               "create table public.once (n int); commit; insert into public.once values (1); begin; vacuum;");
  EXPECT_NE(failure().find("cannot run inside a transaction block"), std::string::npos);
  EXPECT_EQ(value("select count(*)::text from public.once"), "1");
  EXPECT_NE(failure().find("an earlier start did not come to the end of this file"), std::string::npos);
}

TEST_F(Migrations, that_came_to_their_end_are_no_longer_told_as_begun) {
  const std::string name = "migrations/20300503000003_mended.sql";
  folder.write(name, "create table public.mended (n int); create index concurrently on public.mended (n); selekt 1;");
  EXPECT_NE(failure().find("syntax error"), std::string::npos);
  folder.write(name, "select 1;");
  EXPECT_EQ(apply(), 1U);
  // As `supabase migration repair --status reverted` has it run again.
  value(
      "with gone as (delete from supabase_migrations.schema_migrations where version = '20300503000003' returning 1)"
      " select count(*)::text from gone");
  folder.write(name, "selekt 1;");
  const std::string again = failure();
  EXPECT_NE(again.find("syntax error"), std::string::npos) << again;
  EXPECT_EQ(again.find("an earlier start did not come to the end of this file"), std::string::npos) << again;
}

// That a part is committed is noted by the session of the script, whatever that has made of itself and of its login.
TEST_F(Migrations, run_in_parts_when_they_change_their_own_login) {
  folder.write("migrations/20300503000002_password.sql",
               "create table public.guarded (n int);\n"
               "alter role postgres password 'mine';\n"
               "create index concurrently guarded_n on public.guarded (n);\n"
               "set role service_role;\n"
               "commit;\n"
               "select 1 / (current_user = 'service_role')::int;\n"
               "reset role;\n"
               "vacuum public.guarded;\n");
  EXPECT_EQ(failure(), "");
  stack::open_logins(live().cluster());
  EXPECT_EQ(value("select indisvalid::text from pg_index where indexrelid = 'public.guarded_n'::regclass"), "true");
}

TEST_F(Migrations, that_are_done_are_not_followed_by_roles_added_later) {
  static_cast<void>(live().sql("delete from _bailey.state where name = 'roles'"));
  seed();
  folder.write("roles.sql", "create role latecomer nologin;");
  EXPECT_FALSE(stack::apply_roles(folder.project, as_postgres));
  EXPECT_FALSE(stack::apply_roles(folder.project, as_postgres));
  EXPECT_TRUE(live().sql("select from pg_roles where rolname = 'latecomer'").empty());
}

TEST_F(Migrations, find_the_roles_of_the_project) {
  static_cast<void>(live().sql("delete from _bailey.state where name in ('roles', 'seeded')"));
  EXPECT_FALSE(stack::apply_roles(folder.project, as_postgres));
  folder.write("roles.sql", "create role editor nologin;\ngrant editor to authenticator;\nselekt 1;");
  EXPECT_THROW(stack::apply_roles(folder.project, as_postgres), Error);
  folder.write("roles.sql", "create role editor nologin;\ngrant editor to authenticator;\n");
  EXPECT_TRUE(stack::apply_roles(folder.project, as_postgres));
  EXPECT_FALSE(stack::apply_roles(folder.project, as_postgres));
  folder.write("migrations/20300504000000_uses.sql",
               "create table public.edited (n int); grant all on public.edited to editor;");
  EXPECT_EQ(failure(), "");
  static_cast<void>(live().sql("drop table public.edited; "));
  static_cast<void>(live().sql("drop role editor"));
}

TEST_F(Migrations, that_cannot_be_read_as_text_are_refused_whole) {
  using namespace std::string_literals;
  folder.write("migrations/20300601000000_utf16.sql", "create table public.wide (n int);\0 create table b ();"s);
  EXPECT_NE(failure().find("Save it in the encoding UTF-8"), std::string::npos);
  EXPECT_EQ(value("select to_regclass('public.wide')::text"), "null");
  std::filesystem::remove(folder.project.migrations_folder() / "20300601000000_utf16.sql");
  std::filesystem::create_directory(folder.project.migrations_folder() / "20300601000001_folder.sql");
  EXPECT_NE(failure().find("cannot read"), std::string::npos);
}

TEST_F(Migrations, that_bring_data_for_psql_are_told_what_to_write_instead) {
  folder.write("migrations/20300701000000_copy.sql",
               "create table public.copied (n int);\ncopy public.copied from stdin;\n1\n\\.\n");
  const std::string message = failure();
  EXPECT_NE(message.find("_copy.sql:2: COPY from stdin"), std::string::npos) << message;
  EXPECT_NE(message.find("hint: Write the rows as INSERT statements."), std::string::npos) << message;
  EXPECT_EQ(value("select to_regclass('public.copied')::text"), "null");
}

TEST_F(Migrations, of_one_version_are_refused) {
  folder.write("migrations/1_a.sql", "select 1");
  folder.write("migrations/1_b.sql", "select 1");
  EXPECT_NE(failure().find("two migrations have the version 1"), std::string::npos);
}

TEST_F(Migrations, of_an_ordinary_supabase_project_are_applied) {
  folder.write("migrations/20300801000000_project.sql",
               "create table public.messages (id int);\n"
               "alter publication supabase_realtime add table public.messages;\n"
               "create extension if not exists \"pg_stat_statements\" with schema \"extensions\";\n"
               "create extension if not exists \"uuid-ossp\" with schema \"extensions\";\n"
               "create extension if not exists pgcrypto;\n"
               "create extension citext;\n"
               "create extension if not exists pg_trgm with schema extensions;\n"
               "create extension hstore with schema extensions;\n"
               "alter database postgres set timezone to 'UTC';\n"
               "alter database postgres set \"app.settings.jwt_secret\" to 'known';\n"
               "alter role authenticator set pgrst.db_aggregates_enabled = 'true';\n"
               "alter role authenticator set statement_timeout = '8s';\n");
  EXPECT_EQ(failure(), "");
  EXPECT_EQ(value("select tablename from pg_publication_tables where pubname = 'supabase_realtime'"), "messages");
  static_cast<void>(live().sql("alter database postgres reset \"app.settings.jwt_secret\""));
}

TEST_F(Migrations, go_on_without_the_extensions_that_supabase_alone_brings) {
  folder.write("migrations/20300802000000_extensions.sql",
               "create extension if not exists \"pg_net\" with schema \"extensions\";\n"
               "CREATE EXTENSION pg_graphql;\n"
               "create extension if not exists supabase_vault with schema vault cascade;\n"
               "create extension /* every night */ pg_cron\n version '1.6';\n"
               "create table public.after_extensions (n int);\n");
  std::vector<std::string> warnings;
  log::set_sink([&](log::Level level, std::string_view line) {
    if (level == log::Level::warning) warnings.emplace_back(line);
  });
  EXPECT_EQ(failure(), "");
  log::set_sink({});
  ASSERT_EQ(warnings.size(), 4U);
  EXPECT_TRUE(warnings[3].ends_with("extension=pg_cron file=20300802000000_extensions.sql line=4")) << warnings[3];
  EXPECT_EQ(value("select to_regclass('public.after_extensions')::text"), "public.after_extensions");
  folder.write("migrations/20300802000001_unknown.sql", "\ncreate extension if not exists no_such_extension;");
  EXPECT_NE(failure().find("_unknown.sql:2: extension \"no_such_extension\" is not available"), std::string::npos);
}

TEST_F(Migrations, get_the_trigger_functions_that_only_a_superuser_may_make) {
  folder.write("migrations/20300803000000_moddatetime.sql",
               "create extension if not exists moddatetime schema extensions;\n"
               "create table public.stamped (n int, at timestamptz);\n"
               "create trigger stamp before update on public.stamped\n"
               "  for each row execute procedure moddatetime(at);\n"
               "insert into public.stamped values (1);\nupdate public.stamped set n = 2;\n");
  EXPECT_EQ(failure(), "");
  EXPECT_EQ(value("select (at is not null)::text from public.stamped"), "true");
  folder.write("migrations/20300803000001_again.sql", "create extension if not exists moddatetime; selekt 1");
  EXPECT_NE(failure().find("syntax error"), std::string::npos);
  folder.write("migrations/20300803000001_again.sql", "create extension if not exists moddatetime");
  EXPECT_EQ(failure(), "");
  folder.write("migrations/20300803000002_files.sql", "create extension file_fdw");
  EXPECT_NE(failure().find("permission denied to create extension"), std::string::npos);
}

TEST_F(Migrations, make_such_an_extension_in_a_schema_of_their_own) {
  folder.write("migrations/20300804000000_utils.sql",
               "create schema utils;\ncreate extension autoinc with schema utils;\nselekt 1");
  EXPECT_NE(failure().find("_utils.sql:3: syntax error"), std::string::npos);
  EXPECT_TRUE(live().sql("select from pg_extension where extname = 'autoinc'").empty());
  folder.write("migrations/20300804000000_utils.sql",
               "create schema utils;\ncreate extension autoinc with schema utils;\n");
  EXPECT_EQ(failure(), "");
  EXPECT_EQ(value("select extnamespace::regnamespace::text from pg_extension where extname = 'autoinc'"), "utils");
}

TEST_F(Migrations, leave_no_setting_behind_for_the_next) {
  folder.write("migrations/20300401000000_a.sql", "set search_path = extensions; set role anon;");
  folder.write("migrations/20300401000001_b.sql", "create table here (n int);");
  EXPECT_EQ(apply(), 2U);
  EXPECT_EQ(value("select to_regclass('public.here')::text"), "public.here");
}

TEST_F(Migrations, are_followed_by_the_seed_on_a_new_database_only) {
  static_cast<void>(live().sql("delete from _bailey.state where name = 'seeded'"));
  folder.write("seed.sql", "create table public.seeds (n int); insert into public.seeds values (1);");
  EXPECT_EQ(seed(), 1U);
  EXPECT_EQ(seed(), 0U);
  EXPECT_EQ(value("select count(*)::text from public.seeds"), "1");
}

TEST_F(Migrations, whose_seed_fails_are_seeded_at_the_next_start) {
  static_cast<void>(live().sql("delete from _bailey.state where name = 'seeded'"));
  folder.write("seed.sql", "create table public.retried (n int);\nselekt 1;");
  EXPECT_THROW(seed(), Error);
  folder.write("seed.sql", "create table public.retried (n int);");
  EXPECT_EQ(seed(), 1U);
  EXPECT_EQ(seed({.seed_enabled = false}), 0U);
}

TEST_F(Migrations, leave_no_setting_behind_for_the_next_seed_either) {
  static_cast<void>(live().sql("delete from _bailey.state where name = 'seeded'"));
  folder.write("a.sql", "select set_config('search_path', '', false); set role anon;");  // as pg_dump begins
  folder.write("b.sql", "create table second_seed (n int); set role anon;");
  EXPECT_EQ(seed({.seed_paths = {"a.sql", "b.sql"}}), 2U);
  EXPECT_EQ(seed(), 0U);
  EXPECT_EQ(value("select to_regclass('public.second_seed')::text"), "public.second_seed");
}

TEST_F(Migrations, that_end_their_transaction_themselves_say_so) {
  folder.write("migrations/20301103000000_commits.sql",
               "create table public.committed (n int);\ncommit;\ncreate table public.afterwards (n int);");
  std::vector<std::string> warnings;
  log::set_sink([&](log::Level level, std::string_view line) {
    if (level == log::Level::warning) warnings.emplace_back(line);
  });
  EXPECT_EQ(failure(), "");
  log::set_sink({});
  EXPECT_TRUE(std::ranges::any_of(warnings, [](const std::string& line) {
    return line.ends_with(
        "ends the transaction it runs in: if it fails later, what stands before stays or is lost"
        " file=20301103000000_commits.sql line=2");
  }));
  EXPECT_EQ(value("select to_regclass('public.afterwards')::text"), "public.afterwards");
}

TEST_F(Migrations, whose_seeds_are_not_there_say_so) {
  const auto warnings = [&](std::vector<std::string> patterns) {
    static_cast<void>(live().sql("delete from _bailey.state where name = 'seeded'"));
    std::string lines;
    log::set_sink([&](log::Level level, std::string_view line) {
      if (level == log::Level::warning) lines.append(line.substr(line.find(' ') + 1));
    });
    EXPECT_EQ(seed({.seed_paths = std::move(patterns)}), 0U);
    log::set_sink({});
    return lines;
  };
  EXPECT_EQ(warnings({"./seeds/*.sql"}), "warning no seed file is there pattern=./seeds/*.sql");
  EXPECT_EQ(warnings({"./seed.sql"}), "");  // what every project of the Supabase CLI names, and many do not have
}

TEST_F(Migrations, find_their_seeds_below_a_folder_whatever_its_name) {
  static_cast<void>(live().sql("delete from _bailey.state where name = 'seeded'"));
  folder.project.root /= "app [1]*?\\";
  std::filesystem::create_directories(folder.project.supabase_folder() / "seeds");
  folder.write("seeds/a.sql", "select 1");
  folder.write("seeds/b.sql", "select 1");
  EXPECT_EQ(seed({.seed_paths = {"./seeds/[ab].sql"}}), 2U);
  folder.project.root = folder.project.root.parent_path();
}

}  // namespace
}  // namespace bailey::test
