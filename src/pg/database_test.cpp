#include <bailey/pg/database.hpp>
#include <bailey/runtime/run_blocking.hpp>

#include "pg/database_fixture.hpp"

#include <gtest/gtest.h>

namespace bailey::pg {
namespace {

using test::code_of;
using test::DatabaseTest;

class DatabaseRuns : public DatabaseTest {};

TEST_F(DatabaseRuns, a_statement_and_hands_over_its_rows) {
  const Database database(options());
  const Rows rows = run_blocking([&]() -> Task<Rows> {
    co_return co_await database.run("select n, n::text || 'x' as name, null::int as none from generate_series(1, 3) n");
  });
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows.columns(), 3U);
  EXPECT_EQ(rows.column_name(1), "name");
  EXPECT_EQ(rows.column_index("none"), 2U);
  EXPECT_EQ(rows.get<int>(2, 0), 3);
  EXPECT_EQ(rows.get<std::string>(1, 1), "2x");
  EXPECT_EQ(rows.get<std::optional<int>>(0, 2), std::nullopt);
  EXPECT_EQ(rows.affected(), 3U);
}

TEST_F(DatabaseRuns, a_group_all_or_nothing) {
  const Database database(options());
  server().execute("create table pair (n int primary key); grant all on pair to authenticator", name());
  run_blocking([&]() -> Task<> {
    std::vector<Statement> both{{"insert into pair values ($1)", {1}}, {"insert into pair values ($1)", {1}}};
    EXPECT_EQ(co_await code_of(database.run_group(both)), "23505");
    std::vector<Statement> fine{{"insert into pair values ($1)", {1}}, {"select count(*) from pair"}};
    const std::vector<Rows> rows = co_await database.run_group(fine);
    EXPECT_EQ(rows[0].affected(), 1U);
    EXPECT_EQ(rows[0].command_tag(), "INSERT 0 1");
    EXPECT_EQ(rows[1].get<int>(0, 0), 1);
  });
}

TEST_F(DatabaseRuns, as_the_scope_says_and_forgets_it_at_once) {
  server().execute("grant usage on schema auth to authenticator", name());
  const Database database(options());
  run_blocking([&]() -> Task<> {
    const Statement who(
        "select current_user, auth.uid(), current_setting('app.x', true), current_setting('search_path')");
    RunOptions as;
    as.scope = RlsScope{.role = "authenticated",
                        .claims = R"({"sub":"11111111-1111-4111-8111-111111111111"})",
                        .settings = {{"app.x", "it's"}, {"search_path", "auth, public"}}};
    const Rows inside = co_await database.run(who, as);
    EXPECT_EQ(inside.get<std::string>(0, 0), "authenticated");
    EXPECT_EQ(inside.get<std::string>(0, 1), "11111111-1111-4111-8111-111111111111");
    EXPECT_EQ(inside.get<std::string>(0, 2), "it's");
    EXPECT_EQ(inside.get<std::string>(0, 3), "auth, public");
    const Rows after = co_await database.run(who);
    EXPECT_EQ(after.get<std::string>(0, 0), "authenticator");
    EXPECT_TRUE(after.is_null(0, 1));
    EXPECT_EQ(after.get<std::string>(0, 2), "");
    EXPECT_NE(after.get<std::string>(0, 3), "auth, public");
  });
}

TEST_F(DatabaseRuns, nothing_that_would_end_or_outlive_the_group) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    for (const char* sql : {"commit", "set role service_role", "begin", "discard all", "listen x", "copy t from stdin",
                            "savepoint a", "select 1; select 2"}) {
      const std::string code = co_await code_of(database.run(sql));
      EXPECT_TRUE(code == "statement_not_allowed" || code == "42601") << sql << ": " << code;
    }
    EXPECT_EQ(co_await code_of(database.run_group({})), "statement_not_allowed");
    RunOptions as;
    as.scope = RlsScope{.role = "postgres"};
    EXPECT_EQ(co_await code_of(database.run("select 1", as)), "role_not_allowed");
  });
  EXPECT_EQ(database.stats().groups, 1U);  // only the syntax error went to the server
}

TEST_F(DatabaseRuns, read_only_groups_that_cannot_write) {
  const Database database(options());
  server().execute("create table sealed (n int); grant all on sealed to anon, authenticator", name());
  run_blocking([&]() -> Task<> {
    RunOptions read_only;
    read_only.read_only = true;
    EXPECT_EQ(co_await code_of(database.run("insert into sealed values (1)", read_only)), "25006");
    read_only.scope = RlsScope{.role = "anon", .claims = "{}"};
    EXPECT_EQ(co_await code_of(database.run("insert into sealed values (1)", read_only)), "25006");
    const Statement undo(
        "with x as (select set_config('transaction_read_only', 'off', true)) insert into sealed select 1 from x");
    const std::string code = co_await code_of(database.run(undo, read_only));
    EXPECT_EQ(code, "25006");
    const Rows written = co_await database.run("insert into sealed values (1)");
    EXPECT_EQ(written.affected(), 1U);
  });
}

TEST_F(DatabaseRuns, procedures_in_a_transaction_they_cannot_leave) {
  const Database database(options());
  server().execute(
      "create procedure escape() language plpgsql as $$ begin commit; end $$; "
      "grant execute on procedure escape to anon",
      name());
  run_blocking([&]() -> Task<> {
    RunOptions as;
    as.scope = RlsScope{.role = "anon", .claims = "{}"};
    EXPECT_EQ(co_await code_of(database.run("call escape()", as)), "2D000");
    EXPECT_EQ(co_await code_of(database.run("do $$ begin commit; end $$", as)), "2D000");
    EXPECT_EQ(co_await code_of(database.run("do $$ begin perform 1; end $$", as)), "");
  });
}

TEST_F(DatabaseRuns, into_deferred_constraints_at_the_sync) {
  const Database database(options());
  server().execute(
      "create table parent (n int primary key); create table child (n int references parent deferrable "
      "initially deferred); grant all on parent, child to authenticator",
      name());
  run_blocking([&]() -> Task<> {
    EXPECT_EQ(co_await code_of(database.run("insert into child values (1)")), "23503");
    const Rows rows = co_await database.run("select count(*) from child");
    EXPECT_EQ(rows.get<int>(0, 0), 0);
  });
}

TEST_F(DatabaseRuns, hundreds_of_groups_at_once_and_each_gets_its_own_rows) {
  const Database database(options());
  test::run_many(200, [&](int task) -> Task<> {
    for (int round = 0; round < 10; ++round) {
      const int wanted = task * 1000 + round;
      const Rows rows = co_await database.run(Statement("select $1::int", {wanted}));
      EXPECT_EQ(rows.get<int>(0, 0), wanted);
    }
  });
  EXPECT_EQ(database.stats().groups, 2000U);
  EXPECT_EQ(database.stats().in_flight, 0U);
  EXPECT_EQ(database.stats().failed, 0U);
}

TEST_F(DatabaseRuns, scripts_of_many_commands_and_leaves_nothing_behind) {
  const Database database(options("postgres"));
  run_blocking([&]() -> Task<> {
    co_await database.script(
        "set search_path = auth; create table public.made (n int); insert into public.made values (1), (2);"
        " begin; insert into public.made values (3); commit;");
    const Rows rows = co_await database.run("select count(*), current_setting('search_path') from public.made");
    EXPECT_EQ(rows.get<int>(0, 0), 3);
    EXPECT_NE(rows.get<std::string>(0, 1), "auth");
    EXPECT_EQ(co_await code_of(database.script("create table public.half (n int); select * from missing")), "42P01");
    EXPECT_EQ(co_await code_of(database.run("select * from public.half")), "42P01");  // rolled back with the rest
    EXPECT_EQ(co_await code_of(database.script("copy public.made from stdin")), "database_connection_lost");
    EXPECT_EQ(co_await code_of(database.script("")), "");
  });
}

TEST_F(DatabaseRuns, with_no_more_connections_than_allowed_and_closes_all_with_its_loop) {
  const Database database(options());
  test::run_many(50, [&](int) -> Task<> { co_await database.run("select 1"); });
  EXPECT_LE(database.stats().connects, database.options().connections_per_loop);
  EXPECT_EQ(test::backends_after_a_while(server(), name()), 0);
}

TEST_F(DatabaseRuns, and_closes_its_connections_when_its_last_copy_goes) {
  run_blocking([&]() -> Task<> {
    for (int round = 0; round < 5; ++round) {
      const Database database(options());
      const Database copy = database;
      co_await copy.run("select 1");
      Transaction transaction = co_await copy.begin();
      co_await transaction.run("select 1");
    }
    co_await test::until([&] {
      return server().query("select count(*) from pg_stat_activity where application_name = 'bailey' and datname = '" +
                            name() + "'") == "0";
    });
    std::optional<Transaction> orphan;
    {
      const Database gone(options());
      orphan = co_await gone.begin();
    }
    co_await sleep_for(std::chrono::milliseconds(5));
    const Rows rows = co_await orphan->run("select 5");
    EXPECT_EQ(rows.get<int>(0, 0), 5);
    co_await orphan->commit();
  });
}

TEST(Database, refuses_a_mangled_connection_string_without_quoting_it) {
  Options options;
  options.connection_string = Secret("host=x canary-secret");
  try {
    const Database database(std::move(options));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "invalid_connection_string");
    EXPECT_EQ(error.message().find("canary"), std::string::npos);
  }
}

}  // namespace
}  // namespace bailey::pg
