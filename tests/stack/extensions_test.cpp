// The extensions that Supabase's `postgres` may make and PostgreSQL keeps to superusers: all of them that are
// installed, for whoever may call the function that makes them, and nothing else for anybody.
#include <bailey/base/log.hpp>

#include <gtest/gtest.h>

#include "tests/stack/migrated_project.hpp"

namespace bailey::test {
namespace {

using stack::BlockingConnection;

LiveStack& live() { return LiveStack::shared(); }

class Extensions : public MigratedProject {};

TEST_F(Extensions, of_supabases_list_are_made_as_far_as_they_are_installed) {
  for (const auto& row : live().sql("select name from _bailey.extensions_made() as name join pg_available_extensions"
                                    " using (name) where installed_version is null order by name")) {
    const std::string& name = *row.at(0);
    EXPECT_EQ(apply("create extension " + name + " cascade;"), "") << name;
    EXPECT_EQ(value("select extowner::regrole::text from pg_extension where extname = '" + name + "'"), "postgres");
    EXPECT_EQ(apply("comment on extension " + name + " is 'ours';\ndrop extension " + name + ";"), "") << name;
  }
  EXPECT_EQ(value("select count(*)::text from pg_namespace where nspname ~ '^_bailey_aside'"), "0");
  EXPECT_EQ(apply("drop extension if exists postgis; drop extension if exists cube;"
                  "alter database postgres reset search_path"),
            "");
}

TEST_F(Extensions, of_maps_are_made_where_a_project_says) {
  if (!is_installed("postgis")) GTEST_SKIP() << "PostGIS is not installed";
  EXPECT_EQ(apply("create extension if not exists postgis with schema extensions version '3.0.0';\n"
                  "create table public.places (id int, place extensions.geography(point, 4326));\n"
                  "insert into public.places values (1, extensions.st_point(-0.1, 51.5)::extensions.geography);\n"
                  "create extension postgis_topology cascade;\n"
                  "select topology.createtopology('streets');\n"),
            "");
  EXPECT_EQ(value("select extensions.st_astext(place::extensions.geometry) from public.places"), "POINT(-0.1 51.5)");
  EXPECT_EQ(value("select count(*)::text from topology.topology"), "1");
  EXPECT_EQ(value("select count(*)::text from pg_proc where prosecdef and probin ~ 'postgis'"), "0");
  EXPECT_EQ(apply("select topology.droptopology('streets'); drop table public.places;"
                  "drop extension postgis_topology; drop extension postgis; alter database postgres reset search_path"),
            "");
}

// PostGIS sets the session's path to one of its own, in which nothing is found that only the caller's shows.
TEST_F(Extensions, of_maps_leave_the_path_of_their_maker_with_their_schema_behind_it) {
  if (!is_installed("postgis_topology")) GTEST_SKIP() << "PostGIS is not installed";
  EXPECT_EQ(apply("create extension postgis with schema extensions;\ncreate extension postgis_topology;\n"
                  "create table public.paths (id int);\n"
                  // What stands before this is committed.
                  "create index concurrently paths_id on public.paths (id);\n"
                  "create table public.places (place geometry(point), of topogeometry);\n"),
            "");
  BlockingConnection session(as_postgres);
  const auto path = [&] { return session.query("show search_path").at(0).at(0).value(); };
  const std::string again =
      "drop extension postgis_topology; select _bailey.create_extension('postgis_topology',"
      " 'extensions', false)";
  session.execute("drop table public.paths, public.places");
  session.execute("set search_path = extensions, \"x;y\"");
  session.execute(again);
  EXPECT_EQ(path(), "extensions, \"x;y\", topology");
  session.execute("set search_path = topology, public");
  session.execute(again);
  EXPECT_EQ(path(), "topology, public");
  session.execute("set search_path = ''");
  session.execute(again);
  EXPECT_EQ(path(), "\"\", topology");
  session.execute("set search_path = public");
  session.execute("begin; " + again);
  EXPECT_EQ(path(), "public, topology");
  session.execute("rollback");
  EXPECT_EQ(path(), "public");
  session.execute("begin");
  session.execute(
      "set local search_path = extensions; drop extension postgis_topology;"
      "select _bailey.create_extension('refint', 'extensions', true)");
  EXPECT_EQ(path(), "extensions");
  session.execute("commit");
  EXPECT_EQ(path(), "public");
  session.execute("drop extension refint; drop extension postgis; alter database postgres reset search_path");
}

TEST_F(Extensions, are_made_in_the_schema_that_the_path_names_first_or_not_at_all) {
  EXPECT_EQ(
      apply("set search_path = nowhere, public;\ncreate extension refint;\ncreate extension earthdistance cascade;"),
      "");
  EXPECT_EQ(value("select string_agg(extnamespace::regnamespace::text, ' ') from pg_extension where extname in"
                  " ('refint', 'earthdistance', 'cube')"),
            "public public public");
  EXPECT_EQ(apply("drop extension refint; drop extension cube cascade"), "");
  for (const char* extension : {"refint", "earthdistance cascade"}) {
    for (const char* path : {"''", "nowhere"}) {
      const std::string answer =
          apply(std::string("set search_path = ") + path + ";\ncreate extension " + extension + ";");
      EXPECT_NE(answer.find("no schema has been selected to create in (3F000)"), std::string::npos) << answer;
    }
  }
  EXPECT_NE(apply("create extension refint schema nowhere").find("3F000"), std::string::npos);
  if (!is_installed("postgis_topology")) GTEST_SKIP() << "PostGIS is not installed";
  EXPECT_NE(apply("set search_path = '';\ncreate extension postgis_topology cascade").find("3F000"), std::string::npos);
}

TEST_F(Extensions, of_maps_take_over_the_empty_schema_that_a_project_has_made_for_them) {
  if (!is_installed("postgis_topology")) GTEST_SKIP() << "PostGIS is not installed";
  EXPECT_EQ(apply("create schema if not exists topology;\ngrant all on schema topology to anon;\n"
                  "create extension if not exists postgis_topology with schema topology cascade;\n"
                  "select topology.createtopology('t1', 4326);\n"),
            "");
  EXPECT_EQ(value("select nspowner::regrole::text from pg_namespace where nspname = 'topology'"), "supabase_admin");
  EXPECT_EQ(value("select has_schema_privilege('anon', 'topology', 'create')::text"), "false");
  EXPECT_EQ(apply("select topology.droptopology('t1'); drop extension postgis_topology; drop extension postgis;"
                  "alter database postgres reset search_path"),
            "");
}

// PostGIS's script of the topology puts the session's path into a command, as the superuser.
TEST_F(Extensions, run_no_command_that_the_path_of_a_session_holds) {
  for (const char* path :
       {"PUBLIC", "a\"\"b", "x;alter/**/role/**/postgres/**/superuser;--", "x;alter/**/role/**/anon/**/superuser;--"}) {
    BlockingConnection connection(Secret(std::string(as_postgres.reveal()) + " options='-c search_path=" + path + "'"));
    EXPECT_THROW(connection.execute("select _bailey.create_extension('postgis_topology', 'extensions', true)"), Error);
    EXPECT_THROW(connection.execute("select _bailey.create_extension('refint', 'extensions', true)"), Error);
  }
  EXPECT_EQ(value("select string_agg(rolname, ' ') from pg_roles where rolsuper and rolname !~ '^pg_'"),
            "supabase_admin");
}

// From 3.5 on it is the database's path, which the role's hides from the session.
TEST_F(Extensions, run_no_command_that_the_path_of_a_database_or_role_holds) {
  const bool has_maps = is_installed("postgis_topology");
  const std::string path = "x;alter/**/role/**/postgres/**/superuser;--";
  for (const std::string owner : {"database postgres", "role postgres", "role postgres in database postgres"}) {
    const std::string told = apply("select set_config('search_path', '" + path + "', false);\nalter " + owner +
                                   " set search_path from current;\nreset search_path;\ncreate extension " +
                                   (has_maps ? "postgis_topology" : "refint") + " cascade;\n");
    EXPECT_NE(told.find("42501"), std::string::npos) << owner << ": " << told;
    BlockingConnection connection(as_postgres);
    connection.execute("select set_config('search_path', '" + path + "', false); alter " + owner +
                       " set search_path from current; reset search_path");
    for (const char* extension : {"postgis_topology", "refint"}) {
      if (!has_maps && std::string_view(extension) == "postgis_topology") continue;
      try {
        connection.query("select _bailey.create_extension($1, 'extensions', true)", {extension});
        ADD_FAILURE() << extension << " under the path of " << owner;
      } catch (const Error& failure) {
        EXPECT_EQ(failure.code(), "42501") << failure.message();
      }
    }
    connection.execute("alter " + owner + " reset search_path");
  }
  EXPECT_EQ(value("select string_agg(rolname, ' ') from pg_roles where rolsuper and rolname !~ '^pg_'"),
            "supabase_admin");
  // Supabase's is the role's.
  EXPECT_EQ(apply("alter role postgres set search_path = \"$user\", public, extensions"), "");
  // Nobody sets another while a script runs.
  BlockingConnection connection(as_postgres);
  connection.execute("begin; select _bailey.create_extension('refint', 'extensions', true)");
  EXPECT_EQ(
      value("select string_agg(mode, ' ') from pg_locks where relation = 'pg_db_role_setting'::regclass and mode ="
            " 'ShareRowExclusiveLock'"),
      "ShareRowExclusiveLock");
  connection.execute("rollback");
}

TEST_F(Extensions, are_made_under_paths_of_any_schemas_and_find_no_routine_of_theirs) {
  EXPECT_EQ(apply("create schema \"Of, theirs\";\n"
                  "create function \"Of, theirs\".caught() returns int language sql as 'select 1';\n"
                  "alter database postgres set search_path = public, \"Of, theirs\", \"x;y'\";\n"),
            "");
  static_cast<void>(live().sql("create table public.seen (what text)"));
  BlockingConnection superuser = live().connect();
  superuser.execute(std::string(
      "create function public.look() returns event_trigger language plpgsql as $$ begin insert into public.seen select"
      " n.nspname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.proname = 'caught'; end $$;"
      "create event trigger look on ddl_command_end when tag in ('CREATE FUNCTION')"
      " execute function public.look()"));
  EXPECT_EQ(apply("create extension refint schema extensions"), "");
  superuser.execute("drop event trigger look; drop function public.look()");
  EXPECT_EQ(value("select string_agg(distinct regexp_replace(what, '\\d+', 'N'), ' ') from public.seen"),
            "_bailey_aside_N");
  EXPECT_EQ(value("select pronamespace::regnamespace::text from pg_proc where proname = 'caught'"), "\"Of, theirs\"");
  EXPECT_EQ(
      apply("drop extension refint; drop schema \"Of, theirs\" cascade; alter database postgres reset search_path"),
      "");
  static_cast<void>(live().sql("drop table public.seen"));
}

TEST_F(Extensions, find_no_routine_or_operator_of_the_project_while_they_are_made) {
  const char* strangers =
      "select string_agg(what, ' ' order by what) from (select p.oid::regprocedure::text as what from pg_proc p where"
      " proname in ('caught', 'total') union all select oid::regoperator::text from pg_operator where oprname = '=='"
      " and oprnamespace in ('public'::regnamespace, 'utilities'::regnamespace)) as them";
  EXPECT_EQ(apply("create schema utilities;\n"
                  // What "$user" means while the superuser runs the script.
                  "create schema supabase_admin;\n"
                  "create function supabase_admin.caught(name) returns int language sql as 'select 1';\n"
                  "create function utilities.caught(oid, regclass) returns boolean language sql as 'select true';\n"
                  "create operator utilities.== (leftarg = oid, rightarg = regclass, function = utilities.caught);\n"
                  "create operator public.== (leftarg = oid, rightarg = regclass, function = utilities.caught);\n"
                  "create aggregate public.total(int) (sfunc = int4pl, stype = int);\n"
                  "create procedure public.caught() language sql as 'select 1';\n"),
            "");
  const std::string before = value(strangers);
  EXPECT_EQ(before,
            "public.==(oid,regclass) public.caught() public.total(integer) supabase_admin.caught(name)"
            " utilities.==(oid,regclass) utilities.caught(oid,regclass)");
  // What PostgreSQL looks up as it makes the extension is what this event trigger sees.
  static_cast<void>(live().sql("create table public.seen (what text)"));
  BlockingConnection superuser = live().connect();
  superuser.execute(std::string(
      "create function public.look() returns event_trigger language plpgsql as $$ begin insert into"
      " public.seen select count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where"
      " p.proname in ('caught', 'total') and n.nspname in ('public', 'utilities', 'supabase_admin'); end $$;"
      "create event trigger look on ddl_command_end when tag in ('CREATE FUNCTION')"
      " execute function public.look()"));
  EXPECT_EQ(apply("create extension refint schema utilities; select 1 + public.total(n) from (values (1)) as v (n);"),
            "");
  superuser.execute("drop event trigger look; drop function public.look()");
  EXPECT_EQ(value("select string_agg(distinct what, ' ') from public.seen"), "0");
  EXPECT_EQ(value(strangers), before);
  EXPECT_EQ(apply("drop extension refint; drop schema utilities cascade; drop schema supabase_admin cascade; drop "
                  "aggregate public.total(int);"
                  "drop procedure public.caught();"),
            "");
  static_cast<void>(live().sql("drop table public.seen"));
}

// A name may hold what a command is made of, and what the name of another is made of.
TEST_F(Extensions, take_the_names_of_a_project_for_names) {
  BlockingConnection connection(as_postgres);
  connection.execute(R"(create schema "x"" (); alter role postgres superuser; --")");
  const std::string home = R"("x"" (); alter role postgres superuser; --")";
  for (const char* name : {"%s", "%1$s", "%%1$s", "%I", "a\"\"b", "A b"}) {
    connection.execute("create function " + home + ".\"" + name + "\"() returns int language sql as 'select 1'");
  }
  connection.query("select _bailey.create_extension('refint', $1, true)",
                   {"x\" (); alter role postgres superuser; --"});
  EXPECT_EQ(value("select string_agg(rolname, ' ') from pg_roles where rolsuper and rolname !~ '^pg_'"),
            "supabase_admin");
  EXPECT_EQ(value("select count(*)::text from pg_proc where pronamespace = quote_ident('x\" (); alter role postgres"
                  " superuser; --')::regnamespace and proowner = 'postgres'::regrole"),
            "6");
  connection.execute("drop extension refint; drop schema " + home + " cascade");
}

TEST_F(Extensions, wait_for_who_may_be_bringing_in_a_routine) {
  BlockingConnection other(as_postgres);
  other.execute("begin; create function public.half_made() returns int language sql as 'select 1'");
  EXPECT_NE(apply("create extension refint schema public").find("55P03"), std::string::npos);
  other.execute("rollback");
  EXPECT_NE(apply("set transaction isolation level repeatable read; create extension refint").find("read committed"),
            std::string::npos);
  BlockingConnection postgres(as_postgres);
  postgres.execute("create schema _bailey_aside_" + value("select 'public'::regnamespace::oid::text") +
                   "; create function public.stranger() returns int language sql as 'select 1'");
  EXPECT_NE(apply("create extension refint schema public").find("already exists"), std::string::npos);
  postgres.execute("drop schema _bailey_aside_" + value("select 'public'::regnamespace::oid::text") +
                   "; drop function public.stranger()");
}

// A project's dump names the version that Supabase has. Nothing of these runs as the superuser.
TEST_F(Extensions, that_need_no_superuser_are_made_by_the_project_itself_in_the_version_that_is_there) {
  BlockingConnection connection(as_postgres);
  for (const char* name : {"tablefunc", "pgtap", "pgjwt"}) {
    EXPECT_THROW(connection.query("select _bailey.create_extension($1, 'extensions', true)", {name}), Error) << name;
    if (!is_installed(name)) continue;
    EXPECT_EQ(apply(std::string("create extension if not exists \"") + name +
                    "\" with schema \"extensions\" version '0.0';\n"),
              "")
        << name;
    EXPECT_EQ(value(std::string("select concat_ws(' ', extowner::regrole, extnamespace::regnamespace) from pg_extension"
                                " where extname = '") +
                    name + "'"),
              "postgres extensions");
    EXPECT_EQ(value("select count(*)::text from pg_proc p join pg_depend d on d.classid = 'pg_proc'::regclass and"
                    " d.objid = p.oid and d.deptype = 'e' join pg_extension e on e.oid = d.refobjid join"
                    " pg_available_extension_versions v on v.name = e.extname and v.version = e.extversion where"
                    " not v.trusted and e.extname = '" +
                    std::string(name) + "' and p.proowner <> 'postgres'::regrole"),
              "0");
    EXPECT_EQ(apply(std::string("drop extension ") + name), "") << name;
  }
}

// Its script runs as the project, and it requires what the superuser makes and what PostgreSQL trusts.
TEST_F(Extensions, that_the_project_makes_itself_have_what_they_require_made_first) {
  if (!is_installed("postgis_tiger_geocoder")) GTEST_SKIP() << "PostGIS is not installed";
  const char* all =
      "drop extension postgis_tiger_geocoder; drop extension fuzzystrmatch; drop extension postgis;"
      "drop schema if exists tiger, tiger_data cascade; alter database postgres reset search_path";
  for (const char* statement : {"create extension postgis_tiger_geocoder version '0.0' cascade",
                                "create schema tiger; create extension postgis_tiger_geocoder schema tiger cascade"}) {
    EXPECT_EQ(apply(std::string("set search_path = extensions;\n") + statement), "") << statement;
    EXPECT_EQ(
        value("select string_agg(concat_ws(' ', extname, extowner::regrole, extnamespace::regnamespace), ', ' order"
              " by extname) from pg_extension where extname ~ '^postgis'"),
        "postgis postgres extensions, postgis_tiger_geocoder postgres tiger")
        << statement;
    EXPECT_EQ(value("select string_agg(distinct p.proowner::regrole::text, ' ') from pg_proc p join pg_depend d on"
                    " d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e' join pg_extension e on"
                    " e.oid = d.refobjid where e.extname = 'postgis_tiger_geocoder'"),
              "postgres");
    EXPECT_EQ(apply(all), "") << statement;
  }
  EXPECT_NE(apply("create extension postgis_tiger_geocoder").find("required extension \""), std::string::npos);
}

TEST_F(Extensions, are_what_the_whole_statement_says_or_what_postgresql_says_of_it) {
  EXPECT_EQ(apply("create schema a;\ncreate schema \"a\"\"b\";\n"
                  "create /* all /* of */ it */ extension insert_username schema \"a\"\"b\";\n"
                  "create extension if not exists insert_username schema a;\n"),
            "");
  EXPECT_EQ(value("select extnamespace::regnamespace::text from pg_extension where extname = 'insert_username'"),
            "\"a\"\"b\"");
  const std::string again = apply("create extension insert_username");
  EXPECT_NE(again.find("extension \"insert_username\" already exists (42710)"), std::string::npos) << again;
  EXPECT_EQ(apply("drop extension insert_username; drop schema a, \"a\"\"b\""), "");
  for (const char* rest : {"schema extensions garbage", "schema extensions schema extensions", "schema \"\""}) {
    const std::string answer = apply(std::string("create extension insert_username ") + rest);
    EXPECT_NE(answer.find("(42601)"), std::string::npos) << answer;
  }
  EXPECT_NE(apply("create extension pgcrypto").find("42710"), std::string::npos);
}

// Such a script has the schema's name in it, between quotes too.
TEST_F(Extensions, are_not_made_in_a_schema_whose_name_would_end_a_quotation) {
  BlockingConnection connection(as_postgres);
  for (const char* extension : {"postgis", "plpgsql_check"}) {
    if (!is_installed(extension)) continue;
    for (const std::string name :
         {"x$$ language sql; alter role postgres superuser; --", "x'; alter role postgres superuser; --",
          "x\"; alter role postgres superuser; --", "x\\"}) {
      const std::string quoted = value("select quote_ident($q$" + name + "$q$)");
      connection.execute("create schema " + quoted);
      try {
        connection.query("select _bailey.create_extension($1, $2, true)", {extension, name});
        ADD_FAILURE() << extension << " in " << name;
      } catch (const Error& failure) {
        EXPECT_NE(std::string(failure.message()).find("has a quote"), std::string::npos) << failure.message();
      }
      connection.execute("drop schema " + quoted);
    }
  }
  EXPECT_EQ(value("select string_agg(rolname, ' ') from pg_roles where rolsuper and rolname !~ '^pg_'"),
            "supabase_admin");
}

// An operator that another names before it exists belongs to who named it, and is not moved away: it has no function
// yet.
// In a path it means the schema that is called as the superuser is, and a project may make that.
TEST_F(Extensions, are_not_made_in_a_schema_whose_name_stands_for_another) {
  BlockingConnection connection(as_postgres);
  connection.execute("create schema \"$user\"; create schema supabase_admin; create extension cube schema public");
  connection.execute("create type supabase_admin.cube as (x int)");
  EXPECT_NE(apply("create extension earthdistance schema \"$user\"").find("permission denied for schema $user"),
            std::string::npos);
  // What the path of a script would hold in the end, whatever put it there.
  EXPECT_NE(apply("create extension earthdistance schema extensions").find("would be taken for one"),
            std::string::npos);
  connection.execute("drop type supabase_admin.cube; drop extension cube");
  try {
    connection.execute("create extension cube schema \"$user\"");
    EXPECT_NE(apply("create extension earthdistance schema extensions").find("in the schema \"$user\""),
              std::string::npos);
    connection.execute("drop extension cube");
  } catch (const stack::StatementError& failure) {  // PostgreSQL itself does not take such a name since 2025
    EXPECT_NE(std::string(failure.what()).find("unacceptable extension schema name"), std::string::npos);
  }
  connection.execute("drop schema \"$user\", supabase_admin");
}

TEST_F(Extensions, do_not_take_over_an_operator_that_the_project_has_only_named) {
  EXPECT_EQ(apply("create function public.caught(point, point) returns float8 language sql as 'select 1.0';\n"
                  "create operator public.~~~~ (leftarg = point, rightarg = point, function = public.caught,"
                  " commutator = operator(public.<@>));\n"),
            "");
  const std::string answer = apply("create extension earthdistance schema public cascade");
  EXPECT_TRUE(answer.contains("not a member of extension") || answer.contains("must be owner of operator")) << answer;
  EXPECT_EQ(value("select string_agg(concat_ws(' ', oprname, oprowner::regrole, oprcode), ', ' order by oprname) from"
                  " pg_operator where oprnamespace = 'public'::regnamespace and oprname in ('<@>', '~~~~')"),
            "<@> postgres -, ~~~~ postgres public.caught");
  EXPECT_EQ(apply("drop operator public.~~~~ (point, point); drop operator public.<@> (point, point);"
                  "drop function public.caught(point, point)"),
            "");
}

TEST_F(Extensions, that_reach_out_of_the_database_are_left_out_with_a_warning) {
  std::string warnings;
  log::set_sink([&](log::Level level, std::string_view line) {
    if (level == log::Level::warning) warnings.append(line.substr(line.find(' ') + 1)).append("\n");
  });
  const std::string answer = apply("create extension if not exists dblink with schema extensions;");
  log::set_sink({});
  EXPECT_EQ(answer, "");
  EXPECT_TRUE(
      warnings.contains("an extension that Supabase brings is left out: a local database does not make it"
                        " extension=dblink"))
      << warnings;
  EXPECT_NE(apply("create extension file_fdw").find("permission denied"), std::string::npos);
}

TEST_F(Extensions, that_a_block_of_code_makes_are_refused_with_the_way_to_do_it) {
  const std::string answer = apply("do $$ begin create extension if not exists refint with schema extensions; end $$;");
  EXPECT_NE(answer.find("perform _bailey.create_extension('refint', 'extensions', true)"), std::string::npos) << answer;
  EXPECT_EQ(apply("do $$ begin perform _bailey.create_extension('refint', 'extensions', true); end $$;"
                  "drop extension refint;"),
            "");
  EXPECT_EQ(apply("do $$ begin create extension file_fdw; end $$;").find("_bailey"), std::string::npos);
}

TEST_F(Extensions, are_moved_to_another_schema_by_who_owns_them) {
  EXPECT_EQ(apply("create extension if not exists tablefunc with schema public;\n"
                  "alter extension tablefunc set schema extensions;\n"),
            "");
  EXPECT_EQ(value("select extnamespace::regnamespace::text from pg_extension where extname = 'tablefunc'"),
            "extensions");
  EXPECT_NE(apply("alter extension tablefunc set schema pg_catalog").find("42501"), std::string::npos);
  EXPECT_NE(apply("alter extension tablefunc set schema _bailey").find("42501"), std::string::npos);
  // Whatever rights there are: what the superuser calls by a name alone is there.
  for (const char* schema : {"pg_catalog", "information_schema", "_bailey", "_bailey_events", "pg_toast"}) {
    static_cast<void>(live().sql(std::string("grant create on schema ") + schema + " to postgres"));
    EXPECT_NE(apply(std::string("alter extension tablefunc set schema ") + schema).find("42501"), std::string::npos);
    EXPECT_NE(apply(std::string("create extension refint schema ") + schema).find("42501"), std::string::npos);
    EXPECT_NE(apply(std::string("create extension earthdistance schema ") + schema + " cascade").find("42501"),
              std::string::npos);
    static_cast<void>(live().sql(std::string("revoke create on schema ") + schema + " from postgres"));
  }
  // What a project has put into it is moved by who owns all of it, or not at all.
  EXPECT_NE(apply("create function public.ours() returns int language sql as 'select 1';\n"
                  "alter extension tablefunc add function public.ours();\n"
                  "alter extension tablefunc set schema public")
                .find("must be owner of function"),
            std::string::npos);
  EXPECT_NE(apply("alter extension plpgsql set schema public").find("must be owner"), std::string::npos);
  EXPECT_NE(apply("alter extension nothing set schema public").find("does not exist"), std::string::npos);
  EXPECT_NE(apply("set role anon; alter extension tablefunc set schema public").find("42501"), std::string::npos);
  EXPECT_EQ(apply("drop extension tablefunc"), "");
}

}  // namespace
}  // namespace bailey::test
