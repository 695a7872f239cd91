// The life of the PostgreSQL server process. `watch` is the whole of it, on one thread: launch, wait until ready, wait
// until it ends or we are to stop, pause, again. That thread lives as long as the server is wanted, which PDEATHSIG
// needs: it fires when the thread that forked ends.
#include "stack/database/postmaster.hpp"

#include <bailey/base/log.hpp>

#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "stack/database/confinement.hpp"
#include "stack/database/leftovers.hpp"
#include "stack/database/long_step.hpp"
#include "stack/database/patience.hpp"
#include "stack/database/port.hpp"
#include "stack/database/server_log.hpp"
#include "stack/project/private_file.hpp"

namespace bailey::stack {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{2'000};
constexpr seconds stable_after{30};  // running this long forgets earlier failures
constexpr seconds ready_limit{60};   // without a word of it
constexpr milliseconds poll_interval{10};
constexpr seconds log_interval{1};  // how often the log's length is looked at

bool readable(int fd) {
  pollfd watched{fd, POLLIN, 0};
  return poll(&watched, 1, 0) > 0;
}

// Whether PostgreSQL names a file of its data that it may not open: that is a matter of the file's owner and mode. Its
// names of them begin where the data lies.
bool is_denied_its_data(const Cluster& cluster, std::string_view text) {
  const std::size_t end = text.find("\": Permission denied");
  if (end == std::string_view::npos) return false;
  const std::string_view name = text.substr(text.rfind('"', end - 1) + 1);
  return !name.starts_with('/') || name.starts_with(cluster.data.string() + "/");
}

// Whoever reads that something is denied looks at the file's mode first, which says nothing of it.
std::string explained(const Cluster& cluster, std::string text) {
  if (is_denied_its_data(cluster, text))
    return text + "\nThat is a file of the data, which is to belong to the user whom PostgreSQL runs as";
  const bool is_denied = text.contains("Permission denied") || text.contains("cannot open shared object file");
  if (is_denied && cluster.is_confined && landlock_version() >= 2) {
    text +=
        "\nPostgreSQL is confined to its own files and the system's, whatever their modes; what it may read, and what"
        " helps, is in docs/local-stack.md under \"Files\"";
  }
  return text;
}

// What initdb has written into a file of its own, and the command line says otherwise.
constexpr std::array<std::string_view, 2> settings_of_initdb{"shared_buffers=64MB", "max_connections=100"};

// A setting of the command line could not be taken back while the server runs; the last line of this file counts, and
// `alter system reset` removes it. The settings that initdb has written stand here as the command line has them: else
// PostgreSQL, told to read its files again, would report each as one that it cannot change now.
void keep_autovacuum_off(const Cluster& cluster) {
  const std::filesystem::path file = cluster.data / "postgresql.auto.conf";
  try {
    std::string lines = "\nautovacuum = off\n";
    const Descriptor opened =
        open_own_file(file, O_RDWR | O_APPEND, cluster.account ? cluster.account->user : geteuid());
    std::string present(std::filesystem::file_size(file), '\0');
    if (pread(opened.get(), present.data(), present.size(), 0) < 0)
      throw std::system_error(errno, std::generic_category(), "cannot read " + file.string());
    for (const std::string_view setting : settings_of_initdb) {
      const std::string name(setting.substr(0, setting.find('=')));
      if (!present.contains("\n" + name)) lines += std::string(setting) + "\n";
    }
    errno = ENOSPC;  // which less than all of it means
    if (write(opened.get(), lines.data(), lines.size()) != static_cast<ssize_t>(lines.size())) {
      const int failure = errno;
      // Half a line would keep PostgreSQL from starting.
      static_cast<void>(ftruncate(opened.get(), static_cast<off_t>(present.size())));
      throw std::system_error(failure, std::generic_category(), "cannot write " + file.string());
    }
  } catch (const std::system_error& failure) {
    const bool is_missing = failure.code() == std::errc::no_such_file_or_directory;
    throw Error(
        "postgres_failed",
        std::string(failure.what()) +
            (is_missing ? "; PostgreSQL's settings are in it: put it back, or start anew with bailey dev --reset"
                        : "; mend that and start again: a start writes there, and so does PostgreSQL"));
  }
}

}  // namespace

Postmaster::Postmaster(Cluster cluster) : cluster_(std::move(cluster)), stop_(eventfd(0, EFD_CLOEXEC)) {
  stop_leftover(cluster_.data);
  require_free_port(cluster_.port, "the database", "[db] port");
  keep_autovacuum_off(cluster_);
  if (cluster_.is_confined && landlock_version() < 2) {
    log::info("this kernel does not confine PostgreSQL to files of its own; Landlock of Linux 5.19 does",
              {{"landlock", landlock_version()}});
  }
  watcher_ = std::thread([this] { watch(); });
  std::unique_lock lock(mutex_);
  started_.wait(lock, [this] { return start_reported_; });
  if (!start_failure_) return;
  lock.unlock();
  watcher_.join();
  throw Error("postgres_failed", *start_failure_);
}

Postmaster::~Postmaster() {
  eventfd_write(stop_.get(), 1);
  if (watcher_.joinable()) watcher_.join();
}

// Statements are kept out of the server's log: they may hold passwords.
Process Postmaster::launch() const {
  end_orphans(cluster_.data);
  remove_stale_locks(cluster_.data, cluster_.sockets);
  std::vector<std::string> arguments{"-D", cluster_.data.string()};
  for (const std::string& setting :
       {std::string("listen_addresses=127.0.0.1"), "port=" + std::to_string(cluster_.port),
        "unix_socket_directories=" + cluster_.sockets.string(), std::string("unix_socket_permissions=0700"),
        std::string("password_encryption=scram-sha-256"), std::string("wal_level=logical"),
        std::string(settings_of_initdb[0]), std::string(settings_of_initdb[1]), std::string("timezone=UTC"),
        std::string("log_timezone=UTC"), std::string("log_min_messages=warning"), std::string("log_checkpoints=off"),
        std::string("recovery_init_sync_method=syncfs"), std::string("log_min_error_statement=panic"),
        std::string("logging_collector=off"), std::string("log_destination=stderr"),
        std::string("cluster_name=bailey")}) {
    arguments.emplace_back("-c");
    arguments.push_back(setting);
  }
  const Descriptor confinement = confinement_of(cluster_);
  return Process::start({.program = cluster_.programs.folder / "postgres",
                         .arguments = std::move(arguments),
                         .run_as = cluster_.account,
                         .output = cluster_.log,
                         .folder = cluster_.data,
                         .confinement = confinement.get(),
                         .death_signal = SIGINT});
}

bool Postmaster::await_ready(Process& server) {
  const std::string host = cluster_.sockets.string();
  const std::string port = std::to_string(cluster_.port);
  const std::array<const char*, 4> names{"host", "port", "connect_timeout", nullptr};
  const std::array<const char*, 4> values{host.c_str(), port.c_str(), "2", nullptr};
  const LongStep named("PostgreSQL starts, and recovers what it was not let write to disk");
  for (StartPatience patience(std::chrono::steady_clock::now(), ready_limit);;) {
    const PGPing answer = PQpingParams(names.data(), values.data(), 0);
    if (answer == PQPING_OK) return true;
    if (!patience.goes_on(answer == PQPING_REJECT, std::chrono::steady_clock::now())) return false;
    if (server.wait(poll_interval, stop_.get()) || readable(stop_.get())) return false;
  }
}

void Postmaster::report_start(std::optional<std::string> failure) {
  const std::lock_guard lock(mutex_);
  start_failure_ = std::move(failure);
  start_reported_ = true;
  started_.notify_all();
}

void Postmaster::watch() {
  milliseconds pause = first_pause;
  for (bool first = true;; first = false) {
    const auto begin = std::chrono::steady_clock::now();
    const std::uintmax_t logged = log_size(cluster_.log);
    std::string ending;
    try {
      Process server = launch();
      if (await_ready(server)) {
        pid_ = server.pid();
        if (first) {
          report_start(std::nullopt);
        } else {
          log::info("PostgreSQL runs again", {{"pid", server.pid()}});
        }
        while (!server.wait(log_interval, stop_.get()) && !readable(stop_.get())) cut_log(cluster_.log);
        pid_ = 0;
      }
      if (readable(stop_.get()) || first) {
        const bool failed = first && !start_reported_;
        static_cast<void>(end_server(server));
        if (failed) {
          return report_start(explained(cluster_, "PostgreSQL did not start (" + server.ending() + "); its log, " +
                                                      cluster_.log.string() +
                                                      ", ends:" + log_tail(cluster_.log, logged)));
        }
        if (readable(stop_.get())) return;
      }
      static_cast<void>(server.wait(seconds(0)));
      ending = server.ending();
      static_cast<void>(end_server(server));
    } catch (const std::exception& failure) {
      if (first) return report_start(explained(cluster_, std::string("PostgreSQL did not start: ") + failure.what()));
      ending = failure.what();
    }
    if (std::chrono::steady_clock::now() - begin > stable_after) pause = first_pause;
    log::warning("PostgreSQL has ended and is started again",
                 {{"ending", ending}, {"pause_ms", pause.count()}, {"log", cluster_.log.string()}});
    ++restarts_;
    pollfd stop{stop_.get(), POLLIN, 0};
    if (poll(&stop, 1, static_cast<int>(pause.count())) > 0) return;
    pause = std::min(pause * 2, longest_pause);
  }
}

}  // namespace bailey::stack
