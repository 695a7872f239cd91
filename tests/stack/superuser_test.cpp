// Whoever knows the well-known passwords owns the database `postgres`: may drop it and make another, and leave in it
// what the superuser comes across at the next start. The proof is a file that a program makes, which a superuser alone
// runs.
#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "tests/stack/superuser_fixture.hpp"

namespace bailey::test {
namespace {

const std::vector<std::string> dropped{"drop database postgres with (force)", "create database postgres"};
const std::vector<std::string> renamed{"alter database postgres rename to former", "create database postgres"};
const std::vector<std::string> from_template0{"drop database postgres with (force)",
                                              "create database postgres template template0"};
const std::vector<std::string> copied{"alter database postgres rename to former",
                                      "create database postgres template former"};

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

TEST_F(TheSuperuser, says_how_to_begin_anew_where_the_database_does_not_open) {
  login("postgres", "template1").execute("alter database postgres allow_connections false");
  EXPECT_NE(start().find("start anew with bailey dev --reset"), std::string::npos) << start();
  superuser("template1").execute("alter database postgres allow_connections true");
  login("postgres", "template1").execute("alter database postgres rename to former");
  EXPECT_NE(start().find("start anew with bailey dev --reset"), std::string::npos) << start();
  superuser("template1").execute("alter database former rename to postgres");
}

// What a function of Bailey's was when the copy was made, and what a project has put in the place of PostgreSQL's own.
TEST_F(TheSuperuser, makes_copies_of_the_database_safe_at_each_start_or_closes_them) {
  const auto refuses = [](const std::string& database) {
    try {
      superuser(database).execute("select _bailey.require_session_of_project()");
      return false;
    } catch (const Error&) {
      return true;
    }
  };
  const auto forget = [&](const std::string& database) {
    superuser(database).execute(
        "create or replace function _bailey.require_session_of_project() returns void language plpgsql as 'begin end'");
    EXPECT_FALSE(refuses(database));
  };
  const auto value = [](const std::string& sql) {
    return superuser("template1").query(sql).at(0).at(0).value_or("null");
  };
  BlockingConnection outside = login("postgres", "template1");
  for (const std::string name : {"kept", "\"shut'd\"", "bent"})
    superuser("template1").execute("create database " + name + " template made_by_bailey owner postgres");
  outside.execute("create database elsewhere");
  for (const std::string name : {"kept", "\"shut'd\"", "bent"}) {
    const std::string bare = name == "\"shut'd\"" ? "'shut\\'d'" : name;
    forget(bare);
  }
  outside.execute("alter database \"shut'd\" allow_connections false");
  outside.execute("alter database bent is_template true");
  // What runs always would replace it, and cannot: then nothing may be left of what it could do.
  superuser("bent").execute(
      "create function _bailey.create_extension(text, text) returns void language sql security definer as 'select';"
      "create function public.keep() returns void begin atomic select _bailey.create_extension('a', 'b'); end");
  superuser("bent").execute(trap("pg_catalog.bent", "", "int", "1") +
                            "; alter function pg_catalog.bent() owner to postgres");
  login("postgres", "elsewhere").execute("create schema _bailey");

  EXPECT_EQ(start(), "");
  EXPECT_TRUE(refuses("kept"));
  EXPECT_EQ(value("select datallowconn::text from pg_database where datname = 'shut''d'"), "false");
  outside.execute("alter database \"shut'd\" allow_connections true");
  EXPECT_TRUE(refuses("'shut\\'d'"));
  EXPECT_EQ(start(), "");  // which opens nothing either
  EXPECT_THROW(login("postgres", "bent"), Error);
  for (const char* revival : {"alter database bent allow_connections true", "alter database bent connection limit -1",
                              "create database revived template bent"})
    EXPECT_THROW(login("postgres", "template1").execute(revival), Error) << revival;
  EXPECT_THROW(superuser("bent"), Error);
  reopen("bent");
  EXPECT_TRUE(superuser("bent")
                  .query("select from pg_proc where prosecdef and proowner = 10"
                         " and pronamespace = '_bailey'::regnamespace")
                  .empty());
  EXPECT_NO_THROW(login("postgres", "elsewhere")) << "nothing of Bailey's is there";
  for (const std::string name : {"kept", "\"shut'd\"", "bent", "elsewhere"})
    superuser("template1").execute("drop database " + name + " with (force)");
}

// What keeps a copy from being renewed may be nobody's fault, and may pass.
TEST_F(TheSuperuser, leaves_a_closed_copy_to_its_owner_and_opens_it_once_it_is_safe) {
  const auto of_it = [](const std::string& column) {
    return superuser("template1")
        .query("select " + column + "::text from pg_database where datname = 'kept'")
        .at(0)
        .at(0)
        .value();
  };
  superuser("template1").execute("create database kept template made_by_bailey owner postgres");
  login("postgres", "kept").execute("create table public.precious as select 7 as n");
  superuser("kept").execute(
      "create function _bailey.create_extension(text, text) returns void language sql as 'select';"
      "create function public.keep() returns void begin atomic select _bailey.create_extension('a', 'b'); end");
  for (int closed = 0; closed < 2; ++closed) {
    EXPECT_EQ(start(), "");
    EXPECT_THROW(login("postgres", "kept"), Error);
    EXPECT_EQ(of_it("datdba::regrole"), "postgres");
  }
  reopen("kept");
  superuser("kept").execute("drop function public.keep()");
  superuser("template1")
      .execute("update pg_database set datconnlimit = -2, datallowconn = false where datname = 'kept'");
  EXPECT_EQ(start(), "");
  EXPECT_EQ(login("postgres", "kept").query("select n::text from public.precious").at(0).at(0), "7");
  EXPECT_EQ(of_it("datconnlimit"), "-1");

  superuser("template1")
      .execute("update pg_database set datconnlimit = -2, datallowconn = false where datname = 'kept'");
  EXPECT_NO_THROW(login("postgres", "template1").execute("drop database kept"));
}

// Between letting the superuser in and leaving the copy as it was or is to be, where neither is in PostgreSQL's
// catalog.
TEST_F(TheSuperuser, knows_of_a_copy_what_it_was_though_an_earlier_start_was_killed_in_it) {
  const auto of_it = [](const std::string& column) {
    return superuser("template1")
        .query("select " + column + "::text from pg_database where datname = 'kept'")
        .at(0)
        .at(0)
        .value();
  };
  const auto kill_start_in_it = [](const std::string& state) {
    superuser("template1").execute("create database kept template made_by_bailey owner postgres");
    BlockingConnection holder = superuser("kept"), killer = superuser("template1");
    holder.execute(
        "begin; update pg_proc set procost = procost where prosecdef and pronamespace = '_bailey'::regnamespace");
    killer.execute("update pg_database set " + state + " where datname = 'kept'");
    auto start = std::async(std::launch::async, [] { stack::bootstrap(cluster()); });
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (
        killer.query("select from pg_stat_activity where datname = 'kept' and cardinality(pg_blocking_pids(pid)) > 0")
            .empty())
      ASSERT_LT(std::chrono::steady_clock::now(), limit);
    for (const char* database : {"postgres", "kept"}) {  // that of the start itself first: then it can say nothing more
      static_cast<void>(
          killer.query("select pg_terminate_backend(pid, 10000) from pg_stat_activity where usesysid = 10"
                       " and backend_type = 'client backend' and datname = $1",
                       {database}));
    }
    EXPECT_THROW(start.get(), Error);
    killer.execute("checkpoint");  // nothing is left to write when its folder goes away
  };
  kill_start_in_it("datconnlimit = -2, datallowconn = false");
  const fs::path there = cluster().data / "base" / of_it("oid");
  fs::rename(there, there.string() + ".away");
  EXPECT_EQ(start(), "");
  EXPECT_EQ(of_it("datconnlimit"), "-2");
  EXPECT_EQ(of_it("datallowconn"), "false");
  fs::rename(there.string() + ".away", there);
  EXPECT_EQ(start(), "");
  EXPECT_NO_THROW(login("postgres", "kept"));
  superuser("template1").execute("drop database kept with (force)");

  kill_start_in_it("datallowconn = false");
  EXPECT_EQ(start(), "");
  EXPECT_EQ(of_it("datallowconn"), "false");
  login("postgres").execute("alter database kept allow_connections true");
  EXPECT_EQ(start(), "");
  EXPECT_EQ(of_it("datallowconn"), "true") << "what has been done is done once";
  superuser("template1").execute("drop database kept with (force)");
}

// It may be nothing of Bailey's at all.
TEST_F(TheSuperuser, takes_no_database_away_that_does_not_open) {
  superuser("template1").execute("create database away owner postgres");
  const auto of_it = [](const std::string& column) {
    return superuser("template1")
        .query("select " + column + "::text from pg_database where datname = 'away'")
        .at(0)
        .at(0)
        .value();
  };
  const fs::path there = cluster().data / "base" / of_it("oid");
  fs::rename(there, there.string() + ".away");
  EXPECT_NE(start().find("the database \"away\""), std::string::npos);
  fs::rename(there.string() + ".away", there);
  EXPECT_EQ(of_it("datallowconn"), "true");
  EXPECT_EQ(of_it("datdba::regrole"), "postgres");
  EXPECT_EQ(start(), "");
  superuser("template1").execute("drop database away with (force)");
}

}  // namespace
}  // namespace bailey::test
