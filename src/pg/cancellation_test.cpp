#include <bailey/pg/database.hpp>

#include "pg/database_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <gtest/gtest.h>

namespace bailey::pg {
namespace {

using test::code_of;
using test::until;

class Cancellation : public test::DatabaseTest {
 protected:
  [[nodiscard]] bool is_running(const std::string& part) const {
    return server().query(
               "select count(*) from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and "
               "datname = '" +
               name() + "' and query like '%" + part + "%'") != "0";
  }
};

// A task that can be cancelled, and what became of it.
struct Started {
  boost::asio::cancellation_signal cancel;
  std::optional<std::string> code;

  void start(Task<std::string> task) {
    boost::asio::co_spawn(Loop::current().executor(), std::move(task),
                          boost::asio::bind_cancellation_slot(
                              cancel.slot(), [this](std::exception_ptr, std::string how) { code = std::move(how); }));
  }
};

TEST_F(Cancellation, of_a_running_statement_frees_the_task_at_once_and_the_server_soon) {
  Options one = options();
  one.connections_per_loop = 1;
  const Database database(std::move(one));
  run_blocking([&]() -> Task<> {
    Started slow;
    slow.start(code_of(database.run("select pg_sleep(60)")));
    co_await until([&] { return is_running("pg_sleep(60)"); });
    slow.cancel.emit(boost::asio::cancellation_type::terminal);
    co_await until([&] { return slow.code.has_value(); });
    EXPECT_EQ(slow.code, "cancelled");
    const Rows rows = co_await database.run("select 7");  // on the same connection, behind the cancelled one
    EXPECT_EQ(rows.get<int>(0, 0), 7);
    EXPECT_FALSE(is_running("pg_sleep(60)"));
  });
  EXPECT_EQ(database.stats().connects, 1U);
  EXPECT_GE(database.stats().cancelled, 1U);
}

TEST_F(Cancellation, of_a_queued_group_only_removes_it) {
  Options narrow = options();
  narrow.connections_per_loop = 1;
  narrow.in_flight_limit = 1;
  const Database database(std::move(narrow));
  server().execute("create table touched (n int); grant all on touched to authenticator", name());
  run_blocking([&]() -> Task<> {
    Started slow;
    Started queued;
    slow.start(code_of(database.run("select pg_sleep(0.2)")));
    queued.start(code_of(database.run("insert into touched values (1)")));
    co_await until([&] { return database.stats().queued == 1; });
    queued.cancel.emit(boost::asio::cancellation_type::terminal);
    co_await until([&] { return queued.code.has_value(); });
    EXPECT_EQ(queued.code, "cancelled");
    EXPECT_EQ(database.stats().queued, 0U);
    co_await until([&] { return slow.code.has_value(); });
    EXPECT_EQ(slow.code, "");
  });
  EXPECT_EQ(database.stats().cancelled, 0U);
  EXPECT_EQ(server().query("select count(*) from touched", name()), "0");
}

TEST_F(Cancellation, never_strikes_the_neighbours_on_the_connection) {
  Options one = options();
  one.connections_per_loop = 1;
  const Database database(std::move(one));
  run_blocking([&]() -> Task<> {
    Started seed;  // connect first
    co_await database.run("select 1");
    constexpr int rounds = 60;
    for (int round = 0; round < rounds; ++round) {
      std::vector<std::unique_ptr<Started>> tasks;
      for (int task = 0; task < 12; ++task) {
        tasks.push_back(std::make_unique<Started>());
        tasks.back()->start(
            code_of(database.run(Statement("select pg_sleep($1::float8)", {task % 3 == 0 ? "0.01" : "0.001"}))));
      }
      co_await sleep_for(std::chrono::milliseconds(round % 5));
      for (std::size_t task = 0; task < tasks.size(); task += 3)
        tasks[task]->cancel.emit(boost::asio::cancellation_type::terminal);
      co_await until(
          [&] { return std::ranges::all_of(tasks, [](const auto& each) { return each->code.has_value(); }); });
      for (std::size_t task = 0; task < tasks.size(); ++task)
        EXPECT_TRUE(tasks[task]->code == "" || (task % 3 == 0 && tasks[task]->code == "cancelled"))
            << task << " ended with " << *tasks[task]->code;
    }
  });
  EXPECT_EQ(database.stats().connects, 1U);
  EXPECT_EQ(database.stats().in_flight, 0U);
}

TEST_F(Cancellation, inside_a_transaction_rolls_it_back_and_frees_the_connection) {
  Options few = options();
  few.transaction_connections_per_loop = 1;
  const Database database(std::move(few));
  server().execute("create table touched (n int); grant all on touched to authenticator", name());
  run_blocking([&]() -> Task<> {
    const auto body = [](Transaction& transaction) -> Task<> {
      co_await transaction.run("insert into touched values (1)");
      co_await transaction.run("select pg_sleep(61)");
    };
    Started slow;
    slow.start(code_of(database.transaction(body)));
    co_await until([&] { return is_running("pg_sleep(61)"); });
    slow.cancel.emit(boost::asio::cancellation_type::terminal);
    co_await until([&] { return slow.code.has_value(); });
    EXPECT_EQ(slow.code, "cancelled");
    co_await database.transaction([](Transaction& transaction) -> Task<> {
      const Rows rows = co_await transaction.run("select count(*) from touched");
      EXPECT_EQ(rows.get<int>(0, 0), 0);
    });
  });
  EXPECT_EQ(database.stats().connects, 1U);
}

TEST_F(Cancellation, by_statement_timeout_is_the_servers_error_and_lasts_for_its_group) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    RunOptions hurried;
    hurried.timeout = std::chrono::milliseconds(50);
    EXPECT_EQ(co_await code_of(database.run("select pg_sleep(5)", hurried)), "57014");
    const Rows rows = co_await database.run("show statement_timeout");
    EXPECT_EQ(rows.get<std::string>(0, 0), "0");
  });
}

TEST_F(Cancellation, of_everything_at_once_leaves_nothing_behind) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    std::vector<std::unique_ptr<Started>> tasks;
    for (int task = 0; task < 100; ++task) {
      tasks.push_back(std::make_unique<Started>());
      tasks.back()->start(code_of(database.run("select pg_sleep(0.002)")));
    }
    for (const auto& task : tasks) task->cancel.emit(boost::asio::cancellation_type::terminal);
    co_await until([&] { return std::ranges::all_of(tasks, [](const auto& each) { return each->code.has_value(); }); });
    for (const auto& task : tasks) EXPECT_EQ(task->code, "cancelled");
    co_await until([&] { return database.stats().in_flight == 0; });
  });
  EXPECT_EQ(test::backends_after_a_while(server(), name()), 0);
}

}  // namespace
}  // namespace bailey::pg
