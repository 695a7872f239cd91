// Where every wall of PostgreSQL's has fallen, and somebody is the superuser, Landlock still stands. Each thing that is
// refused here is tried without it as well, and is done then: else the test would not see what it is there for.
#include <gtest/gtest.h>

#include <signal.h>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "stack/database/blocking_connection.hpp"
#include "stack/database/cluster.hpp"
#include "stack/database/confinement.hpp"
#include "stack/database/postmaster.hpp"
#include "stack/database/process.hpp"
#include "tests/stack/temporary_project.hpp"
#include "tests/support/postgres_process.hpp"

namespace bailey::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using stack::BlockingConnection;

class Confined : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (stack::landlock_version() < 2) GTEST_SKIP() << "this kernel has no Landlock";
    fs::permissions(folder.project.root, fs::perms(0777));
    std::ofstream(outside()) << "<key> +proj=longlat +datum=WGS84 <>\n";
    fs::permissions(outside(), fs::perms(0644));
  }

  [[nodiscard]] std::string outside() const { return (folder.project.root / "outside").string(); }
  [[nodiscard]] std::string proof() const { return (folder.project.root / "reached").string(); }

  [[nodiscard]] stack::Cluster cluster(bool is_confined) const {
    stack::Cluster opened = stack::open_cluster(folder.project, free_port(), false);
    opened.is_confined = is_confined;
    return opened;
  }

  // What came back; "" when it was done.
  static std::string attempt(const stack::Cluster& cluster, const std::string& sql) {
    try {
      BlockingConnection(cluster.admin_connection_string()).execute(sql);
      return "";
    } catch (const Error& failure) {
      return failure.message();
    }
  }

  static bool has_extension(const stack::Cluster& cluster, const std::string& name) {
    return !BlockingConnection(cluster.admin_connection_string())
                .query("select from pg_available_extensions where name = '" + name + "'")
                .empty();
  }

  const InitialisedProject folder;
};

TEST_P(Confined, superuser_reads_and_writes_no_file_that_is_not_postgresqls) {
  const bool is_confined = GetParam();
  const stack::Postmaster postmaster(cluster(is_confined));
  for (const std::string& sql : {
           "select pg_read_file('" + outside() + "')",
           "select lo_import('" + outside() + "')",
           "create temp table lines (line text); copy lines from '" + outside() + "'",
           "create temp table lines (line text); copy lines from program 'cat " + outside() + "'",
           "select * from pg_ls_dir('" + folder.project.root.string() + "')",
           "copy (select 1) to '" + proof() + "'",
           "copy (select 1) to program 'cat > " + proof() + "'",
           "copy (select 1) to program 'cp " + outside() + " " + proof() + "'",
           "copy (select 1) to program 'mv " + outside() + " " + proof() + "; mv " + proof() + " " + outside() + "'",
           "do $$ begin perform lo_from_bytea(4711, 'x'); perform lo_export(4711, '" + proof() + "'); end $$",
       }) {
    EXPECT_EQ(attempt(postmaster.cluster(), sql).empty(), !is_confined) << sql;
    EXPECT_TRUE(!is_confined || !fs::exists(proof())) << sql;
    fs::remove(proof());
  }
  EXPECT_TRUE(fs::exists(outside()));
}

TEST_P(Confined, projection_is_not_read_from_a_file_of_ones_own) {
  const bool is_confined = GetParam();
  const stack::Postmaster postmaster(cluster(is_confined));
  const stack::Cluster& opened = postmaster.cluster();
  if (!has_extension(opened, "postgis")) GTEST_SKIP() << "there is no PostGIS";
  ASSERT_EQ(attempt(opened, "create extension postgis schema public"), "");
  const std::string point =
      "set search_path = public, pg_catalog; select public.st_transform('SRID=4326;POINT(1 2)'::public.geometry, ";
  EXPECT_EQ(attempt(opened, point + "3857)"), "") << "PROJ's own data";
  const std::string answer = attempt(opened, point + "'+init=" + outside() + ":key')");
  EXPECT_EQ(answer.empty(), !is_confined) << answer;
}

INSTANTIATE_TEST_SUITE_P(AndNot, Confined, testing::Bool());

using ConfinedServer = Confined;

TEST_F(ConfinedServer, does_all_that_it_did) {
  const stack::Postmaster postmaster(cluster(true));
  const stack::Cluster& opened = postmaster.cluster();
  for (const std::string& sql : std::vector<std::string>{
           "create table public.many as select n, md5(n::text) as text from generate_series(1, 200000) n",
           "set max_parallel_workers_per_gather = 2; set parallel_setup_cost = 0; set parallel_tuple_cost = 0;"
           " set min_parallel_table_scan_size = 0; select count(*) from public.many where text like '%a%'",
           "set work_mem = '64kB'; select count(*) from (select * from public.many order by text) sorted",
           "create temp table gone on commit drop as select * from public.many",
           "vacuum full public.many",
           "reindex table public.many",
           "checkpoint",
           "select pg_switch_wal()",
           "create database second template template0",
           "drop database second",
           "select pg_reload_conf()",
           "select to_tsvector('english', 'the rats'), now() at time zone 'Europe/Paris'",
           "select 'a' < 'b' collate \"und-x-icu\"",
           "select pg_create_logical_replication_slot('kept', 'pgoutput')",
           "select pg_drop_replication_slot('kept')",
           "set jit = on; set jit_above_cost = 0; select sum(n) from public.many",
       }) {
    EXPECT_EQ(attempt(opened, sql), "") << sql;
  }
  EXPECT_EQ(attempt(opened, "select count(*) from pg_timezone_names having count(*) > 300"), "");
}

// Some cannot be made by whatever server, as they want to be loaded at its start.
TEST_F(ConfinedServer, makes_the_extensions_that_it_made) {
  std::vector<std::string> made(2);
  for (const bool is_confined : {false, true}) {
    const stack::Postmaster postmaster(cluster(is_confined));
    BlockingConnection connection(postmaster.cluster().admin_connection_string());
    for (const auto& row : connection.query("select name from pg_available_extensions order by name")) {
      const std::string name = row.at(0).value();
      const std::string making = "begin; set local search_path = public, pg_catalog; create extension \"" + name;
      if (attempt(postmaster.cluster(), making + "\" cascade; rollback").empty()) made.at(is_confined) += name + " ";
    }
  }
  EXPECT_EQ(made.at(1), made.at(0));
  EXPECT_TRUE(made.at(1).contains("citext"));
}

TEST_F(ConfinedServer, is_confined_after_it_was_killed_and_came_back) {
  const stack::Postmaster postmaster(cluster(true));
  const pid_t first = postmaster.pid();
  kill(first, SIGKILL);
  std::string answer;
  for (const auto end = std::chrono::steady_clock::now() + 30s; std::chrono::steady_clock::now() < end;) {
    if (postmaster.pid() != first && postmaster.pid() != 0 && attempt(postmaster.cluster(), "select 1").empty()) break;
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_EQ(attempt(postmaster.cluster(), "select 1"), "");
  EXPECT_NE(attempt(postmaster.cluster(), "select pg_read_file('" + outside() + "')"), "");
}

TEST_F(ConfinedServer, reaches_no_home_no_temporary_folder_and_nothing_of_the_project) {
  const stack::Cluster opened = cluster(true);
  const stack::Reach reach = stack::reach_of_server(opened);
  for (const auto* paths : {&reach.read, &reach.written, &reach.devices}) {
    for (const fs::path& path : *paths) {
      for (const char* kept : {"/", "/home", "/root", "/tmp", "/var", "/run", "/etc", "/proc", "/dev"})
        EXPECT_NE(path, kept);
      EXPECT_FALSE(folder.project.root.string().starts_with(path.string())) << path;
    }
  }
}

TEST_F(ConfinedServer, is_what_it_was_where_the_kernel_has_no_landlock_that_lets_files_be_moved) {
  EXPECT_FALSE(stack::confine_to(stack::reach_of_server(cluster(true)), 0));
  EXPECT_FALSE(stack::confine_to(stack::reach_of_server(cluster(true)), 1));
  EXPECT_TRUE(stack::confine_to(stack::reach_of_server(cluster(true)), 2));
}

}  // namespace
}  // namespace bailey::test
