// Event triggers of a project: all that Supabase's `postgres` does with them, and no way to what it may not do. Their
// functions are taken for an attacker's, who waits for the superuser to come by.
#include <gtest/gtest.h>

#include "stack/database/bootstrap.hpp"
#include "stack/database/migrations.hpp"
#include "tests/stack/live_stack.hpp"

namespace bailey::test {
namespace {

using stack::BlockingConnection;

LiveStack& live() { return LiveStack::shared(); }

class EventTriggers : public testing::Test {
 protected:
  // What came back of a migration; "" when it was applied.
  std::string apply(const std::string& sql) {
    static int count = 0;
    const std::string file = "2050" + std::to_string(1000 + ++count) + "_event.sql";
    folder.write("migrations/" + file, sql);
    try {
      stack::apply_migrations(folder.project, as_postgres);
      return "";
    } catch (const Error& failure) {
      std::filesystem::remove(folder.project.migrations_folder() / file);
      return failure.message();
    }
  }

  // The SQLSTATE of what came back; "" when it was done.
  static std::string attempt(BlockingConnection& connection, const std::string& sql) {
    try {
      connection.execute(sql);
      return "";
    } catch (const Error& failure) {
      return failure.code();
    }
  }

  static std::string value(const std::string& sql) { return live().sql(sql).at(0).at(0).value_or("null"); }
  static std::string superusers() {
    return value("select string_agg(rolname, ' ') from pg_roles where rolsuper and rolname !~ '^pg_'");
  }
  static std::string left_behind() {
    return value(
        "select count(*)::text from pg_proc where pronamespace = '_bailey_events'::regnamespace"
        " and proname ~ '_[0-9]+$'");
  }

  TemporaryProject folder;
  Secret as_postgres = live().cluster().connection_string("postgres", stack::role_password);
};

TEST_F(EventTriggers, of_a_migration_enable_row_level_security_on_each_new_table) {
  EXPECT_EQ(apply(R"(
create or replace function public.rls_auto_enable() returns event_trigger
language plpgsql security definer set search_path = pg_catalog as $$
declare
  cmd record;
begin
  for cmd in select * from pg_event_trigger_ddl_commands()
             where command_tag in ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO') and schema_name = 'public' loop
    execute format('alter table if exists %s enable row level security', cmd.object_identity);
  end loop;
end;
$$;
create event trigger ensure_rls on ddl_command_end
  when tag in ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO') execute function rls_auto_enable();
comment on event trigger ensure_rls is 'each table is closed';
create table public.closed (n int);
)"),
            "");
  EXPECT_EQ(apply("create table public.closed_too as select 1 as n;"), "");
  EXPECT_EQ(value("select string_agg(relname, ' ' order by relname) from pg_class where relrowsecurity and relname ~"
                  " '^closed'"),
            "closed closed_too");
  EXPECT_EQ(value("select evtowner::regrole || evtenabled::text from pg_event_trigger where evtname = 'ensure_rls'"),
            "postgresO");
  EXPECT_EQ(apply("alter event trigger ensure_rls disable; create table public.open (n int);"
                  "alter event trigger ensure_rls enable; alter event trigger ensure_rls rename to rls;"),
            "");
  EXPECT_EQ(value("select relrowsecurity::text from pg_class where relname = 'open'"), "false");
  const std::string refusal = apply("drop function public.rls_auto_enable();");
  EXPECT_TRUE(refusal.contains("2BP01")) << refusal;
  EXPECT_TRUE(refusal.contains("event trigger rls depends on function rls_auto_enable()")) << refusal;
  EXPECT_EQ(apply("drop event trigger rls; drop function public.rls_auto_enable();"
                  "drop table public.closed, public.closed_too, public.open;"),
            "");
  EXPECT_EQ(left_behind(), "0");
}

TEST_F(EventTriggers, fire_on_each_event_and_for_each_role_of_the_project) {
  EXPECT_EQ(apply(R"(
create table public.fired (event text, tag text, what text, who text);
grant insert on public.fired to public;
create schema "Odd %s";
create function "Odd %s"."a; b"() returns event_trigger language plpgsql as $body$
#variable_conflict use_column
<<outer>>
declare
  dropped text := (select string_agg(object_identity, ' ') from
    pg_event_trigger_dropped_objects() where tg_event = 'sql_drop' and object_type = 'table');
begin
  insert into public.fired values (tg_event, tg_tag, dropped, current_user);
  return;
exception when feature_not_supported or object_not_in_prerequisite_state then
  insert into public.fired values (tg_event, tg_tag, null, current_user);
end -- and no more
$body$;
create function public.rewritten() returns event_trigger language plpgsql as
  'begin insert into public.fired values (tg_event, tg_tag, pg_event_trigger_table_rewrite_oid()::regclass::text); end';
)"),
            "");
  EXPECT_EQ(apply("create event trigger \"On Drop\" on sql_drop when tag in ('DROP TABLE')"
                  " execute procedure \"Odd %s\".\"a; b\"();\n"
                  "create event trigger start on ddl_command_start when tag in ('CREATE TABLE', 'CREATE SCHEMA')"
                  " execute function \"Odd %s\".\"a; b\"();\n"
                  "create event trigger rewrite on table_rewrite execute function public.rewritten();\n"
                  "create table public.worked (n int);\nalter table public.worked alter n type bigint;\n"
                  "drop table public.worked;\n"),
            "");
  BlockingConnection connection(as_postgres);
  connection.execute("create role builder; grant builder to postgres; grant create on database postgres to builder");
  for (const char* role : {"builder", "authenticated"})
    connection.execute(std::string("set role ") + role + "; create temp table pg_temp.mine_" + role + " (n int)");
  EXPECT_EQ(value("select string_agg(concat_ws(' ', event, tag, what, who), ', ' order by ctid) from public.fired"),
            "ddl_command_start CREATE TABLE postgres, table_rewrite ALTER TABLE worked, sql_drop DROP TABLE"
            " public.worked postgres, ddl_command_start CREATE TABLE builder");
  EXPECT_EQ(apply("drop function public.rewritten() cascade; drop schema \"Odd %s\" cascade; drop table public.fired;"),
            "");
  connection.execute("reset role; drop table pg_temp.mine_builder; drop owned by builder; drop role builder");
  EXPECT_EQ(value("select count(*)::text from pg_event_trigger where evtowner = 'postgres'::regrole"), "0");
  EXPECT_EQ(left_behind(), "0");
}

TEST_F(EventTriggers, do_what_their_function_has_become) {
  const auto fired = [] { return value("select string_agg(what, ' ' order by ctid) from public.fired"); };
  EXPECT_EQ(
      apply("create table public.fired (what text);\n"
            "create function public.tell() returns event_trigger language plpgsql as 'begin insert into"
            " public.fired values (1); end';\n"
            "create event trigger told on ddl_command_end when tag in ('CREATE SCHEMA') execute function tell();\n"
            "create schema s1;\n"
            "create or replace function public.tell() returns event_trigger language plpgsql as 'begin insert"
            " into fired values (2); end';\n"
            "alter function public.tell() rename to tells;\nalter function public.tells() set schema s1;\n"
            "set search_path = public;\ncreate schema s2;\n"
            "alter function s1.tells() set search_path = s2, public;\nset search_path = s1;\ncreate schema s3;\n"
            "create or replace function s1.tells() returns event_trigger security definer language plpgsql as"
            " $$begin insert into public.fired values (current_user); end$$;\n"
            "alter routine s1.tells() set search_path = s2;\ncreate role builder;\ngrant builder to"
            " postgres;\ngrant create on database postgres to builder;\nset role builder;\ncreate schema s4;\nreset "
            "role;\n"),
      "");
  EXPECT_EQ(fired(), "1 2 2 postgres");
  EXPECT_EQ(apply("drop event trigger told;"
                  "drop function s1.tells(); drop schema s1; drop schema s2; drop schema s3; drop schema s4;"
                  "drop owned by builder; drop role builder; drop table public.fired;"),
            "");
}

TEST_F(EventTriggers, are_refused_as_postgresql_refuses_them) {
  EXPECT_EQ(apply("create function public.fine() returns event_trigger language plpgsql as 'begin end';\n"
                  "create function public.plain() returns int language sql as 'select 1';\n"
                  "create event trigger there on sql_drop execute function public.fine();"),
            "");
  const std::vector<std::pair<std::string, std::string>> cases{
      {"there on sql_drop execute function public.fine()", "already exists"},
      {"e on sql_drop execute function public.missing()", "does not exist"},
      {"e on sql_drop execute function public.plain()", "must return type event_trigger"},
      {"e on sql_drop execute function extensions.pgrst_drop_watch()", "superuser"},
      {"e on sql_drop execute function _bailey.refuse_files_of_servers()", ""},
      {"e on nothing execute function public.fine()", "unrecognized event name"},
      {"e on sql_drop when tag in ('DROP EVERYTHING') execute function public.fine()", "not recognized"},
      {"e on sql_drop when other in ('a') execute function public.fine()", "42501"}};
  for (const auto& [rest, message] : cases) {
    const std::string answer = apply("\ncreate event trigger " + rest);
    EXPECT_TRUE(answer.contains(message) && answer.contains("_event.sql:2: ")) << rest << ": " << answer;
  }
  EXPECT_NE(
      apply("set role authenticated; create event trigger e on sql_drop execute function public.fine()").find("42501"),
      std::string::npos);
  EXPECT_EQ(apply("drop function public.fine() cascade; drop function public.plain()"), "");
  EXPECT_EQ(left_behind(), "0");
}

TEST_F(EventTriggers, are_kept_in_no_schema_that_a_project_has_made) {
  static_cast<void>(live().sql("alter schema _bailey_events owner to postgres"));
  static_cast<void>(live().sql("delete from _bailey.bootstrap where version >= 13"));
  EXPECT_THROW(stack::bootstrap(live().cluster()), Error);
  static_cast<void>(live().sql("alter schema _bailey_events owner to supabase_admin"));
  stack::bootstrap(live().cluster());
}

// Whoever they run as is written down, and tries to make a superuser.
constexpr const char* evil =
    "begin begin insert into public.ran values (current_user, session_user, tg_tag); exception when others then null;"
    " end; begin perform set_config('search_path', 'public', false); execute 'reset role'; exception when others then"
    " null; end; begin execute 'alter role postgres superuser'; exception when others then null; end; end";

class EvilEventTriggers : public EventTriggers {
 protected:
  void SetUp() override {
    postgres.execute("create table public.ran (who text, login text, tag text); grant insert on public.ran to public");
    postgres.execute("create function public.evil() returns event_trigger language plpgsql as $$" + std::string(evil) +
                     "$$");
    postgres.execute(
        "select _bailey.create_event_trigger('A start', 'ddl_command_start', null, 'public.evil()');"
        "select _bailey.create_event_trigger('A end', 'ddl_command_end', null, 'public.evil()');"
        "select _bailey.create_event_trigger('A drop', 'sql_drop', null, 'public.evil()');"
        "select _bailey.create_event_trigger('A rewrite', 'table_rewrite', null, 'public.evil()')");
  }
  void TearDown() override {
    EXPECT_EQ(superusers(), "supabase_admin");
    BlockingConnection(as_postgres)
        .execute(
            "drop event trigger \"A start\"; drop event trigger \"A end\"; drop event trigger \"A drop\";"
            "drop event trigger \"A rewrite\"; drop function public.evil(); drop table public.ran");
    EXPECT_EQ(left_behind(), "0");
  }

  // Of an event trigger one alters what one likes, and fires none by it.
  std::string change(const std::string& sql) {
    postgres.execute(
        "alter event trigger \"A start\" disable; alter event trigger \"A end\" disable;"
        "alter event trigger \"A drop\" disable; alter event trigger \"A rewrite\" disable");
    const std::string answer = attempt(postgres, sql);
    postgres.execute(
        "alter event trigger \"A start\" enable always; alter event trigger \"A end\" enable always;"
        "alter event trigger \"A drop\" enable; alter event trigger \"A rewrite\" enable always");
    return answer;
  }
  std::string replace(const std::string& source, const std::string& options = "") {
    return change(
        "set check_function_bodies = off; create or replace function public.evil() returns event_trigger"
        " language plpgsql " +
        options + " as $evil$" + source + "$evil$");
  }
  static std::string who_ran() {
    return value("select string_agg(distinct who || ' of ' || login, ', ') from public.ran");
  }
  // All that a superuser's session may do in one's name.
  static void have_the_superuser_pass_by() {
    BlockingConnection superuser = live().connect();
    for (const std::string sql : {"", "set role postgres;", "set session authorization postgres;", "set role anon;",
                                  "set search_path = public;", "set session_replication_role = replica;"}) {
      EXPECT_EQ(attempt(superuser, "begin;" + sql +
                                       "create temp table passed as select 1 as n; alter table passed alter n type"
                                       " bigint; drop table passed; commit;"),
                "")
          << sql;
      EXPECT_EQ(attempt(superuser, "reset session authorization; reset role; reset all"), "");
      EXPECT_EQ(superuser.query("select current_user::text").at(0).at(0), "supabase_admin");
    }
    stack::bootstrap(live().cluster());
    EXPECT_EQ(superusers(), "supabase_admin");
  }

  BlockingConnection postgres{as_postgres};
};

TEST_F(EvilEventTriggers, do_not_run_in_the_script_of_an_extension) {
  for (const char* options : {"", "security definer"}) {
    EXPECT_EQ(replace(evil, options), "");
    postgres.execute("truncate public.ran");
    EXPECT_EQ(attempt(postgres, "create extension intarray schema extensions; drop extension intarray"), "");
    EXPECT_EQ(value("select string_agg(tag, ' ' order by ctid) from public.ran"),
              "CREATE EXTENSION CREATE EXTENSION DROP EXTENSION DROP EXTENSION DROP EXTENSION");
    EXPECT_EQ(attempt(postgres, "select _bailey.create_extension('refint', 'extensions', true); drop extension refint"),
              "");
    EXPECT_EQ(who_ran(), "postgres of postgres");
  }
}

TEST_F(EvilEventTriggers, do_not_run_where_the_superuser_changes_the_schema) {
  for (const char* sql :
       {"select 1", "alter function public.evil() security definer",
        "alter function public.evil() set role = 'postgres'",
        "alter function public.evil() rename to wicked; alter function public.wicked() set schema extensions;"
        "alter function extensions.wicked() set schema public; alter function public.wicked() rename to evil",
        "alter function public.evil() reset role"}) {
    EXPECT_EQ(change(sql), "") << sql;
    postgres.execute("truncate public.ran");
    have_the_superuser_pass_by();
    EXPECT_EQ(who_ran(), "null") << sql;
  }
}

TEST_F(EvilEventTriggers, do_not_reach_over_the_question_for_whom_they_run) {
  const std::string inner = "alter role postgres superuser";
  for (const std::string& source : std::vector<std::string>{
           "begin end; " + inner + "; begin end",
           "begin null; end; end; exception when others then " + inner + "; begin begin null; end",
           "declare n int := (select set_config('search_path', 'public', false)::int); begin " + inner + "; end",
           "<<trigger>> begin exit trigger; end; " + inner, "#print_strict_params on\nbegin " + inner + "; end",
           "#option dump\nbegin " + inner + "; end", "begin $t$; " + inner + "; $t$ end", "$f$; " + inner + "; $f$",
           "'; " + inner + "; --", "\\'; " + inner + "; --", "begin end$t$; " + inner + "; --", "%1$s %I begin end",
           "begin /* ", "begin return 1; end", ""}) {
    for (const char* options : {"", "security definer", "set search_path = '\"; alter role postgres superuser; --'"}) {
      EXPECT_EQ(replace(source, options), "") << source << options;
      EXPECT_EQ(superusers(), "supabase_admin") << source;
      have_the_superuser_pass_by();
    }
  }
  EXPECT_EQ(replace(evil), "");
}

// Its parts lie open, and belong to the superuser or, as far as they may run as the owner of the function, to that one.
TEST_F(EvilEventTriggers, have_no_part_that_is_called_or_changed_by_who_may_not) {
  EXPECT_EQ(replace(evil, "security definer"), "");
  const std::string number = value("select oid::text from pg_event_trigger where evtname = 'A end'");
  const auto part = [&](const std::string& name) { return "_bailey_events." + name + "_" + number; };
  BlockingConnection authenticator(live().cluster().connection_string("authenticator", stack::role_password));
  for (BlockingConnection* connection : {&postgres, &authenticator}) {
    EXPECT_EQ(attempt(*connection, "select " + part("trigger") + "()"), "0A000");
    for (const std::string& call : std::vector<std::string>{
             "select " + part("run") + "('ddl_command_end', 'x')",
             "select " + part("run") + "('ddl_command_end', 'x') \"\nPL/pgSQL function " + part("trigger") +
                 "() line 8\"",
             "do $$ declare b boolean; begin b := " + part("run") + "('ddl_command_end', 'x'); end $$",
             "create function pg_temp.\"" + part("trigger") +
                 "\"() returns boolean language plpgsql as 'begin return " + part("run") +
                 "(null, null); end'; select pg_temp.\"" + part("trigger") + "\"()",
             "create temp table t as select " + part("run") + "('ddl_command_end', 'x')"}) {
      EXPECT_EQ(attempt(*connection, call), "42501") << call;
    }
  }
  for (const std::string& sql : std::vector<std::string>{
           "create or replace function " + part("trigger") + "() returns event_trigger language plpgsql as 'begin end'",
           "create or replace function " + part("run") +
               "(tg_event text, tg_tag text) returns boolean language plpgsql"
               " as 'begin end'",
           "create or replace function _bailey_events.passes_over(tag text) returns boolean language sql as 'select "
           "false'",
           "create function _bailey_events.passes_over(tag varchar) returns boolean language sql as 'select false'",
           "alter function " + part("trigger") + "() security definer", "drop function " + part("trigger") + "()",
           "alter function " + part("trigger") + "() owner to postgres",
           "alter function " + part("body") + "(text, text) security definer",
           "alter function " + part("run") + "(text, text) owner to supabase_admin",
           "alter function " + part("run") + "(text, text) rename to trigger_1",
           "alter function _bailey_events.passes_over(text) set search_path = public",
           "alter schema _bailey_events rename to mine", "drop schema _bailey_events cascade",
           "alter event trigger _bailey_refresh_event_triggers disable", "drop event trigger pgrst_ddl_watch",
           "create event trigger e on sql_drop execute function " + part("trigger") + "()",
           "select _bailey.create_event_trigger('e', 'sql_drop', null, '" + part("trigger") + "()')",
           "select _bailey.refresh_event_trigger(" + number + ")",
           "alter function public.evil() owner to supabase_admin"}) {
    EXPECT_EQ(attempt(postgres, sql), "42501") << sql;
  }
  EXPECT_EQ(attempt(postgres, "begin; drop owned by postgres cascade"), "");
  EXPECT_EQ(postgres.query("select count(*)::text from pg_proc where proname ~ '_" + number + "$'").at(0).at(0), "0");
  postgres.execute("rollback");
  // What of it is the owner's may be spoilt by the owner, and is mended with the function.
  EXPECT_EQ(change("alter function " + part("run") + "(text, text) set schema public"), "");
  EXPECT_EQ(attempt(postgres, "create schema unseen"), "42883");
  have_the_superuser_pass_by();
  EXPECT_EQ(replace(evil, "security definer"), "");
  EXPECT_EQ(attempt(postgres, "create schema seen; drop schema seen"), "");
  EXPECT_EQ(attempt(postgres, "select public.run_" + number + "('ddl_command_end', 'x')"), "42501");
  EXPECT_EQ(attempt(postgres, "drop function public.run_" + number + "(text, text)"), "");
  // PostgreSQL lets the owner of an event trigger give it to a superuser; it gains nothing by it.
  EXPECT_EQ(attempt(postgres,
                    "select _bailey.create_event_trigger('A gift', 'ddl_command_start', null,"
                    " 'public.evil()'); alter event trigger \"A gift\" owner to supabase_admin"),
            "");
  have_the_superuser_pass_by();
  static_cast<void>(live().sql("drop event trigger \"A gift\""));
}

// A server's options are looked at when it has been made; nobody uses it before.
TEST_F(EvilEventTriggers, do_not_run_before_the_options_of_a_server_are_judged) {
  if (live().sql("select from pg_available_extensions where name = 'postgres_fdw'").empty())
    GTEST_SKIP() << "postgres_fdw is not installed";
  postgres.execute("select _bailey.create_extension('postgres_fdw', 'extensions', false)");
  EXPECT_EQ(replace("begin raise 'too early'; end"), "");
  EXPECT_EQ(attempt(postgres, "create server away foreign data wrapper postgres_fdw options (sslkey 'a:b')"), "42501");
  EXPECT_EQ(attempt(postgres, "create server away foreign data wrapper postgres_fdw options (host 'x')"), "");
  EXPECT_EQ(attempt(postgres, "create user mapping for postgres server away options (sslkey 'a:b')"), "42501");
  EXPECT_EQ(attempt(postgres, "create schema unmade"), "P0001");
  BlockingConnection superuser = live().connect();
  superuser.execute("drop extension postgres_fdw cascade");
  EXPECT_EQ(replace(evil), "");
}

}  // namespace
}  // namespace bailey::test
