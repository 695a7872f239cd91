#include <bailey/pg/scoped_database.hpp>

#include "pg/database_fixture.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <type_traits>

namespace bailey::pg {
namespace {

using test::code_of;

constexpr const char* alice = "a11ce000-0000-4000-8000-000000000001";
constexpr const char* bob = "b0b00000-0000-4000-8000-000000000002";

class ScopedDatabaseTest : public test::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    server().execute(
        "create table notes (id int generated always as identity, user_id uuid not null default auth.uid(), text text);"
        "alter table notes enable row level security;"
        "create policy own on notes using (user_id = auth.uid()) with check (user_id = auth.uid());"
        "grant select, insert on notes to authenticated;"
        "insert into notes (user_id, text) select u::uuid, 'n' || n from generate_series(1, 20) n,"
        "  unnest(array['" +
            std::string(alice) + "','" + bob + "']) u",
        name());
  }
  [[nodiscard]] static RlsScope scope_of(const std::string& user) {
    return {.role = "authenticated", .claims = R"({"sub":")" + user + R"(","role":"authenticated"})", .settings = {}};
  }
  // Nothing but the user's own, or the test fails.
  static Task<> look(const Rows& rows, const std::string& user) {
    EXPECT_EQ(rows.size(), 20U);
    for (std::size_t row = 0; row < rows.size(); ++row) EXPECT_EQ(rows.get<std::string>(row, 0), user);
    co_return;
  }
};

static_assert(!std::is_convertible_v<ScopedDatabase, Database>);
static_assert(!std::is_constructible_v<ScopedDatabase, Database, RlsScope>);
static_assert(!std::is_default_constructible_v<ScopedDatabase>);

// On few connections, so that everybody's statements follow everybody else's, with a suspension between any two.
TEST_F(ScopedDatabaseTest, shows_interleaved_users_not_one_row_of_anothers) {
  Options few = options();
  few.connections_per_loop = 1;
  few.transaction_connections_per_loop = 2;
  const Database database(std::move(few));
  const ScopedDatabase users[] = {database.as(scope_of(alice)), database.as(scope_of(bob))};
  run_blocking([&]() -> Task<> {
    auto work = [&](int task) -> Task<> {
      const ScopedDatabase mine = users[task % 2];
      const std::string me = task % 2 == 0 ? alice : bob;
      for (int round = 0; round < 5; ++round) {
        co_await look(co_await mine.run("select user_id from notes"), me);
        co_await sleep_for(std::chrono::milliseconds(task % 3));
        for (const Rows& rows : co_await mine.run_group({"select user_id from notes", "select user_id from notes"}))
          co_await look(rows, me);
        const auto body = [&](Transaction& transaction) -> Task<> {
          co_await look(co_await transaction.run("select user_id from notes"), me);
          co_await sleep_for(std::chrono::milliseconds(task % 2));
          co_await look(co_await transaction.run("select user_id from notes"), me);
        };
        co_await mine.transaction(body);
        if (task % 5 == 0) {  // the connection's own user in between: it may not read at all
          EXPECT_EQ(co_await code_of(database.run("select user_id from notes")), "42501");
        }
      }
    };
    co_await test::all(20, work);
  });
}

// What hides the table from who comes next on the connection, however it was made there.
TEST_F(ScopedDatabaseTest, leaves_nothing_temporary_to_who_comes_next) {
  server().execute(
      "create function make_temporary() returns void language plpgsql as $$ begin"
      "  execute 'create temporary table notes as select * from public.notes'; grant all on notes to public; end $$",
      name());
  Options few = options();
  few.connections_per_loop = 1;
  few.transaction_connections_per_loop = 1;
  const Database database(std::move(few));
  const ScopedDatabase hers = database.as(scope_of(alice));
  const ScopedDatabase his = database.as(scope_of(bob));
  const auto look_for = [&]() -> Task<> {
    co_await look(co_await his.run("select user_id from notes"), bob);
    const auto body = [&](Transaction& transaction) -> Task<> {
      co_await look(co_await transaction.run("select user_id from notes"), bob);
    };
    co_await his.transaction(body);
    EXPECT_EQ(co_await code_of(database.run("select user_id from notes")), "42501");
  };
  for (const std::string sql :
       {"create temporary table notes as select * from public.notes",
        "create temporary view notes as select * from public.notes", "select * into temporary notes from public.notes",
        "select make_temporary()", "explain analyze create temporary table notes as select * from public.notes",
        "do $$ begin perform make_temporary(); end $$"}) {
    SCOPED_TRACE(sql);
    run_blocking([&]() -> Task<> {
      auto work = [&](int task) -> Task<> {  // at once, so that one is sent behind the other
        if (task == 0)
          co_await hers.run(sql);
        else
          co_await look_for();
      };
      co_await test::all(4, work);
      co_await look_for();
      const auto body = [&](Transaction& transaction) -> Task<> {
        co_await transaction.run(sql);
        co_await transaction.run("grant all on notes to public");
      };
      co_await hers.transaction(body);
      co_await test::all(4, work);
      co_await look_for();
    });
  }
}

TEST_F(ScopedDatabaseTest, leaves_nothing_temporary_to_a_script) {
  Options one = options("postgres");
  one.transaction_connections_per_loop = 1;
  const Database database(std::move(one));
  run_blocking([&]() -> Task<> {
    const auto body = [](Transaction& transaction) -> Task<> {
      co_await transaction.run("create temporary table notes as select * from public.notes");
    };
    co_await database.as(scope_of(alice)).transaction(body);
    co_await database.script("delete from notes");
  });
  EXPECT_EQ(server().query("select count(*) from notes", name()), "0");
}

TEST_F(ScopedDatabaseTest, keeps_its_connection_when_what_is_temporary_ends_with_its_transaction) {
  Options one = options();
  one.connections_per_loop = 1;
  one.transaction_connections_per_loop = 1;
  const Database database(std::move(one));
  const ScopedDatabase mine = database.as(scope_of(alice));
  run_blocking([&]() -> Task<> {
    std::set<int> sessions;
    for (int round = 0; round < 3; ++round) {
      const auto body = [&](Transaction& transaction) -> Task<> {
        co_await transaction.run("create temporary table mine on commit drop as select * from notes");
        sessions.insert((co_await transaction.run("select pg_backend_pid() from mine limit 1")).get<int>(0, 0));
      };
      co_await mine.transaction(body);
    }
    EXPECT_EQ(sessions.size(), 1U);
  });
}

TEST_F(ScopedDatabaseTest, writes_as_its_user_and_for_nobody_else) {
  const Database database(options());
  const ScopedDatabase mine = database.as(scope_of(alice));
  run_blocking([&]() -> Task<> {
    const Rows made = co_await mine.run("insert into notes (text) values ('new') returning user_id");
    EXPECT_EQ(made.get<std::string>(0, 0), alice);
    EXPECT_EQ(co_await code_of(mine.run({"insert into notes (user_id, text) values ($1, 'x')", {bob}})), "42501");
    EXPECT_EQ(co_await code_of(mine.run("insert into notes (text) values ('x')", {.read_only = true})), "25006");
    EXPECT_EQ(co_await code_of(mine.run("select pg_sleep(5)", {.timeout = std::chrono::milliseconds(50)})), "57014");
    Transaction transaction = co_await mine.begin({.isolation = Isolation::serializable});
    EXPECT_EQ((co_await transaction.run("show transaction_isolation")).get<std::string>(0, 0), "serializable");
    co_await transaction.commit();
  });
}

TEST_F(ScopedDatabaseTest, does_not_let_a_transaction_change_who_is_acting) {
  const Database database(options());
  const ScopedDatabase mine = database.as(scope_of(alice));
  run_blocking([&]() -> Task<> {
    for (const char* sql :
         {"set local role service_role", "set local role to none", "set local \"role\" to service_role",
          "set local session authorization default", "set local request.jwt.claims to '{}'",
          "set local request . jwt . claims to '{}'", "set role service_role", "reset role", "commit"}) {
      Transaction transaction = co_await mine.begin();
      EXPECT_EQ(co_await code_of(transaction.run(Statement(sql))), "statement_not_allowed") << sql;
      co_await look(co_await transaction.run("select user_id from notes"), alice);
    }
    Transaction transaction = co_await mine.begin();
    EXPECT_EQ(co_await code_of(transaction.run("set local statement_timeout = '5s'")), "");
    EXPECT_EQ(co_await code_of(transaction.run("savepoint here")), "");
    EXPECT_EQ(co_await code_of(transaction.run("select no_such_column")), "42703");
    EXPECT_EQ(co_await code_of(transaction.run("rollback to savepoint here")), "");
    co_await look(co_await transaction.run("select user_id from notes"), alice);
  });
}

TEST_F(ScopedDatabaseTest, is_refused_at_once_for_a_role_or_a_setting_that_is_not_allowed) {
  const Database database(options());
  const auto code = [&](RlsScope scope) {
    try {
      static_cast<void>(database.as(std::move(scope)));
    } catch (const Error& error) {
      return error.code();
    }
    return std::string();
  };
  EXPECT_EQ(code({.role = "postgres", .claims = {}, .settings = {}}), "role_not_allowed");
  EXPECT_EQ(code({.role = "none", .claims = {}, .settings = {}}), "role_not_allowed");
  EXPECT_EQ(code({.role = "anon", .claims = {}, .settings = {{"role", "postgres"}}}), "setting_not_allowed");
  EXPECT_EQ(code({.role = "anon", .claims = {}, .settings = {{"search_path", "public"}}}), "");
}

}  // namespace
}  // namespace bailey::pg
