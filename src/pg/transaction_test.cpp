#include <bailey/pg/database.hpp>

#include "pg/database_fixture.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace bailey::pg {
namespace {

using test::code_of;

class TransactionTest : public test::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    server().execute("create table entry (n int primary key); grant all on entry to anon, authenticator", name());
  }
  [[nodiscard]] std::string entries() const { return server().query("select count(*) from entry", name()); }
};

TEST_F(TransactionTest, commits_and_returns_what_its_body_returns) {
  const Database database(options());
  const int sum = run_blocking([&]() -> Task<int> {
    co_return co_await database.transaction([](Transaction& transaction) -> Task<int> {
      co_await transaction.run({"insert into entry values ($1)", {4}});
      const Rows rows = co_await transaction.run("select sum(n) from entry");
      co_return rows.get<int>(0, 0);
    });
  });
  EXPECT_EQ(sum, 4);
  EXPECT_EQ(entries(), "1");
}

TEST_F(TransactionTest, keeps_its_scope_from_begin_to_commit_and_not_longer) {
  Options few = options();
  few.transaction_connections_per_loop = 1;
  const Database database(std::move(few));
  run_blocking([&]() -> Task<> {
    TransactionOptions as{.scope = RlsScope{.role = "anon", .claims = R"({"sub":"x"})"}};
    const Statement who("select current_user, current_setting('request.jwt.claims', true)");
    Transaction first = co_await database.begin(as);
    for (int round = 0; round < 3; ++round) {
      const Rows rows = co_await first.run(who);
      EXPECT_EQ(rows.get<std::string>(0, 0), "anon");
      EXPECT_EQ(rows.get<std::string>(0, 1), R"({"sub":"x"})");
    }
    co_await first.commit();
    {
      const Transaction gone = std::move(first);
    }
    Transaction second = co_await database.begin();
    const Rows rows = co_await second.run(who);
    EXPECT_EQ(rows.get<std::string>(0, 0), "authenticator");
    EXPECT_EQ(rows.get<std::string>(0, 1), "");
  });
  EXPECT_EQ(database.stats().connects, 1U);
}

TEST_F(TransactionTest, rolls_back_when_its_body_throws) {
  Options few = options();
  few.transaction_connections_per_loop = 1;
  const Database database(std::move(few));
  run_blocking([&]() -> Task<> {
    std::string caught;
    try {
      co_await database.transaction([](Transaction& transaction) -> Task<> {
        co_await transaction.run("insert into entry values (1)");
        throw std::runtime_error("no");
      });
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    EXPECT_EQ(caught, "no");
    // The only connection serves again, clean.
    co_await database.transaction([](Transaction& transaction) -> Task<> {
      const Rows rows = co_await transaction.run("select count(*) from entry");
      EXPECT_EQ(rows.get<int>(0, 0), 0);
    });
  });
  EXPECT_EQ(entries(), "0");
  EXPECT_EQ(database.stats().connects, 1U);
}

TEST_F(TransactionTest, says_so_when_an_error_it_swallowed_has_undone_it) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    const std::string code = co_await code_of(database.transaction([](Transaction& transaction) -> Task<> {
      co_await transaction.run("insert into entry values (1)");
      EXPECT_EQ(co_await code_of(transaction.run("select 1/0")), "22012");
    }));
    EXPECT_EQ(code, "25P02");
    const std::string mended = co_await code_of(database.transaction([](Transaction& transaction) -> Task<> {
      co_await transaction.run("insert into entry values (2)");
      co_await transaction.run("savepoint a");
      EXPECT_EQ(co_await code_of(transaction.run("select 1/0")), "22012");
      co_await transaction.run("rollback to a");
    }));
    EXPECT_EQ(mended, "");
  });
  EXPECT_EQ(entries(), "1");
}

TEST_F(TransactionTest, takes_no_statement_after_a_commit_that_failed) {
  const Database database(options());
  server().execute(
      "create table parent (n int primary key); create table child (n int references parent deferrable "
      "initially deferred); grant all on parent, child to anon",
      name());
  run_blocking([&]() -> Task<> {
    Transaction transaction = co_await database.begin({.scope = RlsScope{.role = "anon", .claims = "{}"}});
    co_await transaction.run("insert into child values (1)");
    EXPECT_EQ(co_await code_of(transaction.commit()), "23503");
    // It would run as the login role, past anon's row-level security.
    EXPECT_EQ(co_await code_of(transaction.run("select current_user")), "transaction_ended");
    EXPECT_EQ(co_await code_of(transaction.commit()), "transaction_ended");
  });
}

TEST_F(TransactionTest, refuses_statements_that_would_end_it_or_outlive_it) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    Transaction transaction = co_await database.begin();
    for (const char* sql : {"commit", "rollback", "begin", "set role anon", "reset all", "prepare transaction 'x'"})
      EXPECT_EQ(co_await code_of(transaction.run(sql)), "statement_not_allowed") << sql;
    EXPECT_EQ(co_await code_of(transaction.run("set local work_mem = '1MB'")), "");
    co_await transaction.commit();
    EXPECT_EQ(co_await code_of(transaction.run("select 1")), "transaction_ended");
  });
}

TEST_F(TransactionTest, isolates_as_asked_and_reads_only_as_asked) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    TransactionOptions strict{.read_only = true, .isolation = Isolation::serializable};
    Transaction transaction = co_await database.begin(strict);
    const Rows rows = co_await transaction.run("show transaction_isolation");
    EXPECT_EQ(rows.get<std::string>(0, 0), "serializable");
    EXPECT_EQ(co_await code_of(transaction.run("insert into entry values (1)")), "25006");
  });
}

TEST_F(TransactionTest, waits_for_a_free_connection_and_no_longer_than_allowed) {
  Options few = options();
  few.transaction_connections_per_loop = 1;
  const Database patient(few);
  few.acquire_timeout = std::chrono::milliseconds(200);
  const Database hurried(few);
  run_blocking([&]() -> Task<> {
    Transaction first = co_await hurried.begin();
    EXPECT_EQ(co_await code_of(hurried.begin()), "database_timeout");
    co_await first.commit();
  });
  test::run_many(20, [&](int task) -> Task<> {
    co_await patient.transaction([task](Transaction& transaction) -> Task<> {
      const Statement insert("insert into entry values ($1)", {task});
      co_await transaction.run(insert);
    });
  });
  EXPECT_EQ(entries(), "20");
}

}  // namespace
}  // namespace bailey::pg
