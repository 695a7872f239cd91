// How many groups a second, and at what CPU: who is acting (role, claims) and a row-level-security filtered SELECT of
// ten rows, with many tasks on one event loop; against pgbench doing the same two prepared statements in a pipeline.
//
//   pg_group [seconds] [tasks] [connections]
#include <bailey/pg/database.hpp>
#include <bailey/runtime/loop.hpp>
#include <bailey/runtime/run_blocking.hpp>

#include "tests/support/postgres_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace {

using namespace bailey;
using Clock = std::chrono::steady_clock;

double own_cpu(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Of a process and, on demand, of its children that have ended: user and system time in seconds.
double cpu_of(const std::string& pid, bool with_ended_children) {
  std::ifstream file("/proc/" + pid + "/stat");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 2));
  std::string skipped;
  for (int field = 0; field < 11; ++field) fields >> skipped;
  double user = 0;
  double system = 0;
  double ended_user = 0;
  double ended_system = 0;
  fields >> user >> system >> ended_user >> ended_system;
  if (with_ended_children) user += ended_user + ended_system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// Of the server: postmaster, backends alive, backends gone.
double server_cpu(const test::PostgresServer& server) {
  double total = cpu_of(std::to_string(server.pid()), true);
  std::istringstream pids(server.query("select string_agg(pid::text, ' ') from pg_stat_activity"));
  for (std::string pid; pids >> pid;) total += cpu_of(pid, false);
  return total;
}

void report(const char* what, double groups, double seconds, double client, double server) {
  std::printf("%-34s %8.0f groups/s   CPU a group: client %5.1f us  server %5.1f us  both %5.1f us\n", what,
              groups / seconds, 1e6 * client / groups, 1e6 * server / groups, 1e6 * (client + server) / groups);
}

void bench_library(const test::PostgresServer& server, double seconds, int tasks, std::size_t connections) {
  pg::Options options;
  options.connection_string = Secret(server.connection_string("authenticator"));
  options.connections_per_loop = connections;
  const pg::Database database(std::move(options));
  long done = 0;
  bool over = false;
  run_blocking([&]() -> Task<> {
    int running = tasks;
    const auto work = [&](int task) -> Task<> {
      pg::RunOptions as;
      as.scope = pg::RlsScope{.role = "authenticated",
                              .claims = R"({"role":"authenticated","sub":"00000000-0000-4000-8000-00000000000)" +
                                        std::to_string(task % 10) + "\"}"};
      const pg::Statement select("select id, owner, line from diary order by id limit $1", {10});
      while (!over) {
        const pg::Rows rows = co_await database.run(select, as);
        if (rows.size() != 10) std::abort();
        ++done;
      }
      --running;
    };
    for (int task = 0; task < tasks; ++task)
      boost::asio::co_spawn(Loop::current().executor(), work(task), [](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
      });
    boost::asio::steady_timer timer(Loop::current().io(), std::chrono::milliseconds(500));
    co_await timer.async_wait(use_task);
    const long before = done;
    const double client = own_cpu(RUSAGE_SELF);
    const double backend = server_cpu(server);
    const auto start = Clock::now();
    timer.expires_after(std::chrono::milliseconds(static_cast<long>(1000 * seconds)));
    co_await timer.async_wait(use_task);
    const double elapsed = std::chrono::duration<double>(Clock::now() - start).count();
    const double client_used = own_cpu(RUSAGE_SELF) - client;
    report(("bailey::pg, " + std::to_string(connections) + " connections").c_str(), static_cast<double>(done - before),
           elapsed, client_used, server_cpu(server) - backend);
    over = true;
    while (running > 0) {
      timer.expires_after(std::chrono::milliseconds(5));
      co_await timer.async_wait(use_task);
    }
  });
}

void bench_pgbench(const test::PostgresServer& server, double seconds, int clients, int groups) {
  const std::string script = server.socket_folder() / "group.sql";
  {
    std::ofstream file(script);
    file << "\\startpipeline\n";
    for (int group = 0; group < groups; ++group)
      file << "select pg_catalog.num_nulls(set_config('request.jwt.claim','',true), "
              "set_config('request.jwt.claim.sub','',true), set_config('request.jwt.claim.role','',true), "
              "set_config('request.jwt.claim.email','',true), set_config('row_security','on',true), "
              "set_config('role','authenticated',true), set_config('request.jwt.claims', "
              "'{\"role\":\"authenticated\",\"sub\":\"00000000-0000-4000-8000-000000000001\"}', true));\n"
              "select id, owner, line from diary order by id limit 10;\n"
           << (group + 1 < groups ? "\\endpipeline\n\\startpipeline\n" : "\\endpipeline\n");
  }
  const double client = own_cpu(RUSAGE_CHILDREN);
  const double backend = server_cpu(server);
  const std::string command = (test::PostgresServer::program_folder() / "pgbench").string() + " -n -M prepared -f " +
                              script + " -j 1 -c " + std::to_string(clients) + " -T " +
                              std::to_string(static_cast<int>(seconds)) + " 'host=" + server.socket_folder().string() +
                              " port=" + std::to_string(server.port()) + " user=authenticator dbname=postgres' 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return;
  std::string output;
  for (char buffer[512]; std::fgets(buffer, sizeof buffer, pipe) != nullptr;) output += buffer;
  pclose(pipe);
  const std::size_t at = output.find("tps = ");
  if (at == std::string::npos) {
    std::fputs(output.c_str(), stderr);
    return;
  }
  const double rate = groups * std::strtod(output.c_str() + at + 6, nullptr);
  report(("pgbench, " + std::to_string(clients) + " clients").c_str(), rate * seconds, seconds,
         own_cpu(RUSAGE_CHILDREN) - client, server_cpu(server) - backend);
}

}  // namespace

int main(int count, char** words) {
  const double seconds = count > 1 ? std::strtod(words[1], nullptr) : 3;
  const int tasks = count > 2 ? std::atoi(words[2]) : 64;
  const test::PostgresServer server;
  server.create_supabase_roles();
  server.execute(
      "create table diary (id bigint generated always as identity primary key, owner uuid not null, line text);"
      "alter table diary enable row level security;"
      "create policy own on diary to authenticated using (owner = (select auth.uid()));"
      "insert into diary (owner, line) select ('00000000-0000-4000-8000-00000000000' || n % 10)::uuid, repeat('x', 40) "
      "from generate_series(1, 1000) n; create index on diary (owner, id); analyze diary");
  for (int round = 0; round < 2; ++round) {
    for (const std::size_t connections : {1U, 2U, 4U}) bench_library(server, seconds, tasks, connections);
    for (const int clients : {1, 2, 4, 8}) bench_pgbench(server, seconds, clients, 1);
  }
  return 0;
}
