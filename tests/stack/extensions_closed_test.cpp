// What extensions of the superuser's are not to anybody: a way to files, or to a trigger that fires for the superuser.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "stack/database/bootstrap.hpp"
#include "tests/stack/migrated_project.hpp"

namespace bailey::test {
namespace {

namespace fs = std::filesystem;
using stack::BlockingConnection;

LiveStack& live() { return LiveStack::shared(); }

class ClosedExtensions : public MigratedProject {
 protected:
  // The SQLSTATE of what came back; "" when it was done.
  static std::string attempt(BlockingConnection& connection, const std::string& sql) {
    try {
      connection.execute(sql);
      return "";
    } catch (const Error& failure) {
      return failure.code();
    }
  }

  // A definition that PROJ reads, and goes by.
  [[nodiscard]] std::string named_file() const {
    const fs::path file = folder.project.root / "definitions";
    std::ofstream(file) << "<key> +proj=longlat +datum=WGS84 <>\n";
    return file.string();
  }

  // All that hands PROJ a text of the caller's.
  void expect_to_open_no_file(BlockingConnection& connection, const std::string& schema) const {
    const std::string text = "'+init=" + named_file() + ":key'";
    const std::string point = "'SRID=4326;POINT(1 2)'::" + schema + ".geometry";
    for (const std::string& call : std::vector<std::string>{
             "st_transform(" + point + ", " + text + ")", "st_transform(" + point + ", " + text + ", '+proj=longlat')",
             "st_transform(" + point + ", " + text + ", 3857)",
             "postgis_transform_geometry(" + point + ", " + text + ", '+proj=longlat', 0)"}) {
      EXPECT_EQ(attempt(connection, "select " + schema + "." + call), "42501") << call;
    }
    for (const std::string& sql : std::vector<std::string>{
             "insert into " + schema + ".spatial_ref_sys values (990001, null, null, null, " + text + ")",
             "update " + schema + ".spatial_ref_sys set proj4text = " + text + " where srid = 3857",
             "delete from " + schema + ".spatial_ref_sys", "truncate " + schema + ".spatial_ref_sys"}) {
      EXPECT_EQ(attempt(connection, sql), "42501") << sql;
    }
    EXPECT_EQ(attempt(connection, "select " + schema + ".st_transform(" + point + ", 3857)"), "");
  }

  static BlockingConnection anon() {
    BlockingConnection connection(live().cluster().connection_string("authenticator", stack::role_password));
    connection.execute("set role anon");
    return connection;
  }
};

TEST_F(ClosedExtensions, of_maps_open_no_file_that_somebody_names) {
  if (!is_installed("postgis")) GTEST_SKIP() << "PostGIS is not installed";
  EXPECT_EQ(apply("create extension postgis schema public"), "");
  BlockingConnection postgres(as_postgres);
  attempt(postgres, "grant pg_write_all_data to postgres");  // as PostgreSQL 15 lets it
  expect_to_open_no_file(postgres, "public");
  BlockingConnection nobody = anon();
  expect_to_open_no_file(nobody, "public");
  attempt(postgres, "revoke pg_write_all_data from postgres");
  EXPECT_EQ(attempt(postgres, "drop extension postgis"), "");
}

// PostGIS goes on using the name its table had when a session first asked for it.
TEST_F(ClosedExtensions, of_maps_take_no_table_of_a_project_for_their_own) {
  if (!is_installed("postgis")) GTEST_SKIP() << "PostGIS is not installed";
  BlockingConnection postgres(as_postgres);
  EXPECT_EQ(attempt(postgres, "create schema maps; select _bailey.create_extension('postgis', 'maps', true)"), "");
  EXPECT_EQ(attempt(postgres, "select maps.st_transform('SRID=4326;POINT(1 2)'::maps.geometry, 3857)"), "");
  EXPECT_EQ(attempt(postgres, "alter schema maps rename to former"), "42501");
  EXPECT_EQ(attempt(postgres, "do $$ begin alter schema maps rename to former; end $$"), "42501");
  for (const char* sql :
       {"create table public.spatial_ref_sys (srid int)", "create view public.spatial_ref_sys as select 1 as srid",
        "create table public.spatial_ref_sys as select 1 as srid", "select 1 as srid into public.spatial_ref_sys",
        "create temp table spatial_ref_sys (srid int)", "create schema other create table spatial_ref_sys (srid int)",
        "create materialized view public.spatial_ref_sys as select 1 as srid",
        "create table public.plain (srid int); alter table public.plain rename to spatial_ref_sys",
        "set session_replication_role = replica; create table public.spatial_ref_sys (srid int)"}) {
    EXPECT_EQ(attempt(postgres, sql), "42501") << sql;
  }
  postgres.execute("set session_replication_role = default");
  // Nor does one that was begun when there was no PostGIS.
  EXPECT_EQ(attempt(postgres, "drop extension postgis"), "");
  BlockingConnection earlier(as_postgres);
  earlier.execute("begin isolation level repeatable read; select");
  EXPECT_EQ(attempt(postgres, "select _bailey.create_extension('postgis', 'maps', true)"), "");
  EXPECT_EQ(attempt(earlier, "create view public.spatial_ref_sys as select 1 as srid"), "42501");
  earlier.execute("rollback");
  for (const char* level : {"repeatable read", "serializable"}) {
    earlier.execute(std::string("begin isolation level ") + level + "; select");
    EXPECT_EQ(attempt(earlier, "alter schema maps rename to former"), "0A000") << level;
    earlier.execute("rollback");
  }
  EXPECT_EQ(attempt(postgres, "drop extension postgis; create table public.spatial_ref_sys (srid int)"), "");
  EXPECT_EQ(attempt(postgres, "select _bailey.create_extension('postgis', 'extensions', true)"), "42501");
  EXPECT_EQ(attempt(postgres, "drop table public.spatial_ref_sys; drop schema maps"), "");
}

TEST_F(ClosedExtensions, that_an_earlier_bailey_has_made_are_closed_at_the_next_start) {
  if (!is_installed("postgis_raster")) GTEST_SKIP() << "PostGIS is not installed";
  EXPECT_EQ(apply("create extension postgis schema public"), "");
  BlockingConnection superuser = live().connect();
  superuser.execute("create extension postgis_raster schema public");
  superuser.execute(
      "drop trigger _bailey_refuse_writing on public.spatial_ref_sys;"
      "grant all on public.spatial_ref_sys to postgres, anon; grant execute on all routines in schema public to public;"
      "alter function public.st_astext(public.geometry) security definer");
  stack::bootstrap(live().cluster());
  BlockingConnection postgres(as_postgres);
  BlockingConnection nobody = anon();
  expect_to_open_no_file(postgres, "public");
  expect_to_open_no_file(nobody, "public");
  EXPECT_EQ(attempt(postgres, "select public.st_makeemptyraster(1, 1, 0, 0, 1)"), "42501");
  EXPECT_EQ(value("select count(*)::text from pg_proc where prosecdef and proname = 'st_astext'"), "0");
  superuser.execute("drop extension postgis_raster");
  EXPECT_EQ(attempt(postgres, "drop extension postgis"), "");
}

// A foreign key is checked as the owner of the table that it refers to, with all that a value is cast by.
TEST_F(ClosedExtensions, have_no_table_that_checks_a_foreign_key_of_a_project_as_the_superuser) {
  if (!is_installed("postgis_topology")) GTEST_SKIP() << "PostGIS is not installed";
  EXPECT_EQ(apply("create extension postgis schema public; create extension postgis_topology;"
                  "create extension address_standardizer_data_us schema public;"),
            "");
  BlockingConnection postgres(as_postgres);
  postgres.execute(
      "create type public.number as (n int);"
      "create function public.cast_to_int(public.number) returns int language plpgsql immutable as"
      " $$ begin execute 'alter role postgres superuser'; return 1; end $$;"
      "create cast (public.number as int) with function public.cast_to_int(public.number) as implicit");
  for (const std::string table : {"topology.topology (id)", "public.spatial_ref_sys (srid)", "public.us_rules (id)"}) {
    EXPECT_EQ(attempt(postgres, "create table public.refers (n public.number references " + table + ")"), "42501")
        << table;
  }
  // One that was there before.
  BlockingConnection superuser = live().connect();
  superuser.execute("grant references on topology.topology to postgres with grant option");
  postgres.execute("grant references (id) on topology.topology to authenticated");
  postgres.execute("create table public.refers (n public.number references topology.topology (id))");
  stack::bootstrap(live().cluster());
  EXPECT_EQ(attempt(postgres, "insert into public.refers values (row(1)::public.number)"), "");
  EXPECT_EQ(value("select string_agg(rolname, ' ') from pg_roles where rolsuper and rolname !~ '^pg_'"),
            "supabase_admin");
  EXPECT_EQ(
      value("select count(*)::text from pg_roles r, pg_class c join pg_roles o on o.oid = c.relowner and o.rolsuper"
            " where not r.rolsuper and c.relkind in ('r', 'p', 'v', 'm') and has_any_column_privilege(r.oid,"
            " c.oid, 'references')"),
      "0");
  EXPECT_EQ(apply("drop table public.refers; drop type public.number cascade; drop extension postgis_topology;"
                  "drop extension postgis; drop extension address_standardizer_data_us;"
                  "alter database postgres reset search_path"),
            "");
}

// The superuser's defaults in `public` give the API roles all rights on what it makes there.
TEST_F(ClosedExtensions, give_nobody_a_right_to_change_their_tables_that_is_not_the_extensions_to_give) {
  const std::string given =
      "select coalesce(string_agg(distinct concat_ws(' ', e.extname, c.relname, a.grantee::regrole, a.privilege_type),"
      " ', '), '') from pg_extension e join pg_depend d on d.refobjid = e.oid and d.refclassid ="
      " 'pg_extension'::regclass and d.deptype = 'e' join pg_class c on d.classid = 'pg_class'::regclass and"
      " c.oid = d.objid and c.relkind in ('r', 'v', 'm', 'p'), aclexplode(c.relacl) a where a.grantee <> c.relowner "
      "and ";
  for (const auto& row : live().sql("select name from _bailey.extensions_made() as name join pg_available_extensions"
                                    " using (name) where installed_version is null order by name")) {
    EXPECT_EQ(apply("create extension " + *row.at(0) + " schema public cascade;"), "") << *row.at(0);
    EXPECT_EQ(value(given + "a.privilege_type in ('TRIGGER', 'REFERENCES')"), "");
    EXPECT_EQ(value(given + "a.privilege_type <> 'SELECT' and c.relnamespace <> all (select oid from pg_namespace"
                            " where nspname = 'topology')"),
              "");
  }
  EXPECT_EQ(value("select count(*)::text from pg_proc p join pg_roles r on r.oid = p.proowner and r.rolsuper"
                  " where p.prosecdef and p.pronamespace <> '_bailey'::regnamespace"),
            "0");
  for (const auto& row : live().sql("select name from _bailey.extensions_made() as name join pg_extension e on"
                                    " e.extname = name where name <> 'pg_stat_statements'")) {
    apply("drop extension if exists " + *row.at(0) + " cascade");
  }
  EXPECT_EQ(apply("drop extension if exists cube cascade; alter database postgres reset search_path"), "");
}

}  // namespace
}  // namespace bailey::test
