#pragma once

#include <bailey/pg/database.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/sleep.hpp>

#include "tests/support/postgres_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

namespace bailey::pg::test {

using bailey::test::PostgresServer;

// A database of its own for each test, with Supabase's roles, on the program's server.
class DatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    name_ = server().create_database();
    server().create_supabase_roles(name_);
  }
  [[nodiscard]] static PostgresServer& server() { return PostgresServer::shared(); }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] Options options(std::string_view user = "authenticator") const {
    Options options;
    options.connection_string = Secret(server().connection_string(user, name_));
    return options;
  }

 private:
  std::string name_;
};

// The code of the error a task ends with; "" for none, "cancelled" for a cancellation.
template <class T>
Task<std::string> code_of(Task<T> task) {
  std::string code;
  try {
    if constexpr (std::is_void_v<T>)
      co_await std::move(task);
    else
      static_cast<void>(co_await std::move(task));
  } catch (const Error& error) {
    code = error.code();
  } catch (const boost::system::system_error& error) {
    code = error.code() == boost::asio::error::operation_aborted ? "cancelled" : "system";
  }
  co_return code;
}

// Runs body(0) … body(count - 1) at once on the current loop and waits for all.
template <class Body>
Task<> all(int count, Body& body) {
  int left = count;
  std::exception_ptr first;
  Loop& loop = Loop::current();
  boost::asio::steady_timer done(loop.io(), std::chrono::steady_clock::time_point::max());
  for (int index = 0; index < count; ++index) {
    boost::asio::co_spawn(loop.executor(), body(index), [&](std::exception_ptr error) {
      if (error && !first) first = error;
      if (--left == 0) done.cancel();
    });
  }
  boost::system::error_code ignored;
  if (left > 0) co_await done.async_wait(boost::asio::redirect_error(use_task, ignored));
  if (first) std::rethrow_exception(first);
}

// Lets the loop run until something is so; throws after a generous while.
template <class Condition>
Task<> until(Condition condition) {
  for (int turn = 0; turn < 10'000; ++turn) {
    if (condition()) co_return;
    co_await sleep_for(std::chrono::milliseconds(2));
  }
  throw Error("test_timeout", "what a test waits for does not happen");
}

template <class Body>
void run_many(int count, Body body) {
  run_blocking([&]() -> Task<> { co_await all(count, body); });
}

// How many clients the database has once those that are leaving have left.
inline int backends_after_a_while(PostgresServer& server, const std::string& database) {
  int backends = -1;
  for (int attempt = 0; attempt < 200 && backends != 0; ++attempt) {
    backends = std::stoi(server.query("select count(*) from pg_stat_activity where datname = '" + database +
                                      "' and pid <> pg_backend_pid()"));
    if (backends != 0) std::this_thread::yield();
  }
  return backends;
}

}  // namespace bailey::pg::test
