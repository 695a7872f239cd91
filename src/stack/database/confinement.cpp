#include "stack/database/confinement.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace bailey::stack {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t reading =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t truncating = 1ULL << 14;  // since version 3, and newer than the headers may be
constexpr std::uint64_t writing =
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
    LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER | truncating;
constexpr std::uint64_t nobodys = LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK;
// What can be allowed of a file that is no folder.
constexpr std::uint64_t of_a_file =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | truncating;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

void allow(const Descriptor& ruleset, const fs::path& path, std::uint64_t rights) {
  const Descriptor opened(open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat status{};
  if (!opened || fstat(opened.get(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR || errno == EACCES) return;  // it could not be reached without this either
    fail(path.c_str());
  }
  if (!S_ISDIR(status.st_mode)) rights &= of_a_file;
  const landlock_path_beneath_attr rule{.allowed_access = rights, .parent_fd = opened.get()};
  if (syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0U) != 0) fail(path.c_str());
}

}  // namespace

int landlock_version() {
  const long version = syscall(SYS_landlock_create_ruleset, nullptr, std::size_t{0}, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? static_cast<int>(version) : 0;
}

Reach reach_of_server(const Cluster& cluster) {
  Reach reach;
  for (const char* system : {"/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin", "/opt", "/nix/store",
                             "/gnu/store", "/home/linuxbrew/.linuxbrew"}) {
    reach.read.emplace_back(system);
  }
  for (const char* setting : {"ld.so.cache", "localtime", "nsswitch.conf", "passwd", "group", "hosts", "host.conf",
                              "resolv.conf", "gai.conf", "services", "protocols", "ssl", "pki", "perl"}) {
    reach.read.push_back(fs::path("/etc") / setting);
  }
  // Debian keeps the dictionaries there that its text search names.
  reach.read.emplace_back("/var/cache/postgresql/dicts");
  for (const char* machine : {"/proc/cpuinfo", "/proc/meminfo", "/proc/sys", "/sys/devices/system", "/sys/kernel/mm"}) {
    reach.read.emplace_back(machine);
  }
  // One that somebody has built may stand in their home, of which it gets no more than what is PostgreSQL's.
  const fs::path programs = fs::canonical(cluster.programs.folder);
  const fs::path prefix = programs.parent_path();
  reach.read.push_back(programs);
  for (const char* part : {"lib", "lib64", "share/postgresql", "share/proj", "share/gdal"}) {
    reach.read.push_back(prefix / part);
  }
  if (fs::exists(prefix / "share/postgres.bki")) reach.read.push_back(prefix / "share");
  reach.written = {cluster.data, cluster.sockets, "/dev/shm"};
  reach.devices = {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"};
  return reach;
}

Descriptor confine_to(const Reach& reach, int version) {
  if (version < 2) return Descriptor();
  const std::uint64_t known = version < 3 ? ~truncating : ~0ULL;
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = (reading | writing | nobodys) & known;
  Descriptor ruleset(static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0U)));
  if (!ruleset) fail("landlock_create_ruleset");
  for (const fs::path& path : reach.read) allow(ruleset, path, reading);
  for (const fs::path& path : reach.written) allow(ruleset, path, (reading | writing) & known);
  for (const fs::path& path : reach.devices)
    allow(ruleset, path, (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | truncating) & known);
  return ruleset;
}

}  // namespace bailey::stack
