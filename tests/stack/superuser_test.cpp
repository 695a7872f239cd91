// Whoever knows the well-known passwords owns the database `postgres`: may drop it and make another, and leave in it
// what the superuser comes across at the next start. The proof is a file that a program makes, which a superuser alone
// runs.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "stack/database/bootstrap.hpp"
#include "stack/database/migrations.hpp"
#include "stack/database/superuser.hpp"
#include "tests/stack/live_stack.hpp"
#include "tests/stack/temporary_project.hpp"
#include "tests/support/postgres_process.hpp"

namespace bailey::test {
namespace {

namespace fs = std::filesystem;
using stack::BlockingConnection;

// What is done between two starts. `to_databases` is run by `postgres` in template1, the rest in the database postgres:
// `by` its owner, then whatever else is worth a try and may be refused.
struct Attack {
  const char* name;
  std::vector<std::string> to_databases;
  std::vector<std::string> by_postgres;
  std::vector<std::string> tried;
  std::string refusal;  // part of what the start says; "" when it goes well
};

const std::vector<std::string> dropped{"drop database postgres with (force)", "create database postgres"};
const std::vector<std::string> renamed{"alter database postgres rename to former", "create database postgres"};
const std::vector<std::string> from_template0{"drop database postgres with (force)",
                                              "create database postgres template template0"};
const std::vector<std::string> copied{"alter database postgres rename to former",
                                      "create database postgres template former"};

class TheSuperuser : public testing::Test {
 protected:
  // One cluster for all, and in it what a first start makes, to be copied for each attack.
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryProject>();
    fs::permissions(folder_->project.root, fs::perms(0777));
    postmaster_ = std::make_unique<stack::Postmaster>(stack::open_cluster(folder_->project, free_port(), false));
    stack::bootstrap(cluster());
    superuser("template1").execute("create database made_by_bailey template postgres");
  }
  static void TearDownTestSuite() {
    postmaster_.reset();
    folder_.reset();
  }

  void SetUp() override { begin_anew(); }

  static const stack::Cluster& cluster() { return postmaster_->cluster(); }
  static std::string proof() { return (folder_->project.root / "reached").string(); }
  static BlockingConnection superuser(const std::string& database) {
    return BlockingConnection(
        Secret(std::string(cluster().admin_connection_string().reveal()) + " dbname=" + database));
  }
  static BlockingConnection login(const std::string& role, const std::string& database = "postgres") {
    return BlockingConnection(
        Secret(std::string(cluster().connection_string(role, stack::role_password).reveal()) + " dbname=" + database));
  }

  static void begin_anew() {
    fs::remove(proof());
    BlockingConnection connection = superuser("template1");
    connection.execute("drop database if exists postgres with (force)");
    connection.execute("drop database if exists former with (force)");
    connection.execute("create database postgres template made_by_bailey owner postgres");
  }

  // A function: whatever calls it as the superuser, or in a session of the superuser's, has been reached. It says that
  // it is immutable, so that PostgreSQL would call it early and from anywhere; what it calls is not.
  static std::string trap(const std::string& name, const std::string& parameters, const std::string& result,
                          const std::string& value) {
    return "create or replace function " + name +
           "_reached() returns void language plpgsql as $trap$ begin"
           " begin perform pg_catalog.set_config('role', 'none', true); exception when others then null; end;"
           " begin copy (select 1) to program 'touch " +
           proof() + "'; exception when others then null; end; end $trap$; create or replace function " + name + "(" +
           parameters + ") returns " + result + " language plpgsql immutable as $trap$ begin perform " + name +
           "_reached(); return " + value + "; end $trap$";
  }

  static std::string start() {
    try {
      stack::bootstrap(cluster());
      stack::open_logins(cluster());
      static_cast<void>(stack::connect_as_superuser(cluster()));
      return "";
    } catch (const Error& failure) {
      return failure.message();
    }
  }

  static void try_to(BlockingConnection& connection, const std::string& sql) {
    try {
      connection.execute(sql);
    } catch (const Error&) {  // so much the better
    }
  }

  static void expect_safe(const Attack& attack) {
    begin_anew();
    {
      BlockingConnection outside = login("postgres", "template1");
      for (const std::string& sql : attack.to_databases) outside.execute(sql);
      BlockingConnection inside = login("postgres");
      for (const std::string& sql : attack.by_postgres) ASSERT_NO_THROW(inside.execute(sql)) << attack.name << sql;
      for (const std::string& sql : attack.tried) try_to(inside, sql);
    }
    const std::string told = start();
    EXPECT_FALSE(fs::exists(proof())) << attack.name;
    if (attack.refusal.empty()) {
      EXPECT_EQ(told, "") << attack.name;
    } else {
      EXPECT_NE(told.find(attack.refusal), std::string::npos) << attack.name << ": " << told;
      EXPECT_NE(told.find("bailey dev --reset"), std::string::npos) << attack.name << ": " << told;
    }
  }

  static std::unique_ptr<TemporaryProject> folder_;
  static std::unique_ptr<stack::Postmaster> postmaster_;
};

std::unique_ptr<TemporaryProject> TheSuperuser::folder_;
std::unique_ptr<stack::Postmaster> TheSuperuser::postmaster_;

TEST_F(TheSuperuser, would_be_seen_to_run_what_is_a_projects) {
  login("postgres").execute(trap("public.trap", "", "int", "1"));
  superuser("postgres").execute("select public.trap()");
  EXPECT_TRUE(fs::exists(proof()));
}

TEST_F(TheSuperuser, runs_nothing_of_a_database_that_a_project_has_put_in_the_place_of_baileys) {
  const std::string state = "create table _bailey.state (name text primary key, value text not null)";
  const std::string bootstrap = "create table _bailey.bootstrap (version int, name text, applied_at timestamptz)";
  const std::vector<std::string> view{"create schema _bailey", trap("_bailey.gotcha", "", "int", "99"),
                                      "create view _bailey.bootstrap as select _bailey.gotcha() as version", state};
  std::vector<std::string> in_public = view;
  in_public.front() = "alter schema public rename to _bailey";
  std::vector<std::string> with_trigger{"create schema _bailey",
                                        bootstrap,
                                        state,
                                        trap("_bailey.gotcha", "", "trigger", "new"),
                                        "insert into _bailey.bootstrap values (5, 'x', now())",
                                        "create trigger gotcha before insert on _bailey.bootstrap for each row execute "
                                        "function _bailey.gotcha()"};
  std::vector<std::string> of_a_predefined_role = view;
  of_a_predefined_role.emplace_back("alter schema _bailey owner to pg_read_all_data");
  const std::vector<std::string> operators{
      "create schema extensions", "create schema auth", trap("public.same", "name, text", "boolean", "true"),
      "create operator public.= (leftarg = name, rightarg = text, function = public.same)"};
  const Attack attacks[] = {
      {"a view of the name of the record", dropped, view, {}, "the schema _bailey belongs to postgres"},
      {"the same under a renamed database", renamed, view, {}, "the schema _bailey belongs to postgres"},
      {"the same made of template0", from_template0, view, {}, "the schema _bailey belongs to postgres"},
      {"in what was the schema public", dropped, in_public, {}, "the schema _bailey belongs to pg_database_owner"},
      {"a table with a trigger", dropped, with_trigger, {}, "the schema _bailey belongs to postgres"},
      {"one given to a predefined role",
       dropped,
       of_a_predefined_role,
       {},
       "the schema _bailey belongs to pg_read_all_data"},
      {"a schema of functions of event triggers",
       dropped,
       {"create schema _bailey_events", trap("_bailey_events.passes_over", "tag text", "boolean", "true")},
       {},
       "the schema _bailey_events belongs to postgres"},
      {"nothing of Bailey's, but operators", dropped, operators, {}, "it has no schema _bailey"},
      {"nothing at all", dropped, {}, {}, "it has no schema _bailey"},
      {"a copy of Bailey's own", copied, {}, {}, ""},
      {"what hangs on tables, schemas and roles that are not a project's",
       {},
       {trap("public.hook", "", "trigger", "null"), trap("public.value", "", "int", "1"),
        trap("public.turn", "text", "int", "1")},
       {"create trigger hook before insert or update or delete on auth.users execute function public.hook()",
        "create trigger hook before insert or update on _bailey.bootstrap execute function public.hook()",
        "create rule hook as on insert to _bailey.bootstrap do also select public.value()",
        "create policy hook on auth.users using (public.value() = 1)",
        "set role supabase_auth_admin; create index hook on auth.users ((public.turn(email::text)))",
        "set role supabase_auth_admin; alter table auth.users alter aud set default public.value()::text",
        "reset role",
        "alter table _bailey.bootstrap alter applied_at set default now() + public.value() * interval '1 day'",
        "create table public.child () inherits (_bailey.bootstrap)",
        "create table public.child () inherits (auth.users)",
        "create cast (text as int) with function public.turn(text) as implicit",
        "create function _bailey.max(int) returns int language sql as 'select public.value()'",
        "create function pg_catalog.max(int) returns int language sql as 'select public.value()'",
        "create view _bailey.seen as select public.value()",
        "grant create on schema _bailey, _bailey_events to postgres",
        "alter function _bailey.extensions_made owner to postgres",
        "alter schema _bailey owner to postgres",
        "alter role supabase_admin set search_path = public",
        "alter role all set search_path = public",
        "alter role supabase_admin in database postgres set session_preload_libraries = 'evil'",
        "grant pg_write_all_data to postgres",
        "insert into _bailey.state values ('a', public.value())",
        "update _bailey.bootstrap set name = public.value()::text"},
       ""},
  };
  for (const Attack& attack : attacks) expect_safe(attack);
}

// Only a superuser makes one, but of any function.
TEST_F(TheSuperuser, starts_nothing_where_an_event_trigger_calls_a_function_of_a_project) {
  login("postgres").execute(trap("public.on_change_reached_by", "", "int", "1"));
  login("postgres")
      .execute(
          "create function public.on_change() returns event_trigger language plpgsql as"
          " $$ begin perform public.on_change_reached_by(); end $$");
  superuser("postgres")
      .execute("create event trigger changed on ddl_command_start execute function public.on_change()");
  const std::string told = start();
  EXPECT_FALSE(fs::exists(proof()));
  EXPECT_NE(told.find("the function public.on_change() belongs to postgres"), std::string::npos) << told;
}

TEST_F(TheSuperuser, is_not_held_up_by_what_is_set_for_the_database) {
  std::vector<std::string> settings;
  for (const char* setting : {"search_path = public, auth",
                              "role = 'anon'",
                              "session_replication_role = 'replica'",
                              "default_transaction_read_only = on",
                              "default_transaction_isolation = 'serializable'",
                              "statement_timeout = 1",
                              "lock_timeout = 1",
                              "idle_session_timeout = 1",
                              "idle_in_transaction_session_timeout = 1",
                              "transform_null_equals = on",
                              "check_function_bodies = off",
                              "quote_all_identifiers = on",
                              "standard_conforming_strings = off",
                              "client_encoding = 'LATIN1'",
                              "default_table_access_method = 'none'",
                              "password_encryption = 'md5'",
                              "row_security = off",
                              "DateStyle = 'German'",
                              "bytea_output = 'escape'",
                              "app.settings.jwt_exp = '1'"}) {
    settings.push_back(std::string("alter database postgres set ") + setting);
  }
  // What no session of the project's gets over stands last; one that is tried is of PostgreSQL 17.
  settings.emplace_back("alter role all in database postgres set local_preload_libraries = 'none_of_that_name'");
  begin_anew();
  expect_safe({"settings",
               {},
               settings,
               {"alter database postgres set transaction_timeout = 1",
                "alter database postgres set plpgsql.extra_errors = 'all'"},
               ""});
  BlockingConnection connection = stack::connect_as_superuser(cluster());
  EXPECT_TRUE(connection
                  .query("select from pg_settings where source in ('database', 'user', 'database user', 'global')"
                         " and name <> 'local_preload_libraries'")
                  .empty());
  EXPECT_TRUE(connection.query("select from pg_authid where rolname = 'postgres' and rolpassword ~ '^md5'").empty());
}

// The record of what has been applied is a table, and PostgreSQL 15 lets `postgres` give itself the right to write to
// every table: each file may run again, at a time when there is something in all schemas but Bailey's own.
TEST_F(TheSuperuser, runs_nothing_of_a_projects_when_the_files_of_the_bootstrap_run_again) {
  std::vector<std::string> traps;
  for (const char* schema :
       {"public", "extensions", "auth", "storage", "postgres", "supabase_admin", "supabase_auth_admin"}) {
    const std::string place(schema);
    traps.push_back("create schema if not exists " + place);
    for (const char* types :
         {"name, text", "name, name", "oid, integer", "text, varchar", "varchar, text", "boolean, text"}) {
      const std::string left(types, std::string_view(types).find(','));
      const std::string right = std::string(types).substr(left.size() + 2);
      traps.push_back(trap(place + ".same", types, "boolean", "true"));
      for (const char* symbol : {"=", "<>", "!~", "~", "||"}) {
        traps.push_back("create operator " + place + "." + symbol + " (leftarg = " + left + ", rightarg = " + right +
                        ", function = " + place + ".same)");
      }
    }
    traps.push_back(trap(place + ".lower", "varchar", "text", "$1::text"));
    traps.push_back(trap(place + ".format", "text, name", "text", "'select 1'"));
    traps.push_back(trap(place + ".current_setting", "varchar", "text", "'150000'"));
    traps.push_back(trap(place + ".pg_stat_statements", "boolean", "int", "1"));
    traps.push_back(trap(place + ".pg_stat_statements_info", "", "int", "1"));
  }
  traps.push_back(trap("public.on_change", "", "event_trigger", "null"));
  for (const char* event : {"login", "ddl_command_start", "ddl_command_end", "sql_drop", "table_rewrite"}) {
    const std::string on = std::string("public.on_") + event + "()";
    traps.push_back("create function " + on +
                    " returns event_trigger language plpgsql as $$ begin perform"
                    " public.same('a'::name, 'b'::text); end $$; select _bailey.create_event_trigger('" +
                    event + "', '" + event + "', null, '" + on + "')");
  }
  // What makes room for a file to do its work again, and from which file on it then can.
  const struct {
    std::vector<std::string> sql;
    int runs_from;
  } attacks[] = {
      {{"drop extension pg_stat_statements", "drop extension pgcrypto", "drop extension \"uuid-ossp\""}, 7},
      {{"drop function extensions.pgrst_ddl_watch, extensions.pgrst_drop_watch cascade"}, 6},
      {{"drop schema public cascade", "drop schema extensions cascade", "create schema extensions",
        "set role supabase_auth_admin", "drop schema auth cascade", "create schema auth", "reset role"},
       18},
  };
  for (const auto& attack : attacks) {
    begin_anew();
    {
      BlockingConnection inside = login("postgres");
      for (const std::vector<std::string>* list : {&attack.sql, &std::as_const(traps)}) {
        for (const std::string& sql : *list) try_to(inside, sql);
      }
    }
    BlockingConnection outside = superuser("template1");
    outside.execute("alter database postgres rename to former");
    for (const int first : {1, 3, 6, 8}) {
      outside.execute("drop database if exists postgres with (force)");
      outside.execute("create database postgres template former owner postgres");
      superuser("postgres").execute("delete from _bailey.bootstrap where version >= " + std::to_string(first));
      const std::string told = start();
      EXPECT_FALSE(fs::exists(proof())) << attack.sql.front() << ", from " << first;
      EXPECT_TRUE(told.empty() || told.starts_with("setting up the database failed in ")) << told;
      EXPECT_TRUE(told.empty() || first < attack.runs_from) << attack.sql.front() << ", from " << first << ": " << told;
    }
  }
}

// What is immutable PostgreSQL computes while it plans, and what is written in SQL it puts in the place of the call: so
// a project's function runs before anything is called. This one has the project's own move itself in among
// PostgreSQL's.
TEST_F(TheSuperuser, runs_nothing_of_a_projects_that_postgresql_computes_early) {
  begin_anew();
  {
    BlockingConnection inside = login("postgres");
    for (const std::string& sql : std::vector<std::string>{
             "grant pg_write_all_data to postgres", "create extension citext schema public",
             trap("public.is_reached", "", "boolean", "true"),
             "create function public.differ(oid, integer) returns boolean language plpgsql as"
             " $$ begin perform public.is_reached(); return true; end $$",
             "create operator public.<> (leftarg = oid, rightarg = integer, function = public.differ)",
             "alter extension citext add function public.differ(oid, integer)",
             "alter extension citext add operator public.<> (oid, integer)",
             "create function public.move() returns void language plpgsql security definer as $$ begin perform"
             " _bailey.move_extension('citext', 'pg_catalog'); exception when others then null; end $$",
             "create function public.early(text) returns boolean language plpgsql immutable as"
             " $$ begin perform public.is_reached(); perform public.move(); return true; end $$",
             "grant execute on all functions in schema public to public",
             "set role supabase_auth_admin; drop schema auth cascade; reset role",
             "create schema auth authorization supabase_auth_admin",
             "create function auth.unlike(varchar, varchar) returns boolean language sql immutable as"
             " 'select public.early($2)'",
             "create operator auth.!~ (leftarg = varchar, rightarg = varchar, function = auth.unlike)",
             "drop function extensions.pgrst_ddl_watch, extensions.pgrst_drop_watch cascade"}) {
      ASSERT_NO_THROW(inside.execute(sql)) << sql;
    }
    try_to(inside, "delete from _bailey.bootstrap where version >= 3");
  }
  for (int starts = 0; starts < 2; ++starts) {
    const std::string told = start();
    EXPECT_FALSE(fs::exists(proof())) << starts;
    EXPECT_EQ(told, "") << starts;
  }
  EXPECT_TRUE(superuser("postgres")
                  .query("select from pg_operator o join pg_roles r on r.oid = o.oprowner"
                         " where o.oprnamespace = 'pg_catalog'::regnamespace and not r.rolsuper")
                  .empty());
}

// Who got a thing of a project's into the schema that the superuser finds everything in would have it called, where it
// fits better than PostgreSQL's own. There is no way to that; and there is nothing that it would fit better than in
// what is asked first, which finds it.
TEST_F(TheSuperuser, asks_whose_the_catalog_is_in_words_that_nothing_in_it_can_bend) {
  const std::pair<std::string, std::string> kinds[] = {{"boolean", "'=', '<>', '~', '!~', '<', '>', '>=', '<=', '~~'"},
                                                       {"text", "'||', '->>'"}};
  for (const auto& [result, symbols] : kinds) {
    begin_anew();
    BlockingConnection inside = superuser("postgres");
    inside.execute(trap("public.is_reached", "", result, result == "text" ? "'x'" : "true"));
    inside.execute("create table public.planted (what text)");
    inside.execute(
        "do $plant$ declare types text[] := '{name, text, varchar, bpchar, \"char\", oid, int2, int4, int8, regproc,"
        " regprocedure, regclass, regtype, regnamespace, regrole, bool, jsonb, anyelement, anynonarray}';"
        " one text; other text; symbol text; begin"
        " foreach one in array types loop foreach other in array types loop"
        "  begin"
        "   execute format('create function pg_catalog.fits(%s, %s) returns " +
        result +
        " language sql immutable as $f$ select public.is_reached() $f$', one, other);"
        "  foreach symbol in array array[" +
        symbols +
        "] loop begin"
        "   execute format('create operator pg_catalog.%s (leftarg = %s, rightarg = %s, function = pg_catalog.fits)',"
        "                  symbol, one, other);"
        "   insert into public.planted values (symbol);"
        "  exception when others then null; end; end loop;"  // PostgreSQL has that one
        "  exception when others then null; end;"
        " end loop; end loop;"
        " foreach one in array array['int4', 'int8', 'regrole', 'regproc', 'name', 'anyelement'] loop"
        "  execute format('create function pg_catalog.pg_get_userbyid(%s) returns name language sql immutable as"
        " $f$ select public.is_reached()::text::name $f$', one);"
        "  execute format('create function pg_catalog.format(text, %s) returns text language sql immutable as"
        " $f$ select public.is_reached()::text $f$', one);"
        "  execute format('create function pg_catalog.set_config(text, %s, bool) returns text language sql immutable as"
        " $f$ select public.is_reached()::text $f$', one);"
        "  execute format('create function pg_catalog.set_config(%s, text, bool) returns text language sql immutable as"
        " $f$ select public.is_reached()::text $f$', one);"
        " end loop; end $plant$");
    inside.execute(
        "update pg_proc set proowner = 'postgres'::regrole where proname in ('fits', 'format')"
        " and pronamespace operator(pg_catalog.=) 'pg_catalog'::regnamespace::oid");
    EXPECT_GT(std::stoi(inside.query("select count(*) from public.planted").at(0).at(0).value()), 300);
    fs::remove(proof());  // of what has been asked for here
    const std::string told = start();
    EXPECT_FALSE(fs::exists(proof())) << symbols;
    EXPECT_NE(told.find("the function pg_catalog."), std::string::npos) << told;
    EXPECT_NE(told.find(" belongs to postgres"), std::string::npos) << told;
  }
}

TEST_F(TheSuperuser, says_how_to_begin_anew_where_the_database_does_not_open) {
  login("postgres", "template1").execute("alter database postgres allow_connections false");
  EXPECT_NE(start().find("start anew with bailey dev --reset"), std::string::npos) << start();
  superuser("template1").execute("alter database postgres allow_connections true");
  login("postgres", "template1").execute("alter database postgres rename to former");
  EXPECT_NE(start().find("start anew with bailey dev --reset"), std::string::npos) << start();
  superuser("template1").execute("alter database former rename to postgres");
}

// The record of the bootstrap is a table, and may say what a project likes: that all has been done, too.
TEST_F(TheSuperuser, does_at_every_start_what_safety_hangs_on) {
  {
    BlockingConnection past = superuser("postgres");
    past.execute(
        "create or replace function _bailey.extensions_made() returns setof text language sql as"
        " 'select null::text'");
    past.execute("drop event trigger _bailey_refuse_files_of_servers");
  }
  EXPECT_EQ(start(), "");
  BlockingConnection now = superuser("postgres");
  EXPECT_FALSE(now.query("select from _bailey.extensions_made() as name where name = 'postgis'").empty());
  EXPECT_FALSE(now.query("select from pg_event_trigger where evtname = '_bailey_refuse_files_of_servers'").empty());
}

}  // namespace
}  // namespace bailey::test
