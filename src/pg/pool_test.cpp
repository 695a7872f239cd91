// Which connection a group is sent on, seen from outside: who waits for whom, and how many connections it takes.
#include <bailey/pg/database.hpp>

#include "pg/database_fixture.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

namespace bailey::pg {
namespace {

using test::code_of;

class PoolTest : public test::DatabaseTest {};

// A task on its way, and how it ended.
struct Running {
  std::optional<std::string> code;

  void start(Task<std::string> task) {
    boost::asio::co_spawn(Loop::current().executor(), std::move(task),
                          [this](std::exception_ptr, std::string how) { code = std::move(how); });
  }
};

template <class Condition>
Task<> until(Condition condition) {
  for (int turn = 0; turn < 20'000 && !condition(); ++turn) co_await sleep_for(std::chrono::milliseconds(1));
  EXPECT_TRUE(condition());
}

bool all_ended(const std::vector<std::unique_ptr<Running>>& tasks) {
  return std::ranges::all_of(tasks, [](const auto& task) { return task->code.has_value(); });
}

TEST_F(PoolTest, statements_that_take_long_delay_no_others) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    for (int round = 0; round < 3; ++round) {  // at first nothing is known of them, then much
      std::vector<std::unique_ptr<Running>> slow(6);
      for (auto& task : slow) {
        task = std::make_unique<Running>();
        task->start(code_of(database.run("select pg_sleep(1)")));
      }
      for (int quick = 0; quick < 20; ++quick) EXPECT_EQ(co_await code_of(database.run("select 1")), "");
      EXPECT_TRUE(std::ranges::none_of(slow, [](const auto& task) { return task->code.has_value(); }));
      co_await until([&] { return all_ended(slow); });
    }
  });
}

// A statement that waits for a busy machine is a slow one, and has more connections opened: so one of some runs counts.
TEST_F(PoolTest, quick_statements_need_few_connections_however_many_there_are) {
  std::uint64_t fewest = 100;
  for (int run = 0; run < 10 && fewest > 4; ++run) {
    const Database database(options());
    run_blocking([&]() -> Task<> {
      for (int first = 0; first < 20; ++first) co_await database.run("select 1");
      for (int round = 0; round < 30; ++round) {
        std::vector<std::unique_ptr<Running>> tasks(8);
        for (auto& task : tasks) {
          task = std::make_unique<Running>();
          task->start(code_of(database.run("select 1")));
        }
        co_await until([&] { return all_ended(tasks); });
      }
    });
    fewest = std::min<std::uint64_t>(fewest, database.stats().connects);
  }
  EXPECT_LE(fewest, 4U);
}

TEST_F(PoolTest, a_connection_that_has_carried_much_is_replaced_once_nobody_needs_it) {
  Options one = options();
  one.connections_per_loop = 1;
  const Database database(std::move(one));
  const std::string large(std::size_t{9} * 1024 * 1024, 'x');
  run_blocking([&]() -> Task<> {
    const auto process = [&]() -> Task<int> {
      const Rows rows = co_await database.run("select pg_backend_pid()");
      co_return rows.get<int>(0, 0);
    };
    int before = co_await process();
    EXPECT_EQ(co_await process(), before);
    for (const Statement& each : {Statement("select repeat('x', 9 << 20)"),    // the answer
                                  Statement("select length($1)", {large})}) {  // the question
      std::vector<std::unique_ptr<Running>> tasks(20);
      for (std::size_t task = 0; task < tasks.size(); ++task) {
        tasks[task] = std::make_unique<Running>();
        tasks[task]->start(code_of(database.run(task == 5 ? each : Statement("select 1"))));
      }
      co_await until([&] { return all_ended(tasks); });
      for (const auto& task : tasks) EXPECT_EQ(task->code, "");
      const int after = co_await process();
      EXPECT_NE(after, before);
      before = after;
    }
    int of_transaction = 0;
    {
      Transaction transaction = co_await database.begin();
      const Rows rows = co_await transaction.run("select pg_backend_pid(), repeat('x', 9 << 20)");
      const Rows same = co_await transaction.run("select pg_backend_pid()");
      of_transaction = rows.get<int>(0, 0);
      EXPECT_EQ(same.get<int>(0, 0), of_transaction);
      co_await transaction.commit();
    }
    Transaction next = co_await database.begin();
    const Rows other = co_await next.run("select pg_backend_pid()");
    EXPECT_NE(other.get<int>(0, 0), of_transaction);
    co_await next.commit();
  });
  EXPECT_EQ(database.stats().failed, 0U);
  EXPECT_EQ(database.stats().in_flight, 0U);
}

TEST_F(PoolTest, connections_that_slow_statements_needed_are_closed_afterwards) {
  Options brief = options();
  brief.idle_timeout = std::chrono::milliseconds(50);
  const Database database(std::move(brief));
  run_blocking([&]() -> Task<> {
    std::vector<std::unique_ptr<Running>> tasks(30);
    for (auto& task : tasks) {
      task = std::make_unique<Running>();
      task->start(code_of(database.run("select pg_sleep(0.1)")));
    }
    co_await until([&] { return database.stats().connections == 8; });
    co_await until([&] { return all_ended(tasks); });
    for (const auto& task : tasks) EXPECT_EQ(task->code, "");
    co_await until([&] { return database.stats().connections == 2; });
    EXPECT_EQ(co_await code_of(database.run("select 1")), "");
  });
}

}  // namespace
}  // namespace bailey::pg
