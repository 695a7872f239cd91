// What PostgreSQL may open where the kernel confines it. Each is tried by the superuser, whom no wall of SQL stops, and
// on a second PostgreSQL that nothing confines: what is refused there too proves nothing.
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "stack/database/blocking_connection.hpp"
#include "stack/database/confinement.hpp"
#include "stack/database/postmaster.hpp"
#include "tests/stack/temporary_project.hpp"
#include "tests/support/postgres_process.hpp"

namespace bailey::test {
namespace {

namespace fs = std::filesystem;
using stack::BlockingConnection;

stack::Cluster cluster_of(const TemporaryProject& folder, bool is_confined) {
  stack::Cluster cluster = stack::open_cluster(folder.project, free_port(), false);
  cluster.is_confined = is_confined;
  return cluster;
}

class Confinement : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (stack::landlock_version() < 2) return;
    folders_ = std::make_unique<Folders>();
    for (const bool is_confined : {true, false}) {
      const TemporaryProject& folder = is_confined ? folders_->confined : folders_->free;
      (is_confined ? confined_ : free_) = std::make_unique<stack::Postmaster>(cluster_of(folder, is_confined));
    }
    fs::permissions(outside(), fs::perms(0777));
    std::ofstream(outside() / "text") << "1\n";
    std::ofstream(outside() / "definitions") << "<here> +proj=merc +a=6378137 +b=6378137 <>\n";
    fs::copy_file(
        superuser(*free_).query("select setting from pg_config where name = 'PKGLIBDIR'").at(0).at(0).value() +
            "/plpgsql.so",
        outside() / "library.so");
    for (const char* name : {"text", "definitions", "library.so"}) fs::permissions(outside() / name, fs::perms(0644));
  }
  static void TearDownTestSuite() {
    confined_.reset();
    free_.reset();
    folders_.reset();
  }

  void SetUp() override {
    if (!confined_) GTEST_SKIP() << "this kernel has no Landlock that PostgreSQL can live with";
  }

  static fs::path outside() { return folders_->outside.project.root; }

  static BlockingConnection superuser(const stack::Postmaster& postmaster) {
    return BlockingConnection(postmaster.cluster().admin_connection_string());
  }

  // What came back; "" when it was done.
  static std::string attempt(const stack::Postmaster& postmaster, const std::string& sql) {
    try {
      superuser(postmaster).execute(sql);
      return "";
    } catch (const Error& failure) {
      return failure.message();
    }
  }

  static void expect_confined(const std::string& sql) {
    EXPECT_EQ(attempt(*free_, sql), "") << "it does nothing, so this test would see nothing: " << sql;
    fs::remove(outside() / "written");
    EXPECT_NE(attempt(*confined_, sql), "") << sql;
    EXPECT_FALSE(fs::exists(outside() / "written")) << sql;
  }

  struct Folders {
    InitialisedProject confined, free;
    TemporaryProject outside;
  };
  inline static std::unique_ptr<Folders> folders_;
  inline static std::unique_ptr<stack::Postmaster> confined_, free_;
};

TEST_F(Confinement, lets_no_file_outside_be_read) {
  const std::string text = "'" + (outside() / "text").string() + "'";
  for (const std::string& sql :
       std::vector<std::string>{"select pg_read_file(" + text + ")", "select pg_ls_dir('" + outside().string() + "')",
                                "select lo_import(" + text + ")", "create temp table t (n int); copy t from " + text,
                                "create temp table t (n int); copy t from program $$cat " + text + "$$",
                                "load '" + (outside() / "library.so").string() + "'"}) {
    expect_confined(sql);
  }
}

TEST_F(Confinement, lets_no_file_outside_be_written) {
  const std::string written = "'" + (outside() / "written").string() + "'";
  for (const std::string& sql : std::vector<std::string>{
           "copy (select 1) to " + written, "select lo_from_bytea(4711, 'x'); select lo_export(4711, " + written + ")",
           "copy (select 1) to program $$cat > " + written + "$$",
           "copy (select 1) to program $$cat > /dev/null; mkdir " + written + "$$"}) {
    expect_confined(sql);
  }
}

TEST_F(Confinement, holds_for_what_a_library_opens) {
  if (superuser(*free_).query("select from pg_available_extensions where name = 'postgis'").empty())
    GTEST_SKIP() << "PostGIS is not installed";
  for (const stack::Postmaster* postmaster : {confined_.get(), free_.get()})
    ASSERT_EQ(attempt(*postmaster, "create extension postgis schema public"), "");
  const auto transform = [](const std::string& to) {
    return "select public.st_transform('SRID=4326;POINT(1 2)'::public.geometry, '" + to + "')";
  };
  // Its own definitions, which lie beside it, it finds.
  EXPECT_EQ(attempt(*confined_, "select public.st_transform('SRID=4326;POINT(1 2)'::public.geometry, 3857)"), "");
  expect_confined("set search_path = public; " + transform("+init=" + (outside() / "definitions").string() + ":here"));
}

TEST_F(Confinement, leaves_postgresql_all_its_work) {
  for (const std::string& sql : std::vector<std::string>{
           "create table public.numbers as select generate_series(1, 20000) as n",
           "create temp table t as select * from public.numbers; select count(*) from t",
           "set work_mem = '64kB'; select n from public.numbers order by md5(n::text)",
           "create database other template template0 strategy file_copy", "drop database other",
           "vacuum full public.numbers", "truncate public.numbers", "checkpoint; select pg_switch_wal()",
           "select pg_create_physical_replication_slot('s', true); select pg_drop_replication_slot('s')",
           "select to_tsvector('pg_catalog.english', 'files'), now() at time zone 'Europe/Berlin'",
           "select 'a' < 'b' collate \"und-x-icu\"",
           "set jit = on; set jit_above_cost = 0; select sum(n) from public.numbers",
           "select 1 / (count(*) > 300)::int from pg_timezone_names", "copy (select 1) to program 'cat > /dev/null'",
           "alter system set work_mem = '8MB'; alter system reset work_mem",
           "copy (select 1) to '" + (confined_->cluster().data / "base" / "own").string() + "'"}) {
    // The statements of one text are one transaction, which some of these may not be in.
    for (std::size_t start = 0, end = 0; start < sql.size(); start = end + 1) {
      end = sql.starts_with("checkpoint") || sql.starts_with("alter system")
                ? std::min(sql.find(';', start), sql.size())
                : sql.size();
      EXPECT_EQ(attempt(*confined_, sql.substr(start, end - start)), "") << sql;
    }
  }
}

// Each by its folder, as other files take the place of those in it; and each on some distributions only.
TEST_F(Confinement, leaves_name_servers_and_certificates_where_distributions_have_them) {
  for (const std::string folder :
       {"/run/systemd/resolve", "/etc/ssl/certs", "/etc/pki/ca-trust/extracted", "/var/lib/ca-certificates"}) {
    if (!fs::is_directory(folder)) continue;
    EXPECT_EQ(attempt(*free_, "select pg_ls_dir('" + folder + "')"), "");
    EXPECT_EQ(attempt(*confined_, "select pg_ls_dir('" + folder + "')"), "");
  }
}

TEST_F(Confinement, leaves_parallel_queries_their_shared_memory) {
  BlockingConnection connection = superuser(*confined_);
  connection.execute(
      "create table public.many as select generate_series(1, 20000) as n; set parallel_setup_cost = 0;"
      "set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set max_parallel_workers_per_gather = 2");
  std::string plan;
  for (const auto& row : connection.query("explain (analyze) select count(*) from public.many")) plan += *row[0] + "\n";
  EXPECT_NE(plan.find("Workers Launched: 2"), std::string::npos) << plan;
}

// Those that want to be loaded at the server's start are made by neither.
TEST_F(Confinement, leaves_extensions_to_be_made) {
  std::string by_free, by_confined;
  for (const auto& row : superuser(*free_).query("select name from pg_available_extensions order by name")) {
    const std::string sql = "begin; set local search_path = public, pg_catalog; create extension if not exists \"" +
                            *row[0] + "\" cascade; rollback";
    if (attempt(*free_, sql).empty()) by_free += *row[0] + " ";
    if (attempt(*confined_, sql).empty()) by_confined += *row[0] + " ";
  }
  EXPECT_EQ(by_confined, by_free);
  EXPECT_TRUE(by_free.contains("citext ")) << by_free;
}

TEST_F(Confinement, holds_when_postgresql_has_crashed) {
  const std::uint64_t before = confined_->restarts();
  ASSERT_EQ(kill(confined_->pid(), SIGKILL), 0);
  for (int tenths = 0; tenths < 300 && (confined_->restarts() == before || confined_->pid() == 0); ++tenths)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(attempt(*confined_, "select 1"), "");
  expect_confined("select pg_read_file('" + (outside() / "text").string() + "')");
}

// Of the same user, whom the kernel would let through.
TEST_F(Confinement, lets_no_signal_out) {
  if (stack::landlock_version() < 6) GTEST_SKIP() << "this kernel's Landlock does not know signals";
  expect_confined("copy (select 1) to program 'cat > /dev/null; kill -0 " + std::to_string(free_->pid()) + "'");
}

TEST_F(Confinement, leaves_postgresql_its_own_signals) {
  const auto pid_of = [](BlockingConnection& connection) {
    return connection.query("select pg_backend_pid()::text").at(0).at(0).value();
  };
  const auto come_to_be = [](auto&& condition) {
    for (int tenths = 0; tenths < 300 && !condition(); ++tenths)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return condition();
  };
  BlockingConnection client = superuser(*confined_), bystander = superuser(*confined_);
  EXPECT_EQ(attempt(*confined_, "select 1 / pg_terminate_backend(" + pid_of(client) + ", 10000)::int"), "");
  EXPECT_THROW(client.execute("select 1"), Error);
  BlockingConnection asked = superuser(*confined_);
  EXPECT_EQ(attempt(*confined_, "alter system set work_mem = '8MB'"), "");
  EXPECT_EQ(attempt(*confined_, "select 1 / pg_reload_conf()::int"), "");
  EXPECT_TRUE(come_to_be([&] { return asked.query("show work_mem").at(0).at(0) == "8MB"; }));
  EXPECT_EQ(attempt(*confined_, "alter system reset work_mem"), "");
  // After a crash of one the postmaster ends all others.
  static_cast<void>(attempt(*confined_, "copy (select 1) to program 'kill -9 " + pid_of(asked) + "'"));
  EXPECT_TRUE(come_to_be([&] {
    try {
      bystander.execute("select 1");
      return false;
    } catch (const Error&) {
      return true;
    }
  }));
  EXPECT_TRUE(come_to_be([&] { return attempt(*confined_, "select 1").empty(); }));
}

TEST_F(Confinement, lets_nobody_connect_to_abstract_sockets_of_others) {
  if (stack::landlock_version() < 6) GTEST_SKIP() << "this kernel's Landlock does not know abstract sockets";
  if (superuser(*free_).query("select from pg_available_extensions where name = 'dblink'").empty())
    GTEST_SKIP() << "dblink is not installed";
  const std::string folder = "bailey-test-" + std::to_string(getpid());
  const stack::Descriptor listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const std::string name = folder + "/.s.PGSQL.5432";
  std::ranges::copy(name, address.sun_path + 1);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  ASSERT_EQ(bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), length), 0);
  ASSERT_EQ(listen(listener.get(), 8), 0);
  // From PostgreSQL 17 on its server's own waiting heeds the statement's limit of time alone.
  const std::string sql =
      "set statement_timeout = '4s'; begin; create extension dblink schema public; select "
      "public.dblink_connect('host=@" +
      folder + " port=5432 user=a password=b connect_timeout=2')";
  const auto detail = [&](const stack::Postmaster& postmaster) -> std::string {
    try {
      superuser(postmaster).execute(sql);
      return "connected";
    } catch (const stack::StatementError& failure) {
      return failure.detail() + failure.message();
    }
  };
  const std::string unconfined = detail(*free_);  // nobody answers
  EXPECT_TRUE(unconfined.contains("timeout expired") || unconfined.contains("due to statement timeout")) << unconfined;
  EXPECT_NE(detail(*confined_).find("Operation not permitted"), std::string::npos) << detail(*confined_);
}

TEST_F(Confinement, is_for_what_the_names_of_data_and_sockets_lead_to) {
  const InitialisedProject folder;
  stack::Cluster cluster = cluster_of(folder, true);
  const fs::path link = outside() / "link";
  fs::create_directory_symlink(cluster.data.parent_path(), link);
  cluster.data = link / cluster.data.filename();
  cluster.sockets = link / cluster.sockets.filename();
  const stack::Postmaster postmaster(std::move(cluster));
  EXPECT_EQ(attempt(postmaster, "create table public.t ()"), "");
  EXPECT_NE(attempt(postmaster, "select pg_read_file('" + (outside() / "text").string() + "')"), "");
}

// Such as `free_` in the tests above, which works without.
// Neither is where the system's own are.
TEST_F(Confinement, leaves_the_libraries_that_the_machine_has_elsewhere) {
  const InitialisedProject folder;
  const stack::Cluster cluster = cluster_of(folder, true);
  const fs::path libraries = outside() / "libraries";
  fs::create_directory(libraries);
  std::ofstream(libraries / "libone.so") << "library";
  fs::permissions(libraries, fs::perms(0755));
  fs::permissions(libraries / "libone.so", fs::perms(0644));
  std::ofstream(outside() / "ld.so.conf") << libraries.string() << "\n";
  const auto can_read = [&](const stack::Descriptor& confinement) {
    stack::Process cat = stack::Process::start({.program = "/bin/cat",
                                                .arguments = {(libraries / "libone.so").string()},
                                                .run_as = cluster.account,
                                                .output = cluster.log,
                                                .confinement = confinement.get()});
    return cat.wait(std::chrono::seconds(20)) && cat.succeeded();
  };
  EXPECT_FALSE(can_read(stack::confinement_of(cluster)));
  EXPECT_TRUE(can_read(stack::confinement_of(cluster, stack::landlock_version(), outside() / "ld.so.conf")));
}

TEST_F(Confinement, is_named_where_it_keeps_postgresql_from_starting) {
  const InitialisedProject folder;
  stack::Cluster cluster = cluster_of(folder, true);
  std::ofstream(cluster.data / "postgresql.conf", std::ios::app)
      << "\ninclude '" << (outside() / "text").string() << "'\n";
  try {
    const stack::Postmaster postmaster(std::move(cluster));
    FAIL() << "started";
  } catch (const Error& failure) {
    EXPECT_NE(failure.message().find("Permission denied"), std::string::npos) << failure.message();
    EXPECT_NE(failure.message().find("docs/local-stack.md"), std::string::npos) << failure.message();
  }
}

TEST_F(Confinement, is_none_on_a_kernel_without_or_one_that_would_keep_files_where_they_are) {
  const InitialisedProject folder;
  const stack::Cluster cluster = cluster_of(folder, true);
  for (const int version : {0, 1}) EXPECT_FALSE(stack::confinement_of(cluster, version)) << version;
  EXPECT_TRUE(stack::confinement_of(cluster, 2));
}

TEST(FoldersOfPrograms, are_never_somebodys_home_nor_all_that_programs_share) {
  const TemporaryProject folder;
  const fs::path home = folder.project.root;
  fs::create_directories(home / "bin");
  fs::create_directories(home / "share");
  std::ofstream(home / "bin" / "postgres") << "";
  const std::vector<fs::path> among_others = stack::folders_of_programs(home / "bin");
  EXPECT_EQ(std::ranges::count(among_others, home), 0);
  EXPECT_EQ(std::ranges::count(among_others, home / "share"), 0);
  EXPECT_EQ(std::ranges::count(among_others, home / "share" / "postgresql"), 1);
  std::ofstream(home / "share" / "postgres.bki") << "";
  const std::vector<fs::path> alone = stack::folders_of_programs(home / "bin");
  EXPECT_EQ(std::ranges::count(alone, home), 0);
  EXPECT_EQ(std::ranges::count(alone, home / "share"), 1);
}

}  // namespace
}  // namespace bailey::test
