#include <gtest/gtest.h>

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
  EXPECT_EQ(value("select string_agg(rolname, ' ') from pg_roles where rolsuper"), "supabase_admin");
  EXPECT_EQ(value("select string_agg(rolname, ' ' order by rolname) from pg_roles where rolbypassrls and not rolsuper"),
            "postgres service_role");
  EXPECT_EQ(
      value("select count(*)::text from pg_tables where schemaname = 'auth' and tableowner <> 'supabase_auth_admin'"),
      "0");
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

TEST(Bootstrap, is_done_once) {
  const std::string before = value("select string_agg(version || name || applied_at, ',') from _bailey.bootstrap");
  stack::bootstrap(live().cluster());
  EXPECT_EQ(value("select string_agg(version || name || applied_at, ',') from _bailey.bootstrap"), before);
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
    return stack::apply_seeds(folder.project, config, as_postgres, live().cluster().admin_connection_string());
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

TEST_F(Migrations, of_one_version_are_refused) {
  folder.write("migrations/1_a.sql", "select 1");
  folder.write("migrations/1_b.sql", "select 1");
  EXPECT_NE(failure().find("two migrations have the version 1"), std::string::npos);
}

TEST_F(Migrations, leave_no_setting_behind_for_the_next) {
  folder.write("migrations/20300401000000_a.sql", "set search_path = extensions; set role anon;");
  folder.write("migrations/20300401000001_b.sql", "create table here (n int);");
  EXPECT_EQ(apply(), 2U);
  EXPECT_EQ(value("select to_regclass('public.here')::text"), "here");
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

}  // namespace
}  // namespace bailey::test
