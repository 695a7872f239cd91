// The server goes, in every way it can, while work is under way: nothing crashes, nothing hangs, all gets an answer.
#include <bailey/base/log.hpp>
#include <bailey/pg/database.hpp>

#include "pg/database_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace bailey::pg {
namespace {

using test::code_of;
using test::until;

Options options_for(const test::PostgresServer& server) {
  Options options;
  options.connection_string = Secret(server.connection_string());
  options.backoff_first = std::chrono::milliseconds(50);
  options.backoff_limit = std::chrono::milliseconds(200);
  return options;
}

TEST(Faults, a_server_that_is_not_there_is_told_at_once_and_found_when_it_comes) {
  test::PostgresServer server;
  server.stop();
  const Database database(options_for(server));
  run_blocking([&]() -> Task<> {
    EXPECT_EQ(co_await code_of(database.run("select 1")), "database_unavailable");
    EXPECT_EQ(co_await code_of(database.begin()), "database_unavailable");
    EXPECT_EQ(co_await code_of(database.script("select 1")), "database_unavailable");
    server.start();
    co_await until([&] { return database.stats().connections > 0; });
    EXPECT_EQ(co_await code_of(database.run("select 1")), "");
    EXPECT_EQ(co_await code_of(database.script("select 1")), "");
  });
}

TEST(Faults, of_connecting_say_why_in_the_log_once_and_at_once) {
  test::PostgresServer server;
  const std::string good = server.connection_string();
  // A later value of a connection string's key takes the place of an earlier one.
  const struct {
    std::string connection_string, reason;
  } cases[] = {{good + " user=nobody_at_all", "role \\\"nobody_at_all\\\" does not exist"},
               {good + " dbname=nothing_at_all", "database \\\"nothing_at_all\\\" does not exist"},
               {good + " host=127.0.0.1 port=1", "connection refused"},
               {good + " host=/nowhere/at/all", "no such socket"}};
  for (const auto& [connection_string, reason] : cases) {
    std::vector<std::string> lines;
    log::set_sink([&](log::Level level, std::string_view line) {
      if (level == log::Level::warning) lines.emplace_back(line);
    });
    Options options = options_for(server);
    options.connection_string = Secret(connection_string);
    const Database database(std::move(options));
    run_blocking([&]() -> Task<> {
      EXPECT_EQ(co_await code_of(database.run("select 1")), "database_unavailable");
      co_await until([&] { return database.stats().connect_failures > 3; });
    });
    log::set_sink({});
    EXPECT_EQ(lines.size(), 1U) << reason;
    EXPECT_TRUE(!lines.empty() && lines.front().contains(reason)) << (lines.empty() ? "" : lines.front());
  }
}

TEST(Faults, a_restart_under_load_fails_what_is_under_way_and_nothing_else) {
  test::PostgresServer server;
  const Database database(options_for(server));
  std::map<std::string, int> codes;
  bool over = false;
  run_blocking([&]() -> Task<> {
    int served_after = 0;
    auto work = [&](int task) -> Task<> {
      if (task == 0) {
        co_await until([&] { return codes[""] > 500; });
        server.kill();
        co_await until([&] { return codes["database_unavailable"] > 50; });
        server.start();
        co_await until([&] { return database.stats().connections > 0; });
        const int before = codes[""];
        co_await until([&] { return codes[""] > before + 500; });
        server.restart();
        const int between = codes[""];
        co_await until([&] { return codes[""] > between + 500; });
        served_after = codes[""] - between;
        over = true;
        co_return;
      }
      while (!over) {
        const std::string code = co_await code_of(database.run(Statement("select $1::int", {task})));
        ++codes[code];
        if (!code.empty()) co_await sleep_for(std::chrono::milliseconds(1));
      }
    };
    co_await test::all(40, work);
    EXPECT_GT(served_after, 500);
  });
  for (const auto& [code, count] : codes)
    EXPECT_TRUE(code.empty() || code == "database_unavailable" || code == "database_connection_lost") << code << count;
  EXPECT_GT(codes["database_connection_lost"], 0);
  EXPECT_EQ(database.stats().in_flight, 0U);
  EXPECT_EQ(database.stats().queued, 0U);
  EXPECT_EQ(test::backends_after_a_while(server, "postgres"), 0);
}

TEST(Faults, a_backend_that_is_killed_or_terminated_costs_what_was_on_it) {
  test::PostgresServer server;
  const Database database(options_for(server));
  run_blocking([&]() -> Task<> {
    const std::string terminate = "select pg_terminate_backend(pg_backend_pid())";
    EXPECT_EQ(co_await code_of(database.run(Statement(terminate))), "database_connection_lost");
    EXPECT_EQ(co_await code_of(database.run("select 1")), "");
    // From outside while idle: noticed by itself, nobody sees an error.
    server.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null");
    co_await until([&] { return database.stats().connections == 0; });
    EXPECT_EQ(co_await code_of(database.run("select 1")), "");
    // In the middle of a transaction.
    Transaction transaction = co_await database.begin();
    EXPECT_EQ(co_await code_of(transaction.run(Statement(terminate))), "database_connection_lost");
    EXPECT_EQ(co_await code_of(transaction.run("select 1")), "database_connection_lost");
    EXPECT_EQ(co_await code_of(transaction.commit()), "database_connection_lost");
    EXPECT_EQ(co_await code_of(database.script(terminate)), "database_connection_lost");
    EXPECT_EQ(co_await code_of(database.run("select 1")), "");
  });
}

TEST(Faults, a_full_queue_and_a_long_wait_are_refused) {
  Options narrow = options_for(test::PostgresServer::shared());
  narrow.connections_per_loop = 1;
  narrow.in_flight_limit = 1;
  narrow.queue_limit = 5;
  narrow.acquire_timeout = std::chrono::milliseconds(200);
  const Database database(std::move(narrow));
  std::map<std::string, int> codes;
  test::run_many(20, [&](int) -> Task<> { ++codes[co_await code_of(database.run("select pg_sleep(1)"))]; });
  EXPECT_EQ(codes["database_overloaded"], 15);
  EXPECT_GE(codes["database_timeout"], 4);
  EXPECT_EQ(codes["database_overloaded"] + codes["database_timeout"] + codes[""], 20);
  EXPECT_EQ(database.stats().overloaded, 15U);
}

TEST(Faults, a_server_that_stops_answering_is_given_up) {
  test::PostgresServer server;
  Options impatient = options_for(server);
  impatient.cancel_timeout = std::chrono::milliseconds(100);
  impatient.connect_timeout = std::chrono::milliseconds(300);
  const Database database(std::move(impatient));
  run_blocking([&]() -> Task<> {
    co_await database.run("select 1");
    const pid_t backend =
        std::stoi(server.query("select pid from pg_stat_activity where pid <> pg_backend_pid() and datname is not null "
                               "and application_name = 'bailey'"));
    ::kill(backend, SIGSTOP);
    RunOptions hurried;
    hurried.timeout = std::chrono::milliseconds(100);
    EXPECT_EQ(co_await code_of(database.run("select 1", hurried)), "database_timeout");
    EXPECT_EQ(co_await code_of(database.run("select 1", hurried)), "");
    ::kill(backend, SIGCONT);
    ::kill(server.pid(), SIGSTOP);  // accepts by the kernel only
    const Database other(options_for(server));
    Options quick = options_for(server);
    quick.connect_timeout = std::chrono::milliseconds(300);
    const Database stalled(std::move(quick));
    EXPECT_EQ(co_await code_of(stalled.run("select 1")), "database_unavailable");
    ::kill(server.pid(), SIGCONT);
  });
}

TEST(Faults, a_cancellation_that_hangs_ends_the_connection) {
  test::PostgresServer server;
  Options impatient = options_for(server);
  impatient.cancel_timeout = std::chrono::milliseconds(200);
  const Database database(std::move(impatient));
  run_blocking([&]() -> Task<> {
    co_await database.run("select 1");
    boost::asio::cancellation_signal cancel;
    std::optional<std::string> code;
    boost::asio::co_spawn(Loop::current().executor(), code_of(database.run("select pg_sleep(60)")),
                          boost::asio::bind_cancellation_slot(
                              cancel.slot(), [&](std::exception_ptr, std::string how) { code = std::move(how); }));
    co_await test::until([&] { return database.stats().in_flight == 1; });
    ::kill(server.pid(), SIGSTOP);  // who would pass the cancellation on
    cancel.emit(boost::asio::cancellation_type::terminal);
    co_await test::until([&] { return code && database.stats().connections == 0; });
    ::kill(server.pid(), SIGCONT);
    EXPECT_EQ(co_await code_of(database.run("select 2")), "");
  });
}

}  // namespace
}  // namespace bailey::pg
