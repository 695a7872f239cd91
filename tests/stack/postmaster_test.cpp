#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "stack/database/bootstrap.hpp"
#include "stack/database/server_log.hpp"
#include "stack/project/state_folder.hpp"
#include "tests/stack/live_stack.hpp"
#include "tests/stack/temporary_project.hpp"
#include "tests/support/postgres_process.hpp"

namespace bailey::test {
namespace {

using namespace std::chrono_literals;
using stack::BlockingConnection;
using stack::Postmaster;

// Waits for what another process does: there is no clock to inject into PostgreSQL.
template <class Condition>
bool eventually(Condition condition) {
  for (const auto end = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < end;) {
    if (condition()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

bool answers(const stack::Cluster& cluster) {
  try {
    BlockingConnection connection(cluster.admin_connection_string());
    return !connection.query("select 1").empty();
  } catch (const Error&) {
    return false;
  }
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream input(file);
  return {std::istreambuf_iterator<char>(input), {}};
}

bool lives(pid_t pid) { return pid > 1 && kill(pid, 0) == 0; }

// A PostgreSQL as a bailey that was killed may leave it.
stack::Process start_unwatched(const stack::Cluster& cluster) {
  return stack::Process::start(
      {.program = cluster.programs.folder / "postgres",
       .arguments = {"-D", cluster.data, "-c", "listen_addresses=", "-c", "port=" + std::to_string(cluster.port), "-c",
                     "unix_socket_directories=" + cluster.sockets.string()},
       .run_as = cluster.account,
       .output = cluster.log,
       .folder = cluster.data,
       .death_signal = SIGKILL});
}

TEST(Postmaster, that_is_killed_comes_back_with_its_data) {
  const InitialisedProject folder;
  const Postmaster postmaster(stack::open_cluster(folder.project, free_port(), false));
  const stack::Cluster& cluster = postmaster.cluster();
  BlockingConnection(cluster.admin_connection_string())
      .execute("create table public.kept (n int); insert into public.kept values (7)");
  const pid_t first = postmaster.pid();
  ASSERT_TRUE(lives(first));
  kill(first, SIGKILL);
  EXPECT_TRUE(eventually([&] { return postmaster.pid() != first && postmaster.pid() != 0 && answers(cluster); }));
  EXPECT_GE(postmaster.restarts(), 1U);
  BlockingConnection connection(cluster.admin_connection_string());
  EXPECT_EQ(connection.query("select n::text from public.kept").at(0).at(0), "7");
}

TEST(Postmaster, lets_no_autovacuum_run_before_the_database_is_safe) {
  const InitialisedProject folder;
  const auto autovacuum = [](const Postmaster& postmaster) {
    return BlockingConnection(postmaster.cluster().admin_connection_string())
        .query("select current_setting('autovacuum')")
        .at(0)
        .at(0)
        .value();
  };
  for (int start = 0; start < 2; ++start) {
    const Postmaster postmaster(stack::open_cluster(folder.project, free_port(), false));
    EXPECT_EQ(autovacuum(postmaster), "off");
    stack::bootstrap(postmaster.cluster());
    EXPECT_TRUE(eventually([&] { return autovacuum(postmaster) == "on"; }));
    kill(postmaster.pid(), SIGKILL);
    ASSERT_TRUE(eventually([&] { return postmaster.restarts() == 1 && answers(postmaster.cluster()); }));
    EXPECT_EQ(autovacuum(postmaster), "on");
  }
}

// PostgreSQL itself would wait for ever for a process that it has not told.
TEST(Postmaster, ends_though_it_is_told_to_while_it_recovers_from_a_crash) {
  const InitialisedProject folder;
  auto postmaster = std::make_unique<Postmaster>(stack::open_cluster(folder.project, free_port(), false));
  const auto log = postmaster->cluster().log;
  BlockingConnection connection(postmaster->cluster().admin_connection_string());
  const pid_t server = std::stoi(connection.query("select pg_backend_pid()::text").at(0).at(0).value());
  kill(server, SIGKILL);
  const auto limit = std::chrono::steady_clock::now() + 20s;
  while (!text_of(log).contains("was interrupted") && std::chrono::steady_clock::now() < limit)
    std::this_thread::yield();
  const auto begin = std::chrono::steady_clock::now();
  postmaster.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 60s);
}

// A server process that computes does not notice that its postmaster is gone, and keeps the next one from starting.
TEST(Postmaster, that_is_killed_comes_back_though_a_statement_runs_on) {
  const InitialisedProject folder;
  const Postmaster postmaster(stack::open_cluster(folder.project, free_port(), false));
  const stack::Cluster& cluster = postmaster.cluster();
  BlockingConnection watching(cluster.admin_connection_string());
  std::thread endless([&] {
    try {
      BlockingConnection(cluster.admin_connection_string())
          .execute("set application_name = 'endless'; do 'begin loop end loop; end'");
      ADD_FAILURE() << "the endless statement ended";
    } catch (const Error&) {  // ended with its process
    }
  });
  EXPECT_TRUE(eventually(
      [&] { return !watching.query("select 1 from pg_stat_activity where application_name = 'endless'").empty(); }));
  const pid_t first = postmaster.pid();
  kill(first, SIGKILL);
  EXPECT_TRUE(eventually([&] { return postmaster.pid() != first && postmaster.pid() != 0 && answers(cluster); }));
  endless.join();
}

TEST(Postmaster, has_nothing_to_report_of_its_settings) {
  const InitialisedProject folder;
  for (int start = 0; start < 2; ++start) {
    const Postmaster postmaster(stack::open_cluster(folder.project, free_port(), false));
    stack::bootstrap(postmaster.cluster());
    BlockingConnection connection(postmaster.cluster().admin_connection_string());
    EXPECT_TRUE(eventually([&] { return connection.query("show autovacuum").at(0).at(0) == "on"; }));
    EXPECT_EQ(connection.query("show shared_buffers").at(0).at(0), "64MB");
    EXPECT_FALSE(text_of(postmaster.cluster().log).contains("cannot be changed"));
    const std::string kept = text_of(postmaster.cluster().data / "postgresql.auto.conf");
    EXPECT_EQ(kept.find("shared_buffers"), kept.rfind("shared_buffers")) << kept;
  }
}

TEST(Postmaster, names_a_file_of_settings_that_is_missing_and_what_helps) {
  const InitialisedProject folder;
  stack::Cluster cluster = stack::open_cluster(folder.project, free_port(), false);
  const std::string file = cluster.data / "postgresql.auto.conf";
  std::filesystem::remove(file);
  try {
    const Postmaster postmaster(std::move(cluster));
    FAIL() << "started";
  } catch (const Error& failure) {
    EXPECT_TRUE(failure.message().contains(file)) << failure.message();
    EXPECT_TRUE(failure.message().contains("bailey dev --reset")) << failure.message();
  }
}

// As on a disk that fills up in the middle of it. Half a line would keep PostgreSQL from starting.
TEST(Postmaster, leaves_its_settings_as_they_were_when_it_cannot_write_them_and_tells_nobody_to_throw_data_away) {
  const InitialisedProject folder;
  stack::Cluster cluster = stack::open_cluster(folder.project, free_port(), false);
  const auto file = cluster.data / "postgresql.auto.conf";
  const std::string before = text_of(file);
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit few{.rlim_cur = before.size() + 5, .rlim_max = limit.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &few), 0);
  std::string told;
  try {
    const Postmaster postmaster(std::move(cluster));
  } catch (const Error& failure) {
    told = failure.message();
  }
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, handler);
  EXPECT_NE(told.find(file), std::string::npos) << told;
  EXPECT_EQ(told.find("--reset"), std::string::npos) << told;
  EXPECT_EQ(text_of(file), before);
}

TEST(Postmaster, is_stopped_with_its_owner_and_starts_again_on_the_same_data) {
  const InitialisedProject folder;
  pid_t pid = 0;
  {
    const Postmaster postmaster(stack::open_cluster(folder.project, free_port(), false));
    pid = postmaster.pid();
    stack::bootstrap(postmaster.cluster());
  }
  EXPECT_FALSE(lives(pid));
  const Postmaster postmaster(stack::open_cluster(folder.project, free_port(), false));
  EXPECT_TRUE(answers(postmaster.cluster()));
}

// Whoever packs a `.bailey` into a project could leave one where a start waits for it for ever.
TEST(Cluster, waits_for_no_pipe_that_stands_where_a_file_of_its_data_is) {
  const InitialisedProject folder;
  const auto data = stack::data_folder(folder.project, stack::postgres_account());
  ASSERT_EQ(mkfifo((data / "postmaster.pid").c_str(), 0600), 0);
  {
    const Postmaster postmaster(stack::open_cluster(folder.project, free_port(), false));
    EXPECT_TRUE(answers(postmaster.cluster()));
  }
  std::filesystem::rename(data / "PG_VERSION", data / "kept");
  ASSERT_EQ(mkfifo((data / "PG_VERSION").c_str(), 0600), 0);
  EXPECT_THROW(static_cast<void>(stack::open_cluster(folder.project, free_port(), false)), Error);
}

// As a full disk leaves it.
TEST(Postmaster, starts_beside_a_lock_file_without_a_number) {
  const InitialisedProject folder;
  stack::Cluster cluster = stack::open_cluster(folder.project, free_port(), false);
  std::ofstream(cluster.data / "postmaster.pid").flush();
  std::ofstream(cluster.sockets / (".s.PGSQL." + std::to_string(cluster.port) + ".lock")).flush();
  const Postmaster postmaster(std::move(cluster));
  EXPECT_TRUE(answers(postmaster.cluster()));
}

TEST(Postmaster, runs_below_a_folder_whatever_its_name) {
  for (const char* name : {"with, comma", "with 'quotes' \"", "with \\ and $x;", "ünï код"}) {
    const TemporaryProject folder;
    const stack::Project project{folder.project.root / name};
    std::filesystem::create_directory(project.root);
    stack::make_state_folder(project);
    const Postmaster postmaster(stack::open_cluster(project, free_port(), false));
    EXPECT_TRUE(answers(postmaster.cluster())) << name;
  }
}

TEST(Postmaster, ends_when_the_process_that_started_it_is_killed) {
  const InitialisedProject folder;
  int channel[2];
  ASSERT_EQ(pipe(channel), 0);
  const std::uint16_t port = free_port();
  const pid_t owner = fork();
  if (owner == 0) {
    const Postmaster postmaster(stack::open_cluster(folder.project, port, false));
    const pid_t pid = postmaster.pid();
    if (write(channel[1], &pid, sizeof pid) < 0) _exit(1);
    pause();
    _exit(0);
  }
  pid_t pid = 0;
  ASSERT_EQ(read(channel[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  ASSERT_TRUE(lives(pid));
  kill(owner, SIGKILL);
  waitpid(owner, nullptr, 0);
  EXPECT_TRUE(eventually([&] { return !lives(pid); }));
  close(channel[0]);
  close(channel[1]);
}

TEST(Postmaster, left_behind_by_an_earlier_run_is_stopped_first) {
  const InitialisedProject folder;
  stack::Cluster cluster = stack::open_cluster(folder.project, free_port(), false);
  stack::Process left = start_unwatched(cluster);
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(cluster.data / "postmaster.pid"); }));
  const Postmaster postmaster(stack::open_cluster(folder.project, cluster.port, false));
  EXPECT_TRUE(left.wait(0s));
  EXPECT_TRUE(answers(postmaster.cluster()));
}

// As when the first process of a container waits for nobody.
TEST(Postmaster, starts_though_the_earlier_one_is_still_a_zombie) {
  const InitialisedProject folder;
  const std::uint16_t port = free_port();
  static_cast<void>(stack::open_cluster(folder.project, port, false));
  const pid_t zombie = fork();
  if (zombie == 0) _exit(0);
  ASSERT_TRUE(eventually([&] {
    std::ifstream input("/proc/" + std::to_string(zombie) + "/stat");
    return std::string(std::istreambuf_iterator<char>(input), {}).contains(") Z ");
  }));
  // The number of a program that has nothing to do with it is the same to PostgreSQL.
  for (const pid_t pid : {zombie, getppid()}) {
    stack::Cluster cluster = stack::open_cluster(folder.project, port, false);
    const std::string lock = std::to_string(pid) + "\n" + cluster.data.string() + "\n1\n" + std::to_string(port) + "\n";
    for (const auto& file :
         {cluster.data / "postmaster.pid", cluster.sockets / (".s.PGSQL." + std::to_string(port) + ".lock")}) {
      std::ofstream(file) << lock;
      stack::give_to(cluster.account, file);
    }
    const Postmaster postmaster(std::move(cluster));
    EXPECT_TRUE(answers(postmaster.cluster()));
  }
  waitpid(zombie, nullptr, 0);
}

TEST(Postmaster, keeps_its_log_short_while_it_runs) {
  const InitialisedProject folder;
  const Postmaster postmaster(stack::open_cluster(folder.project, free_port(), false));
  const stack::Cluster& cluster = postmaster.cluster();
  BlockingConnection connection(cluster.admin_connection_string());
  connection.execute("set client_min_messages = error");
  const std::string much = "do $$ begin for i in 1..100 loop raise warning '%', repeat('x', 100000); end loop; end $$";
  connection.execute(much);
  EXPECT_TRUE(eventually([&] { return std::filesystem::file_size(cluster.log) <= stack::log_limit_bytes; }));
  connection.execute("do $$ begin raise warning 'the end'; end $$");
  EXPECT_TRUE(eventually([&] {
    std::ifstream input(cluster.log);
    return std::string(std::istreambuf_iterator<char>(input), {}).contains("the end");
  }));
}

TEST(Postmaster, leaves_no_folder_in_tmp_though_it_does_not_start) {
  const InitialisedProject folder;
  const stack::Project project{folder.project.root / "a comma, so the sockets are elsewhere"};
  std::filesystem::create_directory(project.root);
  stack::make_state_folder(project);
  const std::uint16_t port = free_port();
  const Postmaster first(stack::open_cluster(folder.project, port, false));
  stack::Cluster cluster = stack::open_cluster(project, port, false);
  const std::filesystem::path sockets = cluster.sockets;
  EXPECT_EQ(sockets.parent_path(), "/tmp");
  EXPECT_THROW(const Postmaster second(std::move(cluster)), Error);
  EXPECT_FALSE(std::filesystem::exists(sockets));
}

TEST(Postmaster, says_so_when_its_port_is_taken) {
  const InitialisedProject folder;
  const std::uint16_t port = free_port();
  const Postmaster first(stack::open_cluster(folder.project, port, false));
  const InitialisedProject other;
  try {
    const Postmaster second(stack::open_cluster(other.project, port, false));
    FAIL() << "two on one port";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "address_in_use");
    EXPECT_NE(error.message().find("[db] port"), std::string::npos);
  }
}

TEST(Postmaster, that_cannot_start_says_why) {
  const InitialisedProject folder;
  stack::Cluster cluster = stack::open_cluster(folder.project, free_port(), false);
  std::ofstream(cluster.data / "postgresql.conf", std::ios::app) << "\nno_such_setting = 1\n";
  std::ofstream(cluster.log, std::ios::app) << "of an earlier run\n";
  try {
    const Postmaster postmaster(std::move(cluster));
    FAIL() << "started";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "postgres_failed");
    EXPECT_NE(error.message().find("no_such_setting"), std::string::npos) << error.message();
    EXPECT_EQ(error.message().find("of an earlier run"), std::string::npos) << error.message();
  }
}

TEST(Cluster, is_thrown_away_once_no_server_process_works_on_it) {
  const InitialisedProject folder;
  const std::uint16_t port = free_port();
  stack::Cluster cluster = stack::open_cluster(folder.project, port, false);
  stack::Process left = start_unwatched(cluster);
  std::atomic<bool> ended = false;
  std::thread endless([&] {
    EXPECT_TRUE(eventually([&] { return answers(cluster); }));
    try {
      BlockingConnection(cluster.admin_connection_string())
          .execute("set application_name = 'endless'; set statement_timeout = '40s'; do 'begin loop end loop; end'");
    } catch (const Error&) {  // ended with its process
    }
    ended = true;
  });
  EXPECT_TRUE(eventually([&] {
    return answers(cluster) && !BlockingConnection(cluster.admin_connection_string())
                                    .query("select from pg_stat_activity where application_name = 'endless'")
                                    .empty();
  }));
  left.signal(SIGKILL);
  EXPECT_TRUE(left.wait(5s));
  static_cast<void>(stack::open_cluster(folder.project, port, true));
  EXPECT_TRUE(eventually([&] { return ended.load(); }));
  endless.join();
}

}  // namespace
}  // namespace bailey::test
