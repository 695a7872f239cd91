// A start beside clients that hold what it has to write to, the row of a role say. `postgres` may change other roles.
#include <bailey/base/log.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <initializer_list>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "stack/database/lock_holders.hpp"
#include "stack/database/preparation.hpp"
#include "tests/stack/superuser_fixture.hpp"

namespace bailey::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* hold_a_role = "begin; alter role authenticator password 'postgres'";

class AStartBesideClients : public TheSuperuser {
 protected:
  void SetUp() override {
    TheSuperuser::SetUp();
    log::set_sink([this](log::Level, std::string_view line) {
      const std::lock_guard lock(mutex_);
      told_ += std::string(line) + "\n";
      lines_.notify_all();
    });
  }
  void TearDown() override { log::set_sink({}); }

  static std::string pid_of(BlockingConnection& connection) {
    return connection.query("select pg_backend_pid()::text").at(0).at(0).value();
  }
  std::string told() {
    const std::lock_guard lock(mutex_);
    return told_;
  }
  bool is_told(const std::string& text) {
    std::unique_lock lock(mutex_);
    return lines_.wait_for(lock, 30s, [&] { return told_.contains(text); });
  }
  static void await_waiting() {
    BlockingConnection connection = superuser("template1");
    const auto limit = std::chrono::steady_clock::now() + 30s;
    while (
        connection.query("select from pg_stat_activity where usesysid = 10 and cardinality(pg_blocking_pids(pid)) > 0")
            .empty()) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit);
      std::this_thread::yield();
    }
  }

  std::mutex mutex_;
  std::condition_variable lines_;
  std::string told_;
};

TEST_F(AStartBesideClients, names_who_holds_what_it_waits_for_and_goes_on_once_they_let_go) {
  BlockingConnection client = login("postgres");
  client.execute(std::string("set application_name = 'an editor'; ") + hold_a_role);
  auto start =
      std::async(std::launch::async, [] { stack::prepare_database(folder_->project, stack::Config(), cluster()); });
  EXPECT_TRUE(is_told("waits_for=\"" + pid_of(client) + " (postgres, an editor)\"")) << told();
  client.execute("rollback");
  EXPECT_NO_THROW(start.get());
}

TEST_F(AStartBesideClients, ends_who_holds_it_up_for_too_long_and_nobody_else) {
  BlockingConnection client = login("postgres"), bystander = login("postgres");
  client.execute(hold_a_role);
  bystander.execute("begin; create table public.bystander ()");
  const std::string pid = pid_of(client);
  auto start = std::async(std::launch::async, [] { stack::bootstrap(cluster()); });
  await_waiting();
  stack::LockHolders holders(cluster(), 30s);
  const auto begin = std::chrono::steady_clock::now();
  for (const auto after : {0s, 29s}) {
    EXPECT_EQ(holders.look(begin + after), pid + " (postgres, bailey)");
    EXPECT_NO_THROW(client.execute("select 1"));
  }
  EXPECT_EQ(holders.look(begin + 30s), pid + " (postgres, bailey)");
  EXPECT_NO_THROW(start.get());
  EXPECT_THROW(client.execute("select 1"), Error);
  EXPECT_NO_THROW(bystander.execute("commit"));
  EXPECT_NE(told().find(pid), std::string::npos) << told();
  EXPECT_EQ(holders.look(begin + 60s), "");
}

TEST_F(AStartBesideClients, ends_who_holds_up_the_making_safe_of_a_copy) {
  superuser("template1").execute("create database kept template made_by_bailey owner postgres");
  login("postgres").execute("alter database kept allow_connections false");
  BlockingConnection client = login("postgres");
  client.execute("begin; alter database kept connection limit 5");
  auto start = std::async(std::launch::async, [] { stack::bootstrap(cluster()); });
  await_waiting();
  const std::string pid = pid_of(client);
  EXPECT_EQ(stack::LockHolders(cluster(), 0s).look(), pid + " (postgres, bailey)");
  EXPECT_NO_THROW(start.get());
  superuser("template1").execute("drop database kept with (force)");
}

// PostgreSQL does not look at a catalog's row again that it has waited for: "tuple concurrently updated".
TEST_F(AStartBesideClients, goes_on_when_who_holds_it_up_commits) {
  BlockingConnection client = login("postgres");
  for (const auto& [sql, start] : std::initializer_list<std::pair<const char*, void (*)(const stack::Cluster&)>>{
           {hold_a_role, stack::bootstrap},
           {"begin; alter role supabase_auth_admin connection limit 3", stack::bootstrap},
           {"begin; alter database postgres connection limit 3", stack::bootstrap},
           {hold_a_role, stack::open_logins}}) {
    client.execute(sql);
    auto started = std::async(std::launch::async, [start] { start(cluster()); });
    await_waiting();
    client.execute("commit");
    EXPECT_NO_THROW(started.get()) << sql;
  }
}

TEST_F(AStartBesideClients, goes_well_while_clients_change_its_roles_all_the_time) {
  std::atomic<bool> ended = false;
  std::vector<std::jthread> clients;
  for (const char* role : {"authenticator", "authenticator", "supabase_auth_admin"}) {
    clients.emplace_back([&ended, role] {
      while (!ended) {
        BlockingConnection client = login("postgres");
        while (!ended) try_to(client, std::string("alter role ") + role + " password 'postgres'");
      }
    });
  }
  for (int i = 0; i < 5; ++i) {
    EXPECT_NO_THROW(stack::bootstrap(cluster()));
    EXPECT_NO_THROW(stack::open_logins(cluster()));
  }
  ended = true;
}

// What the superuser takes from all roles it takes from those that there were when it looked.
TEST_F(AStartBesideClients, goes_well_while_clients_make_and_drop_roles_all_the_time) {
  superuser("template1").execute("create database kept template postgres owner postgres");
  std::atomic<bool> ended = false;
  std::vector<std::jthread> clients;
  for (const char* role : {"passing", "passing_by"}) {
    clients.emplace_back([&ended, role] {
      while (!ended) {
        BlockingConnection client = login("postgres");
        while (!ended) {
          try_to(client, std::string("create role ") + role);
          try_to(client, std::string("drop role ") + role);
          // Else what a slow start has to look through of dropped roles grows faster than it looks.
          std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
      }
    });
  }
  for (int i = 0; i < 6; ++i) EXPECT_NO_THROW(stack::bootstrap(cluster()));
  ended = true;
  clients.clear();
  EXPECT_EQ(
      superuser("template1").query("select datallowconn::text from pg_database where datname = 'kept'").at(0).at(0),
      "true");
  superuser("template1").execute("drop database kept with (force)");
  for (const char* role : {"passing", "passing_by"})
    superuser("postgres").execute(std::string("drop role if exists ") + role);
}

TEST_F(AStartBesideClients, ends_no_session_of_the_superusers) {
  BlockingConnection own = superuser("postgres");
  own.execute(hold_a_role);
  auto start = std::async(std::launch::async, [] { stack::bootstrap(cluster()); });
  await_waiting();
  EXPECT_EQ(stack::LockHolders(cluster(), 0s).look(), pid_of(own) + " (supabase_admin, bailey)");
  EXPECT_NO_THROW(own.execute("rollback"));
  EXPECT_NO_THROW(start.get());
}

}  // namespace
}  // namespace bailey::test
