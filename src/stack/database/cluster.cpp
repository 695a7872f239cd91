#include "stack/database/cluster.hpp"

#include <bailey/base/log.hpp>
#include <bailey/base/random.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <system_error>

#include "stack/database/leftovers.hpp"
#include "stack/database/process.hpp"
#include "stack/database/server_log.hpp"
#include "stack/project/private_file.hpp"
#include "stack/project/project_file.hpp"

namespace bailey::stack {
namespace {

namespace fs = std::filesystem;

std::string hexadecimal(std::size_t value) {
  std::string text(16, '0');
  std::string digits(16, '\0');
  const auto [end, failure] = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16);
  const auto length = static_cast<std::size_t>(end - digits.data());
  return text.replace(16 - length, length, digits, 0, length);
}

// Chooses the folder for the unix socket, which only PostgreSQL's user (and root) can enter. A socket's name has at
// most 107 bytes, and to PostgreSQL and libpq a comma ends a folder's name.
void make_socket_folder(Cluster& cluster) {
  cluster.sockets = cluster.data.string() + "-run";
  constexpr std::size_t name_limit = 107 - std::string_view("/.s.PGSQL.54322.lock").size();
  if (cluster.sockets.string().size() <= name_limit && !cluster.sockets.string().contains(',')) {
    require_real_folder(cluster.sockets);
    fs::create_directories(cluster.sockets);
  } else {
    cluster.temporary_sockets = std::make_unique<TemporaryFolder>();
    cluster.sockets = cluster.temporary_sockets->path();
  }
  fs::permissions(cluster.sockets, fs::perms(0700));
  give_to(cluster.account, cluster.sockets);
}

std::optional<int> version_of(const fs::path& data) {
  const Expected<std::string> text = read_project_file(data / "PG_VERSION", settings_limit_bytes);
  if (!text) return std::nullopt;
  int major = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), major);
  return failure == std::errc() ? std::optional(major) : std::nullopt;
}

// initdb writes its folder into a line of its output, and PostgreSQL keeps names of at most 1,023 bytes, of which those
// in the folder are a part.
void require_name_for_postgres(const fs::path& data) {
  constexpr std::size_t most = 900;
  const std::string name = data.string();
  const std::string_view wrong = name.find_first_of("\r\n") != std::string::npos ? "has a line break in its name"
                                 : name.size() > most                            ? "has too long a name"
                                                                                 : "";
  if (wrong.empty()) return;
  throw Error("cluster_failed", "the folder of the data, " + name + ", " + std::string(wrong) +
                                    ", which PostgreSQL does not take; move the project to another folder");
}

// What a start removes unasked. Nobody gives this name to a copy of the data that is to be kept, as `.old` might be.
fs::path thrown_away(const fs::path& data) { return data.string() + ".thrown-away-by-reset"; }

// Under another name first, which is done at once: what is left when this is killed is no data that somebody may have
// damaged.
void throw_away(const fs::path& data) {
  const fs::path thrown = thrown_away(data);
  fs::remove_all(thrown);  // of a time before
  if (!fs::exists(data)) return;
  std::error_code failure;
  fs::rename(data, thrown, failure);
  if (failure == std::errc::cross_device_link) {
    // A folder of a container's image has one name only. Without this file it is told as no data, whatever is left.
    fs::remove(data / "PG_VERSION");
    fs::remove_all(data);
    return;
  }
  if (failure) {
    throw Error("cluster_failed", "cannot throw away the data in " + data.string() + ": " + failure.message() +
                                      "; nothing of it is lost yet. Is something mounted there? Remove it by hand");
  }
  fs::remove_all(thrown);
}

// One call for the whole file system instead of initdb's thousand, one a file: seconds less on a slow disk.
void sync_to_disk(const fs::path& folder) {
  const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened || syncfs(opened.get()) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot write " + folder.string() + " to disk");
  }
}

// initdb works in a folder of its own that is renamed when complete, so an interrupted one leaves nothing half made.
void initialise(const Cluster& cluster) {
  const fs::path fresh = cluster.data.string() + ".new";
  const fs::path password_file = cluster.data.string() + ".password";
  const std::uintmax_t logged = log_size(cluster.log);
  fs::remove_all(fresh);
  fs::create_directory(fresh);
  fs::permissions(fresh, fs::perms(0700));
  give_to(cluster.account, fresh);
  write_private_file(password_file, cluster.admin_password.reveal());
  give_to(cluster.account, password_file);
  Process initdb = Process::start(
      {.program = cluster.programs.folder / "initdb",
       .arguments = {"--pgdata=" + fresh.string(), "--username=supabase_admin", "--pwfile=" + password_file.string(),
                     "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"},
       .run_as = cluster.account,
       .output = cluster.log,
       .folder = fresh,
       .death_signal = SIGKILL});
  const bool ended = initdb.wait(std::chrono::minutes(2));
  fs::remove(password_file);
  if (!ended) {
    initdb.signal(SIGKILL);
    static_cast<void>(initdb.wait(std::chrono::seconds(5)));
  }
  if (!ended || !initdb.succeeded()) {
    throw Error("cluster_failed", "PostgreSQL's initdb did not succeed (" + initdb.ending() + "); its output, in " +
                                      cluster.log.string() + ", ends:" + log_tail(cluster.log, logged));
  }
  sync_to_disk(fresh);
  fs::rename(fresh, cluster.data);
}

// PostgreSQL only runs on data of its own user.
void require_own(const Cluster& cluster) {
  struct stat status{};
  if (stat(cluster.data.c_str(), &status) != 0) return;
  if (status.st_uid == (cluster.account ? cluster.account->user : geteuid())) {
    if ((status.st_mode & S_IRWXU) == S_IRWXU) return;
    throw Error("cluster_failed", "PostgreSQL, whose folder it is, may not read or write " + cluster.data.string() +
                                      ": give it back the mode 700 (chmod 700)");
  }
  throw Error("cluster_failed", "the data in " + cluster.data.string() +
                                    " belongs to another user, as whom bailey dev was run before; run it as that user, "
                                    "or start anew with bailey dev --reset");
}

Secret admin_password(const fs::path& file, const fs::path& data, bool fresh) {
  if (!fresh) {
    auto kept = read_private_file(file);
    if (kept && !kept->reveal().empty() && !kept->reveal().contains('\0')) return std::move(*kept);
    if (kept) {
      throw Error("cluster_failed", "the file " + file.string() + " is damaged, and without it the data in " +
                                        data.string() +
                                        " cannot be opened; put it back or start anew with bailey dev --reset");
    }
    throw Error("cluster_failed", "the file " + file.string() + " is missing, and without it the data in " +
                                      data.string() +
                                      " cannot be opened; put it back or start anew with bailey dev --reset");
  }
  Secret made(random_token(24));
  write_private_file(file, made.reveal());
  return made;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = "/tmp/bailey-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Secret Cluster::connection_string(std::string_view role, std::string_view password, std::string_view database) const {
  // Quoted as libpq wants values that may hold blanks; a backslash or quote is escaped.
  const auto quoted = [](std::string_view value) {
    std::string text = "'";
    for (const char c : value) {
      if (c == '\'' || c == '\\') text.push_back('\\');
      text.push_back(c);
    }
    return text + "'";
  };
  std::string text = "host=" + quoted(sockets.string()) + " port=" + std::to_string(port) +
                     " dbname=" + quoted(database) + " user=" + quoted(role) + " password=" + quoted(password) +
                     " application_name=bailey client_encoding=UTF8";
  return Secret(std::move(text));
}

Secret Cluster::service_connection_string(std::string_view role) const {
  std::string text(connection_string(role, role_password).reveal());
  return Secret(text + " options='-c role=none -c local_preload_libraries='");
}

Secret Cluster::own_connection_string(std::string_view role) const {
  std::string text(connection_string(role, role_password).reveal());
  return Secret(text + " options='" + unhindered() + "'");
}

// What may be set for a role or the database and keeps a session from doing its work.
std::string Cluster::unhindered() const {
  std::string options =
      "-c role=none -c local_preload_libraries= -c standard_conforming_strings=on -c default_transaction_read_only=off"
      " -c statement_timeout=0 -c lock_timeout=0 -c idle_session_timeout=0 -c idle_in_transaction_session_timeout=0";
  if (programs.major >= 17) options += " -c transaction_timeout=0";
  return options;
}

Secret Cluster::admin_connection_string(std::string_view database) const {
  std::string text(connection_string("supabase_admin", admin_password.reveal(), database).reveal());
  return Secret(text + " options='-c search_path=pg_catalog,pg_temp " + unhindered() + "'");
}

fs::path data_folder(const Project& project, const std::optional<Account>& account) {
  if (!account || can_enter(*account, project.state_folder())) return project.state_folder() / "postgres";
  const fs::path shared = "/var/lib/bailey";
  fs::create_directories(shared);
  fs::permissions(shared, fs::perms(0755));
  const std::string name = project.root.filename().string() + "-" + hexadecimal(std::hash<std::string>{}(project.root));
  log::info("PostgreSQL's user cannot enter the project's folder; its data is kept elsewhere",
            {{"folder", (shared / name).string()}});
  return shared / name;
}

Cluster open_cluster(const Project& project, std::uint16_t port, bool reset) {
  Cluster cluster;
  cluster.port = port;
  cluster.account = postgres_account();
  cluster.data = data_folder(project, cluster.account);
  cluster.log = project.state_folder() / "postgres.log";
  static_cast<void>(open_own_file(cluster.log, O_WRONLY | O_CREAT));
  cut_log(cluster.log);
  require_name_for_postgres(cluster.data);
  require_real_folder(cluster.data);
  if (reset) {
    stop_leftover(cluster.data);
    end_orphans(cluster.data);
    throw_away(cluster.data);
  }
  fs::remove_all(thrown_away(cluster.data));  // of a reset that was killed
  require_own(cluster);
  const std::optional<int> major = version_of(cluster.data);
  if (!major && fs::exists(cluster.data)) {
    throw Error("cluster_failed", "cannot read the data in " + cluster.data.string() +
                                      "; put its files back or start anew with bailey dev --reset");
  }
  cluster.programs = choose_installation(major);
  cluster.admin_password_file = project.state_folder() / "admin_password";
  cluster.admin_password = admin_password(cluster.admin_password_file, cluster.data, !major);
  if (!major) initialise(cluster);
  make_socket_folder(cluster);
  return cluster;
}

}  // namespace bailey::stack
