// A server folder holds data/, the socket and the log. initdb takes seconds, so its result is kept as a template beside
// the other temporary files and copied; it is used only if it belongs to the user the server runs as.
#include "tests/support/postgres_server.hpp"

#include "tests/support/postgres_process.hpp"

#include <libpq-fe.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

namespace bailey::test {
namespace {

namespace fs = std::filesystem;

fs::path make_folder(std::string prefix) {
  prefix += "XXXXXX";
  if (::mkdtemp(prefix.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  const ServerUser user = server_user();
  if (user.switch_user && ::chown(prefix.c_str(), user.uid, user.gid) != 0)
    throw std::runtime_error("cannot give the temporary folder to the user postgres");
  return prefix;
}

// A Unix socket's path has to fit into 107 bytes.
fs::path temporary_folder() {
  const fs::path folder = fs::temp_directory_path();
  return folder.string().size() <= 60 ? folder : fs::path("/tmp");
}

bool is_ours(const fs::path& folder) {
  struct stat info{};
  return ::lstat(folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == server_user().uid;
}

void remove_folder(const fs::path& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

void make_data_folder(const fs::path& programs, const fs::path& folder) {
  const fs::path log = folder / "log";
  const fs::path data = folder / "data";
  const fs::path template_folder =
      temporary_folder() / ("bailey-postgres-template-" + programs.parent_path().filename().string() + "-" +
                            std::to_string(server_user().uid));
  if (!is_ours(template_folder)) {
    const fs::path fresh = make_folder(template_folder.string() + "-");
    run_program({programs / "initdb", "--pgdata=" + fresh.string(), "--username=postgres", "--auth=trust",
                 "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"},
                log);
    std::error_code taken;  // another test program was faster
    fs::rename(fresh, template_folder, taken);
    if (taken) remove_folder(fresh);
  }
  if (!is_ours(template_folder)) throw std::runtime_error("no template of a data folder: " + end_of(log));
  run_program({"/bin/cp", "-a", template_folder, data}, log);
}

using ConnectionPtr = std::unique_ptr<PGconn, decltype(&PQfinish)>;

ConnectionPtr connect(const std::string& conninfo) { return {PQconnectdb(conninfo.c_str()), &PQfinish}; }

}  // namespace

fs::path PostgresServer::program_folder() {
  fs::path best;
  int newest = 14;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
    const std::string name = entry.path().filename();
    int version = 0;
    std::from_chars(name.data(), name.data() + name.size(), version);
    if (version > newest && fs::exists(entry.path() / "bin" / "initdb")) {
      newest = version;
      best = entry.path() / "bin";
    }
  }
  if (!best.empty()) return best;
  std::string path = std::getenv("PATH") != nullptr ? std::getenv("PATH") : "";
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find(':', start), path.size());
    const fs::path folder = path.substr(start, end - start);
    if (!folder.empty() && fs::exists(folder / "pg_ctl")) return fs::canonical(folder / "pg_ctl").parent_path();
    start = end + 1;
  }
  throw std::runtime_error("PostgreSQL 15 or newer is not installed (Debian: apt-get install postgresql)");
}

PostgresServer::PostgresServer() : folder_(make_folder(temporary_folder() / "bailey-postgres-")) {
  watcher_ = start_watcher(folder_, watch_end_);
  make_data_folder(program_folder(), folder_);
  for (int attempt = 1;; ++attempt) {
    port_ = free_port();
    try {
      start();
      return;
    } catch (const std::runtime_error&) {  // somebody took the port meanwhile
      if (attempt == 3) throw;
    }
  }
}

PostgresServer::~PostgresServer() {
  try {
    stop();
  } catch (const std::exception&) {  // the watcher tries again
  }
  ::close(watch_end_);
  static_cast<void>(wait_for_exit(watcher_, 5'000));
}

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

std::string PostgresServer::connection_string(std::string_view user, std::string_view database) const {
  return "host=" + folder_.string() + " port=" + std::to_string(port_) + " user=" + std::string(user) +
         " dbname=" + std::string(database);
}

std::string PostgresServer::tcp_connection_string(std::string_view user, std::string_view database) const {
  return "host=127.0.0.1 sslmode=disable port=" + std::to_string(port_) + " user=" + std::string(user) +
         " dbname=" + std::string(database);
}

std::string PostgresServer::url(std::string_view user, std::string_view database) const {
  return "postgresql://" + std::string(user) + "@127.0.0.1:" + std::to_string(port_) + "/" + std::string(database) +
         "?sslmode=disable";
}

std::string PostgresServer::query(const std::string& sql, std::string_view database) const {
  const ConnectionPtr connection =
      connect(connection_string("postgres", database) + " options='-c client_min_messages=warning'");
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()), &PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
    throw std::runtime_error(PQerrorMessage(connection.get()));
  return PQntuples(result.get()) > 0 && PQnfields(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

void PostgresServer::execute(const std::string& sql, std::string_view database) const {
  static_cast<void>(query(sql, database));
}

std::string PostgresServer::create_database() {
  const std::string name = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++databases_);
  execute("create database " + name);
  return name;
}

void PostgresServer::start() {
  if (pid_ > 0) return;
  const fs::path log = folder_ / "log";
  const std::vector<std::string> command{program_folder() / "postgres",
                                         "-D",
                                         folder_ / "data",
                                         "-c",
                                         "listen_addresses=127.0.0.1",
                                         "-c",
                                         "port=" + std::to_string(port_),
                                         "-c",
                                         "unix_socket_directories=" + folder_.string(),
                                         "-c",
                                         "fsync=off",
                                         "-c",
                                         "synchronous_commit=off",
                                         "-c",
                                         "full_page_writes=off",
                                         "-c",
                                         "shared_buffers=32MB",
                                         "-c",
                                         "max_connections=120",
                                         "-c",
                                         "autovacuum=off",
                                         "-c",
                                         "wal_level=logical",
                                         "-c",
                                         "logging_collector=off",
                                         "-c",
                                         "log_min_messages=fatal"};
  pid_ = start_program(command, log);
  for (int waited = 0; waited < 30'000; waited += 10) {
    if (PQping(connection_string().c_str()) == PQPING_OK) return;
    if (wait_for_exit(pid_, 0)) {
      pid_ = -1;
      throw std::runtime_error("PostgreSQL does not start: " + end_of(log));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("PostgreSQL does not take queries: " + end_of(log));
}

void PostgresServer::stop() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGINT);
  if (!wait_for_exit(pid_, 10'000)) {
    ::kill(pid_, SIGQUIT);
    if (!wait_for_exit(pid_, 5'000)) return kill();
  }
  pid_ = -1;
}

void PostgresServer::restart() {
  stop();
  start();
}

void PostgresServer::kill() {
  if (pid_ <= 0) return;
  const std::vector<pid_t> backends = children_of(pid_);
  ::kill(pid_, SIGKILL);
  for (const pid_t backend : backends) ::kill(backend, SIGKILL);
  static_cast<void>(wait_for_exit(pid_, 5'000));
  for (const pid_t backend : backends)  // not our children: gone when they cannot be signalled
    for (int waited = 0; waited < 5'000 && ::kill(backend, 0) == 0; ++waited)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  pid_ = -1;
}

}  // namespace bailey::test
