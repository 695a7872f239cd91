// The rights beside extensions that Supabase's `postgres` has of its superuser, and PostgreSQL gives to superusers
// alone.
#include <bailey/base/log.hpp>

#include <gtest/gtest.h>

#include "tests/stack/migrated_project.hpp"

namespace bailey::test {
namespace {

using stack::BlockingConnection;

class Privileges : public MigratedProject {};

TEST_F(Privileges, over_publications_of_all_tables_are_the_projects) {
  EXPECT_EQ(
      apply("create table public.told (id int primary key, body text);\n"
            "alter publication supabase_realtime add table public.told;\n"
            "create publication \"Every one\" for all tables with (publish = 'insert', publish_via_partition_root);\n"
            "comment on publication \"Every one\" is 'ours';\n"),
      "");
  EXPECT_EQ(
      value("select string_agg(concat_ws(' ', pubowner::regrole, puballtables, pubinsert, pubdelete, pubviaroot), ', '"
            " order by pubname) from pg_publication"),
      "postgres t t f t, postgres f t t f");
  EXPECT_EQ(
      value("select string_agg(pubname, ', ' order by pubname) from pg_publication_tables where tablename = 'told'"),
      "Every one, supabase_realtime");
  // A session that has the table open knows that what is changed is sent from now on.
  BlockingConnection connection(as_postgres);
  connection.execute(
      "create table public.bare (n int); insert into public.bare values (1); update public.bare set n = 2");
  EXPECT_EQ(apply("create publication all_of_them for all tables"), "");
  EXPECT_THROW(connection.execute("update public.bare set n = 3"), Error);
  EXPECT_NE(apply("drop publication \"Every one\"; create publication supabase_realtime for all tables").find("42710"),
            std::string::npos);
  EXPECT_THROW(connection.execute("select _bailey.publish_all_tables('supabase_realtime')"), Error);
  EXPECT_THROW(connection.execute("select _bailey.publish_all_tables('nothing')"), Error);
  EXPECT_THROW(connection.execute("set role authenticated; create publication p"), Error);
  EXPECT_EQ(apply("drop publication all_of_them; drop publication \"Every one\"; drop table public.told, public.bare;"),
            "");
}

TEST_F(Privileges, over_roles_that_bypass_row_level_security_are_the_projects) {
  EXPECT_EQ(apply("create user \"prisma\" with password 'custom' bypassrls createdb;\n"
                  "create role \"readonly\";\n"
                  "ALTER ROLE \"readonly\" WITH INHERIT NOCREATEROLE NOCREATEDB LOGIN NOBYPASSRLS;\n"),
            "");
  EXPECT_EQ(value("select string_agg(concat_ws(' ', rolname, rolbypassrls, rolcreatedb, rolcanlogin), ', ' order by 1)"
                  " from pg_roles where rolname in ('prisma', 'readonly')"),
            "prisma t t t, readonly f f t");
  EXPECT_EQ(apply("alter role prisma nobypassrls nosuperuser"), "");
  EXPECT_EQ(value("select rolbypassrls::text from pg_roles where rolname = 'prisma'"), "false");
  for (const char* role : {"supabase_admin nobypassrls", "anon bypassrls", "service_role nobypassrls",
                           "authenticator bypassrls", "prisma superuser"}) {
    EXPECT_NE(apply(std::string("alter role ") + role).find("42501"), std::string::npos) << role;
  }
  EXPECT_NE(apply("alter role pg_read_server_files nobypassrls"), "");
  EXPECT_NE(apply("set role anon; alter role prisma bypassrls").find("42501"), std::string::npos);
  EXPECT_EQ(apply("drop role prisma, readonly"), "");
}

TEST_F(Privileges, over_settings_that_are_the_superusers_are_left_out_with_a_warning) {
  std::string warnings;
  log::set_sink([&](log::Level level, std::string_view line) {
    if (level == log::Level::warning) warnings.append(line.substr(line.find(' ') + 1)).append("\n");
  });
  const std::string answer = apply(
      "ALTER ROLE \"authenticator\" SET \"session_preload_libraries\" TO 'safeupdate';\n"
      "alter role authenticator set log_statement = 'all';\n"
      "alter role postgres set deadlock_timeout = '2s';\n"
      "set local log_min_duration_statement = 0;\n"
      "alter role postgres set statement_timeout = '5min';\n"
      "alter role postgres reset statement_timeout;\n");
  log::set_sink({});
  EXPECT_EQ(answer, "");
  for (const char* name :
       {"session_preload_libraries", "log_statement", "deadlock_timeout", "log_min_duration_statement"})
    EXPECT_TRUE(warnings.contains(std::string("a setting that is the superuser's is left out setting=") + name))
        << warnings;
  EXPECT_EQ(value("select count(*)::text from pg_db_role_setting where setconfig::text ~ 'preload|log_st|deadlock'"),
            "0");
  EXPECT_NE(apply("alter role postgres set no_such_setting = 1").find("unrecognized"), std::string::npos);
}

TEST_F(Privileges, over_settings_of_supabases_owner_are_the_projects) {
  EXPECT_EQ(apply("set session_replication_role = replica;\nset session_replication_role = default;\n"
                  "alter role postgres set log_min_messages = 'warning';\nalter role postgres reset log_min_messages;\n"
                  "create policy mine on auth.users for select to authenticated using (id = auth.uid());\n"
                  "drop policy mine on auth.users;\n"
                  "create function public.noted() returns trigger language plpgsql as 'begin return new; end';\n"
                  "create trigger noted after insert on auth.users for each row execute function public.noted();\n"
                  "drop trigger noted on auth.users;\ndrop function public.noted();\n"),
            "");
  EXPECT_EQ(value("select string_agg(roleid::regrole::text, ' ' order by 1) from pg_auth_members"
                  " where member = 'postgres'::regrole and roleid::regrole::text ~ '^pg_'"),
            "pg_read_all_data pg_signal_backend");
}

}  // namespace
}  // namespace bailey::test
