// Sessions of PostgreSQL's own, in which code of a project runs: autovacuum computes the expressions of indexes, as the
// owner of the table, in a session of the superuser's.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/stack/live_stack.hpp"
#include "tests/stack/temporary_project.hpp"

namespace bailey::test {
namespace {

namespace fs = std::filesystem;
using stack::BlockingConnection;

LiveStack& live() { return LiveStack::unconfined(); }

TEST(SessionsOfTheSuperuser, give_no_code_of_a_project_what_a_project_has_of_the_superuser) {
  TemporaryProject folder;
  fs::permissions(folder.project.root, fs::perms(0777));
  const std::string proof = (folder.project.root / "reached").string();
  static_cast<void>(live().sql("alter system set autovacuum_naptime = 1"));
  static_cast<void>(live().sql("select pg_reload_conf()"));
  BlockingConnection postgres(live().cluster().connection_string("postgres", stack::role_password));
  // Each of these is what the superuser does for the project, and for nobody else in that session.
  postgres.execute(
      "create extension citext schema public;"
      "create role wanting; create publication wanted;"
      "create function public.differ(regproc, integer) returns boolean language plpgsql as $$ begin begin"
      " copy (select 1) to program 'touch " +
      proof +
      "'; exception when others then null; end; return true; end $$;"
      "create operator public.<> (leftarg = regproc, rightarg = integer, function = public.differ);"
      "alter extension citext add function public.differ(regproc, integer);"
      "alter extension citext add operator public.<> (regproc, integer);"
      "create function public.on_change() returns event_trigger language plpgsql as 'begin end';"
      "create table public.tried (what text, who text, answer text);"
      "create function public.go() returns void language plpgsql security definer as $$ declare tried text; begin"
      "  foreach tried in array array['_bailey.move_extension(''citext'', ''extensions'')',"
      "    '_bailey.create_extension(''refint'', ''extensions'', true)', '_bailey.set_bypassrls(''wanting'', true)',"
      "    '_bailey.create_event_trigger(''e'', ''sql_drop'', null, ''public.on_change()'')',"
      "    '_bailey.publish_all_tables(''wanted'')', '_bailey.settings_of_superuser()'] loop"
      "    begin execute 'select ' || tried; insert into public.tried values (tried, session_user, 'done');"
      "    exception when others then insert into public.tried values (tried, session_user, sqlstate); end;"
      "  end loop; end $$;"
      "create function public.expression(int) returns int language plpgsql immutable as $$ begin"
      " if session_user = 'supabase_admin' then perform public.go(); end if; return $1; end $$;"
      "create table public.bait (n int); create index on public.bait (public.expression(n));"
      "alter table public.bait set (autovacuum_analyze_threshold = 1);"
      "insert into public.bait select generate_series(1, 2)");
  for (int tenths = 0; tenths < 600 && live().sql("select from public.tried").empty(); ++tenths)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(live().sql(
                "select string_agg(distinct who || ' ' || answer, ', '), count(distinct what)::text from public.tried"),
            (std::vector<BlockingConnection::Row>{{"supabase_admin 42501", "6"}}));
  postgres.execute("select _bailey.create_extension('autoinc', 'public', false)");
  EXPECT_FALSE(fs::exists(proof));
  static_cast<void>(live().sql("alter system reset autovacuum_naptime"));
  static_cast<void>(live().sql("select pg_reload_conf()"));
  postgres.execute(
      "drop table public.bait, public.tried; drop extension autoinc; drop extension citext cascade;"
      "drop function public.expression, public.go, public.on_change; drop publication wanted; drop role wanting");
}

}  // namespace
}  // namespace bailey::test
