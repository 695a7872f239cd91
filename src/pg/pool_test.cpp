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

TEST_F(PoolTest, quick_statements_need_few_connections_however_many_there_are) {
  const Database database(options());
  run_blocking([&]() -> Task<> {
    for (int run = 0; run < 20; ++run) co_await database.run("select 1");
    for (int round = 0; round < 10; ++round) {
      std::vector<std::unique_ptr<Running>> tasks(24);
      for (auto& task : tasks) {
        task = std::make_unique<Running>();
        task->start(code_of(database.run("select 1")));
      }
      co_await until([&] { return all_ended(tasks); });
    }
  });
  EXPECT_LE(database.stats().connects, 4U);  // two, but for a machine that was busy elsewhere for a while
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
