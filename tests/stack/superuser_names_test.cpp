// The superuser calls by their names PostgreSQL's own functions and operators, whatever a project has made of these
// names, and whatever files run again.
#include <string>
#include <utility>
#include <vector>

#include "tests/stack/superuser_fixture.hpp"

namespace bailey::test {
namespace {

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
    try_to(inside, "grant pg_write_all_data to postgres");  // which PostgreSQL 16 refuses
    for (const std::string& sql : std::vector<std::string>{
             "create extension citext schema public", trap("public.is_reached", "", "boolean", "true"),
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

// Plants operators and functions of these names into a schema, for types that PostgreSQL's own of that name are not
// for: where they are found, they fit better. They are written in SQL, and so stand in the place of the call before
// anything runs. Returns how many operators there are.
int plant(BlockingConnection& connection, const std::string& schema, const std::string& types,
          const std::string& result, const std::string& symbols) {
  const std::string value = result == "text" ? "public.is_reached()::text" : "public.is_reached()";
  connection.execute("create table if not exists public.planted (what text)");
  connection.execute(
      "do $plant$ declare types text[] := '{" + types +
      "}';"
      " one text; other text; symbol text; begin"
      " foreach one in array types loop foreach other in array types loop"
      "  begin"
      "   execute format('create function " +
      schema + ".fits_%s(%s, %s) returns " + result + " language sql immutable as $f$ select " + value + " $f$', '" +
      result +
      "', one, other);"
      "  foreach symbol in array array[" +
      symbols +
      "] loop begin"
      "   execute format('create operator " +
      schema + ".%s (leftarg = %s, rightarg = %s, function = " + schema + ".fits_" + result +
      ")', symbol, one, other);"
      "   insert into public.planted values (symbol);"
      "  exception when others then null; end; end loop;"  // PostgreSQL has that one
      "  exception when others then null; end;"
      " end loop; end loop;"
      " foreach one in array array['int4', 'int8', 'oid', 'regproc', 'name', 'varchar', 'anyelement'] loop"
      "  foreach symbol in array array['pg_get_userbyid(%s)', 'format(text, %s)', 'lower(%s)', 'quote_ident(%s)',"
      "   'set_config(text, %s, bool)', 'set_config(%s, text, bool)', 'current_setting(%s)', 'starts_with(%s, text)',"
      "   'split_part(text, %s, int4)', 'coalesce(%s)', 'pg_has_role(%s, %s, text)', 'concat_ws(text, %s, %s)',"
      "   'has_schema_privilege(%s, text, text)', 'regexp_replace(text, %s, text)', 'pg_terminate_backend(int4, %s)'] "
      "loop begin"
      "   execute format('create function " +
      schema + ".' || replace(symbol, '%s', '%1$s') || ' returns " + result + " language sql immutable as $f$ select " +
      value +
      " $f$', one);"
      "  exception when others then null; end; end loop; end loop; end $plant$");
  return std::stoi(connection.query("select count(*) from public.planted").at(0).at(0).value());
}

constexpr const char* few_types = "name, text, varchar, oid, int4, regproc";
constexpr const char* many_types =
    "name, text, varchar, \"char\", oid, int4, int8, regproc, regprocedure, regclass, regnamespace, bool, jsonb, "
    "anyelement";

const std::pair<std::string, std::string> kinds_of_operators[] = {
    {"bool", "'=', '<>', '~', '!~', '<', '>', '>=', '<=', '~~'"}, {"text", "'||', '->>'"}};

// Who got a thing of a project's into the schema that the superuser finds everything in would have it called, where it
// fits better than PostgreSQL's own. There is no way to that; and there is nothing that it would fit better than in
// what is asked first, which finds it.
TEST_F(TheSuperuser, asks_whose_the_catalog_is_in_words_that_nothing_in_it_can_bend) {
  for (const auto& [result, symbols] : kinds_of_operators) {
    begin_anew();
    BlockingConnection inside = superuser("postgres");
    inside.execute(trap("public.is_reached", "", result, result == "text" ? "'x'" : "true"));
    EXPECT_GT(plant(inside, "pg_catalog", many_types, result, symbols), 200);
    inside.execute(
        "update pg_proc set proowner = 'postgres'::regrole where proname ~ '^(fits_|format$)'::text"
        " and pronamespace operator(pg_catalog.=) 'pg_catalog'::regnamespace::oid");
    fs::remove(proof());  // of what has been asked for here
    const std::string told = start();
    EXPECT_FALSE(fs::exists(proof())) << symbols;
    EXPECT_NE(told.find("the function pg_catalog."), std::string::npos) << told;
    EXPECT_NE(told.find(" belongs to postgres"), std::string::npos) << told;
  }
}

// In the schemas that a project can reach they are, and first on every path that it can set.
TEST_F(TheSuperuser, calls_nothing_that_fits_better_in_a_schema_of_a_project) {
  for (const auto& [result, symbols] : kinds_of_operators) {
    begin_anew();
    {
      BlockingConnection inside = login("postgres");
      inside.execute(trap("public.is_reached", "", result, result == "text" ? "'x'" : "true"));
      for (const char* schema : {"public", "extensions"}) {
        EXPECT_GT(plant(inside, schema, few_types, result, symbols), 50);
      }
      inside.execute("alter database postgres set search_path = public, extensions, pg_catalog");
      try_to(inside, "grant pg_write_all_data to postgres");
      try_to(inside, "delete from _bailey.bootstrap");
    }
    EXPECT_EQ(start(), "");
    BlockingConnection inside = login("postgres");
    inside.execute(
        "create role wanting; create function public.on_change() returns event_trigger language plpgsql as"
        " 'begin end'; create publication wanted; set search_path = public, extensions, pg_catalog");
    for (const std::string sql :
         {"select _bailey.create_extension('refint', 'public', true)",
          "select _bailey.create_extension('autoinc', 'extensions', true)", "create extension tablefunc schema public",
          "select _bailey.move_extension('tablefunc', 'extensions')", "select _bailey.set_bypassrls('wanting', true)",
          "select _bailey.publish_all_tables('wanted')",
          "select _bailey.create_event_trigger('e', 'sql_drop', array['DROP TABLE'], 'public.on_change()')",
          "alter function public.on_change() security definer",
          "select count(*) from _bailey.settings_of_superuser()"}) {
      EXPECT_NO_THROW(inside.execute(sql)) << sql;
    }
    EXPECT_FALSE(fs::exists(proof())) << symbols;
    inside.execute("drop publication wanted; drop role wanting");
  }
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
