#include <bailey/pg/database.hpp>

#include "pg/database_fixture.hpp"

#include <gtest/gtest.h>

namespace bailey::pg {
namespace {

using test::code_of;

class PlanCache : public test::DatabaseTest {
 protected:
  [[nodiscard]] Options single(std::size_t limit = 256) const {
    Options options = this->options();
    options.connections_per_loop = 1;
    options.statement_cache_limit = limit;
    return options;
  }
};

TEST_F(PlanCache, prepares_a_statement_once_for_each_role) {
  const Database database(single());
  run_blocking([&]() -> Task<> {
    for (int round = 0; round < 10; ++round)
      for (const char* role : {"anon", "authenticated"}) {
        RunOptions as;
        as.scope = RlsScope{.role = role, .claims = "{}"};
        co_await database.run("select 1", as);
      }
    const Rows rows = co_await database.run("select count(*) from pg_prepared_statements where statement = 'select 1'");
    EXPECT_EQ(rows.get<int>(0, 0), 2);
  });
  EXPECT_EQ(database.stats().prepared, 4U);  // and who is acting, and the count
}

TEST_F(PlanCache, deallocates_what_it_evicts) {
  const Database database(single(8));
  run_blocking([&]() -> Task<> {
    for (int round = 0; round < 300; ++round) {
      const Rows rows = co_await database.run(Statement("select " + std::to_string(round % 50)));
      EXPECT_EQ(rows.get<int>(0, 0), round % 50);
    }
    const Rows kept = co_await database.run("select count(*) from pg_prepared_statements");
    EXPECT_LE(kept.get<int>(0, 0), 10);
  });
  EXPECT_EQ(database.stats().failed, 0U);
}

TEST_F(PlanCache, churns_under_load_without_an_error) {
  const Database database(single(4));
  test::run_many(40, [&](int task) -> Task<> {
    for (int round = 0; round < 50; ++round) {
      const int wanted = (task + round) % 13;
      const Rows rows = co_await database.run(Statement("select " + std::to_string(wanted) + " + $1::int", {1}));
      EXPECT_EQ(rows.get<int>(0, 0), wanted + 1);
    }
  });
  EXPECT_EQ(database.stats().failed, 0U);
}

TEST_F(PlanCache, follows_a_table_that_changes_its_shape) {
  const Database database(single());
  server().execute("create table shape (n int); insert into shape values (1); grant all on shape to authenticator",
                   name());
  run_blocking([&]() -> Task<> {
    co_await database.run("select * from shape");
    for (int round = 0; round < 5; ++round) {
      server().execute("alter table shape add column c" + std::to_string(round) + " int", name());
      const Rows rows = co_await database.run("select * from shape");
      EXPECT_EQ(rows.columns(), static_cast<std::size_t>(2 + round));
    }
  });
  EXPECT_EQ(database.stats().retried, 3U);  // sent again without a name, prepared anew the next time
  EXPECT_EQ(database.stats().failed, 0U);
}

TEST_F(PlanCache, reads_values_as_of_the_type_that_a_column_has_now) {
  struct Change {
    const char *before, *value, *change, *new_value;
  };
  const Change changes[] = {
      {"n int", "7", "alter table typed alter column n type bigint", "3000000000"},
      {"n int", "7", "alter table typed alter column n type text", "seven"},
      {"n date", "2024-01-01", "alter table typed alter column n type text", "yesterday, or so"},
      {"n int", "7", "drop table typed; create table typed (n uuid); grant all on typed to authenticator",
       "a11ce000-0000-4000-8000-000000000001"},
  };
  for (const Change& each : changes) {
    server().execute(std::string("drop table if exists typed; create table typed (") + each.before +
                         "); grant all on typed to authenticator",
                     name());
    const Database database(single());
    run_blocking([&]() -> Task<> {
      const std::string sql = "select n from typed where n = $1";
      co_await database.run(Statement(sql, {each.value}));
      server().execute(each.change, name());
      server().execute(std::string("insert into typed values ('") + each.new_value + "')", name());
      for (int round = 0; round < 3; ++round) {
        const Rows rows = co_await database.run(Statement(sql, {each.new_value}));
        EXPECT_EQ(rows.size(), 1U) << each.change;
      }
    });
    EXPECT_EQ(database.stats().failed, 0U);
    EXPECT_EQ(database.stats().retried, 1U) << each.change;  // then all is prepared anew
  }
}

TEST_F(PlanCache, forgets_what_was_prepared_before_a_change_of_its_own_and_when_it_is_told_of_one) {
  const Database database(single());
  server().execute(
      "create table zoned (at timestamp); insert into zoned values ('2024-01-01T12:00:00Z'); "
      "alter table zoned owner to authenticator; set timezone to utc",
      name());
  const Statement ask("select at from zoned where at = $1", {"2024-01-01T14:00:00+02:00"});
  const auto type_to = [](const char* type) {
    return std::string("alter table zoned alter column at type ") + type + " using at at time zone 'utc'";
  };
  run_blocking([&]() -> Task<> {
    EXPECT_EQ((co_await database.run(ask)).size(), 0U);
    co_await database.run(Statement(type_to("timestamptz")));
    EXPECT_EQ((co_await database.run(ask)).size(), 1U);
    co_await database.script(type_to("timestamp"));
    EXPECT_EQ((co_await database.run(ask)).size(), 0U);
    co_await database.transaction(
        [&](Transaction& transaction) -> Task<> { co_await transaction.run(Statement(type_to("timestamptz"))); });
    EXPECT_EQ((co_await database.run(ask)).size(), 1U);
    server().execute(type_to("timestamp"), name());
    database.forget_statements();
    EXPECT_EQ((co_await database.run(ask)).size(), 0U);
  });
}

TEST_F(PlanCache, keeps_its_statements_when_it_is_sent_values_that_are_none) {
  const Database database(single());
  run_blocking([&]() -> Task<> {
    co_await database.run(Statement("select 1 where 1 = $1", {1}));
    for (int round = 0; round < 5; ++round) {
      EXPECT_EQ(co_await code_of(database.run(Statement("select 1 where 1 = $1", {"one"}))), "22P02");
      EXPECT_EQ(co_await code_of(database.run(Statement("select 1 where 1 = $1", {"3000000000"}))), "22003");
    }
  });
  EXPECT_EQ(database.stats().prepared, 2U);  // who is acting, and this
  EXPECT_EQ(database.stats().failed, 10U);
}

TEST_F(PlanCache, a_transaction_prepares_anew_what_may_have_failed_because_of_a_changed_type) {
  const Database database(single());
  server().execute("create table keyed (n int); grant all on keyed to authenticator", name());
  run_blocking([&]() -> Task<> {
    const auto ask = [&](const char* value) -> Task<> {
      co_await database.transaction([value](Transaction& transaction) -> Task<> {
        co_await transaction.run(Statement("select n from keyed where n = $1", {value}));
      });
    };
    co_await ask("7");
    server().execute("alter table keyed alter column n type text", name());
    EXPECT_EQ(co_await code_of(ask("seven")), "22P02");  // it cannot be told from a value that is none
    EXPECT_EQ(co_await code_of(ask("seven")), "");
  });
}

TEST_F(PlanCache, recovers_when_the_server_has_forgotten_its_statements) {
  const Database database(single());
  run_blocking([&]() -> Task<> {
    co_await database.run("select 1");
    co_await database.run("select 2");
    // As a pooler that hands out another connection: what was prepared is not there.
    server().execute(
        "create function forget() returns void language plpgsql as $$ begin execute 'deallocate all'; end $$", name());
    co_await database.run("select forget()");
    EXPECT_EQ(co_await code_of(database.run("select 1")), "");
    EXPECT_EQ(co_await code_of(database.run("select 2")), "");
  });
  EXPECT_EQ(database.stats().failed, 0U);
  EXPECT_GE(database.stats().retried, 1U);
}

TEST_F(PlanCache, tells_every_one_of_many_the_true_error_of_a_statement_that_cannot_be_prepared) {
  const Database database(single());
  test::run_many(20, [&](int task) -> Task<> {
    const std::string sql = task % 2 == 0 ? "select * from missing" : "select 1";
    EXPECT_EQ(co_await code_of(database.run(Statement(sql))), task % 2 == 0 ? "42P01" : "");
  });
}

TEST_F(PlanCache, stays_off_when_told_so) {
  Options plain = single();
  plain.named_statements = false;
  const Database database(std::move(plain));
  run_blocking([&]() -> Task<> {
    co_await database.run("select 1");
    const Rows rows = co_await database.run("select count(*) from pg_prepared_statements");
    EXPECT_EQ(rows.get<int>(0, 0), 0);
  });
  EXPECT_EQ(database.stats().prepared, 0U);
}

}  // namespace
}  // namespace bailey::pg
