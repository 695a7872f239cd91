#include "pg/database_fixture.hpp"
#include "tests/support/peak_memory.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bailey::pg {
namespace {

using bailey::test::PeakMemory;
using test::code_of;

constexpr std::size_t limit = std::size_t{4} * 1024 * 1024;

class ResponseLimit : public test::DatabaseTest, public testing::WithParamInterface<bool> {
 protected:
  [[nodiscard]] Options limited() const {
    Options limited = options();
    if (GetParam()) limited.connection_string = Secret(server().tcp_connection_string("authenticator", name()));
    limited.response_limit_bytes = limit;
    limited.connections_per_loop = 1;
    return limited;
  }
};

INSTANTIATE_TEST_SUITE_P(By, ResponseLimit, testing::Bool(),
                         [](const auto& each) { return each.param ? "tcp" : "unix_socket"; });

Statement rows_of(std::size_t bytes, std::size_t row_bytes) {
  return {"select repeat('x', $1) from generate_series(1, $2)", {row_bytes, bytes / row_bytes}};
}

TEST_P(ResponseLimit, refuses_what_is_larger_and_says_what_to_do) {
  const Database database(limited());
  run_blocking([&]() -> Task<> {
    try {
      co_await database.run(rows_of(2 * limit, 1000));
      ADD_FAILURE() << "it was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "response_too_large");
      EXPECT_EQ(error.http_status(), 502);
      EXPECT_FALSE(error.answer().shows_message);
      EXPECT_EQ(error.message(),
                "The database's answer has more than 4194304 bytes (response_limit_bytes). Ask for fewer rows or "
                "columns at a time (limit, range), or raise the limit.");
    }
    const Rows rows = co_await database.run(rows_of(limit * 9 / 10, 1000));
    EXPECT_EQ(rows.size(), limit * 9 / 10 / 1000);
    EXPECT_EQ(co_await code_of(database.run(rows_of(limit + 1000, 1000))), "response_too_large");
  });
  EXPECT_EQ(database.stats().in_flight, 0U);
}

TEST_P(ResponseLimit, keeps_memory_flat_however_many_rows_there_are) {
  const Database database(limited());
  run_blocking([&]() -> Task<> {
    co_await database.run("select 1");
    for (const std::size_t row_bytes : {std::size_t{100}, std::size_t{10'000}, std::size_t{100'000}}) {
      const PeakMemory peak;
      const std::size_t before = PeakMemory::bytes();
      EXPECT_EQ(co_await code_of(database.run(rows_of(50 * limit, row_bytes))), "response_too_large");
      EXPECT_EQ((co_await database.run("select 7")).get<int>(0, 0), 7);
      EXPECT_LT(PeakMemory::bytes() - before, 10 * limit) << row_bytes;
    }
  });
}

TEST_P(ResponseLimit, goes_on_with_the_connection_of_a_statement_that_stops_when_it_is_cancelled) {
  const Database database(limited());
  run_blocking([&]() -> Task<> {
    const Statement slowly("select repeat('x', 100000), pg_sleep(0.001) from generate_series(1, 100000)");
    EXPECT_EQ(co_await code_of(database.run(slowly)), "response_too_large");
    EXPECT_EQ((co_await database.run("select 7")).get<int>(0, 0), 7);
  });
  EXPECT_EQ(database.stats().connects, 1U);
}

TEST_P(ResponseLimit, refuses_a_value_that_is_larger_by_itself) {
  const Database database(limited());
  run_blocking([&]() -> Task<> {
    EXPECT_EQ(co_await code_of(database.run(rows_of(5 * limit, 5 * limit))), "response_too_large");
    EXPECT_EQ((co_await database.run("select 7")).get<int>(0, 0), 7);
  });
}

TEST_P(ResponseLimit, costs_no_neighbour_its_answer) {
  const Database database(limited());
  run_blocking([&]() -> Task<> {
    co_await database.run("select 1");
    int neighbours = 0;
    auto work = [&](int task) -> Task<> {
      if (task % 10 == 0) {
        EXPECT_EQ(co_await code_of(database.run(rows_of(20 * limit, 1000))), "response_too_large");
      } else {
        EXPECT_EQ((co_await database.run({"select $1::int", {task}})).get<int>(0, 0), task);
        ++neighbours;
      }
    };
    co_await test::all(50, work);
    EXPECT_EQ(neighbours, 45);
  });
}

TEST_P(ResponseLimit, ends_a_transaction_without_a_trace_of_it) {
  const Database database(limited());
  server().execute("create table touched (n int); grant all on touched to authenticator", name());
  run_blocking([&]() -> Task<> {
    const auto body = [](Transaction& transaction) -> Task<> {
      co_await transaction.run("insert into touched values (1)");
      co_await transaction.run(rows_of(20 * limit, 1000));
    };
    EXPECT_EQ(co_await code_of(database.transaction(body)), "response_too_large");
    co_await database.transaction([](Transaction& transaction) -> Task<> {
      EXPECT_EQ((co_await transaction.run("select count(*) from touched")).get<int>(0, 0), 0);
    });
  });
}

}  // namespace
}  // namespace bailey::pg
