#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace bailey::test {

// A private PostgreSQL (15 or newer) for tests: its own data folder under the temporary folder, a Unix socket and a
// free loopback port, nothing synced to disk, superuser "postgres" without a password. It needs `initdb` and `postgres`
// in /usr/lib/postgresql/*/bin or beside a `pg_ctl` on PATH. As root it runs as the user postgres.
//
// It is stopped and deleted when the object dies, and a watcher process does the same when the program dies first. All
// members throw std::runtime_error with the end of the server's log when something fails. Not thread-safe.
class PostgresServer {
 public:
  PostgresServer();  // initialises (from a copied template, so it takes part of a second) and starts
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // One server for the whole test program, started on first use. Tests that stop or kill a server make their own.
  [[nodiscard]] static PostgresServer& shared();

  // Of the superuser, by the Unix socket, as libpq takes it. `user` and `database` may be others.
  [[nodiscard]] std::string connection_string(std::string_view user = "postgres",
                                              std::string_view database = "postgres") const;
  // The same over TCP on 127.0.0.1.
  [[nodiscard]] std::string tcp_connection_string(std::string_view user = "postgres",
                                                  std::string_view database = "postgres") const;
  // postgresql://user@127.0.0.1:port/database, for tools that want a URL.
  [[nodiscard]] std::string url(std::string_view user = "postgres", std::string_view database = "postgres") const;

  // Runs commands as the superuser, over a connection of its own.
  void execute(const std::string& sql, std::string_view database = "postgres") const;
  // The first column of the first row, "" for none.
  [[nodiscard]] std::string query(const std::string& sql, std::string_view database = "postgres") const;
  // Makes a database of its own for a test and returns its name, unique in this server.
  [[nodiscard]] std::string create_database();

  // Makes the roles every Supabase has, if they are not there: anon, authenticated, service_role (BYPASSRLS) and
  // authenticator (login, NOINHERIT, member of the three), the schema auth with auth.uid(), auth.role() and auth.jwt().
  void create_supabase_roles(std::string_view database = "postgres") const;

  void start();    // returns once it takes queries
  void stop();     // fast shutdown: clients are disconnected
  void restart();  // stop and start, on the same socket and port
  void kill();     // SIGKILL of the postmaster and all its backends, as a crash would be

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] const std::filesystem::path& socket_folder() const noexcept { return folder_; }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  // Folder with psql, pgbench and the rest.
  [[nodiscard]] static std::filesystem::path program_folder();

 private:
  std::filesystem::path folder_;  // data folder, socket and log
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
  pid_t watcher_ = -1;
  int watch_end_ = -1;  // of a pipe: closed, it tells the watcher to tidy up
  int databases_ = 0;
};

}  // namespace bailey::test
