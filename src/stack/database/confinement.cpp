// A second wall around PostgreSQL. The first is SQL: no login of a project's may ask for a file. This one, which the
// kernel keeps, also holds for what a library below PostgreSQL may be talked into opening. PostgreSQL's processes are
// in it together, so that they may send each other signals.
#include "stack/database/confinement.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include "stack/database/library_folders.hpp"

namespace bailey::stack {
namespace {

namespace fs = std::filesystem;

// Of versions 2 and 3, and not in the headers of every system we build on.
constexpr std::uint64_t move_right = 1ULL << 13;
constexpr std::uint64_t truncate_right = 1ULL << 14;
constexpr std::uint64_t rights_of_version_2 = (move_right << 1) - 1;

// Of version 6, which also bounds more than files: no signal leaves, and no connection to a socket without a path.
struct RulesetAttributes {
  std::uint64_t files = 0, network = 0, scoped = 0;
};
constexpr std::uint64_t abstract_sockets = 1ULL << 0, signals = 1ULL << 1;

constexpr std::uint64_t reading =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t using_devices = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | truncate_right;
constexpr std::uint64_t sharing_memory = using_devices | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE;
constexpr std::uint64_t owning = sharing_memory | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                 LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_SYM |
                                 LANDLOCK_ACCESS_FS_MAKE_SOCK | move_right;
constexpr std::uint64_t rights_on_files =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | truncate_right;

// Programs, libraries and their data; then of /etc, where other programs keep more, what libraries read; then what they
// ask about the machine, and where its name servers stand. A rule is for a file, not its name: what is replaced while
// PostgreSQL runs is another file, unless its folder is here. A process's own files in /proc are not here: a rule for
// them would have to be for all of /proc.
constexpr std::array readable{"/usr",
                              "/lib",
                              "/lib32",
                              "/lib64",
                              "/bin",
                              "/sbin",
                              "/nix/store",
                              "/gnu/store",
                              "/home/linuxbrew/.linuxbrew/Cellar",
                              "/home/linuxbrew/.linuxbrew/lib",
                              "/home/linuxbrew/.linuxbrew/share",
                              "/etc/ca-certificates",
                              "/etc/crypto-policies",
                              "/etc/gai.conf",
                              "/etc/group",
                              "/etc/host.conf",
                              "/etc/hosts",
                              "/etc/krb5.conf",
                              "/etc/ld.so.cache",
                              "/etc/ld.so.conf",
                              "/etc/ld.so.conf.d",
                              "/etc/ld.so.preload",
                              "/etc/localtime",
                              "/etc/nsswitch.conf",
                              "/etc/passwd",
                              "/etc/perl",
                              "/etc/pki/ca-trust/extracted",
                              "/etc/pki/tls/certs",
                              "/etc/pki/tls/openssl.cnf",
                              "/etc/protocols",
                              "/etc/resolv.conf",
                              "/etc/services",
                              "/etc/ssl/certs",
                              "/etc/ssl/openssl.cnf",
                              "/etc/timezone",
                              "/proc/cpuinfo",
                              "/proc/filesystems",
                              "/proc/meminfo",
                              "/proc/stat",
                              "/proc/sys/vm/overcommit_memory",
                              "/run/systemd/resolve",
                              "/sys/devices/system",
                              "/sys/kernel/mm",
                              "/var/cache/postgresql/dicts",  // where Debian keeps the dictionaries of text search
                              "/var/lib/ca-certificates"};    // and SUSE the certificates that /etc/ssl leads to
constexpr std::array devices{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};

[[noreturn]] void fail(const fs::path& path) {
  throw std::system_error(errno, std::generic_category(), "cannot confine PostgreSQL to " + path.string());
}

class Ruleset {
 public:
  explicit Ruleset(int version) : handled_(rights_of_version_2 | (version >= 3 ? truncate_right : 0)) {
    const RulesetAttributes attributes{.files = handled_, .scoped = abstract_sockets | signals};
    const std::size_t size = version >= 6 ? sizeof attributes : sizeof attributes.files;
    rules_ = Descriptor(static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, size, 0U)));
    if (!rules_) fail("files of its own");
  }

  // Links are followed: a rule is for what a path leads to. What is not there, or not for us to see, is of no use to
  // it.
  void allow_if_there(const fs::path& path, std::uint64_t rights) const {
    if (const Descriptor opened{open(path.c_str(), O_PATH | O_CLOEXEC)}) add(opened, path, rights);
  }
  void allow(const fs::path& path, std::uint64_t rights) const {
    const Descriptor opened(open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!opened) fail(path);
    add(opened, path, rights);
  }

  [[nodiscard]] Descriptor take() { return std::move(rules_); }

 private:
  void add(const Descriptor& opened, const fs::path& path, std::uint64_t rights) const {
    struct stat status{};
    if (fstat(opened.get(), &status) != 0) fail(path);
    if (!S_ISDIR(status.st_mode)) rights &= rights_on_files;
    const landlock_path_beneath_attr rule{.allowed_access = rights & handled_, .parent_fd = opened.get()};
    if (syscall(SYS_landlock_add_rule, rules_.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0U) != 0) fail(path);
  }

  std::uint64_t handled_;
  Descriptor rules_;
};

}  // namespace

int landlock_version() noexcept {
  const auto version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return static_cast<int>(std::max(version, 0L));
}

// Not the folder above, which may be somebody's home or its `.local`, and of `share` there no more than is PostgreSQL's
// and its extensions' unless all of it is PostgreSQL's.
std::vector<fs::path> folders_of_programs(const fs::path& programs) {
  std::error_code failure;
  const fs::path real = fs::canonical(programs / "postgres", failure);  // where PostgreSQL looks for its files
  if (failure) return {programs};
  const fs::path above = real.parent_path().parent_path();
  std::vector<fs::path> folders{programs, real.parent_path(), above / "lib", above / "lib64"};
  if (fs::exists(above / "share" / "postgres.bki", failure)) {
    folders.push_back(above / "share");
  } else {
    for (const char* name : {"postgresql", "proj", "gdal", "locale", "zoneinfo"})
      folders.push_back(above / "share" / name);
  }
  return folders;
}

Descriptor confinement_of(const Cluster& cluster, int version, const fs::path& libraries) {
  if (!cluster.is_confined || version < 2) return {};
  Ruleset rules(version);
  for (const char* path : readable) rules.allow_if_there(path, reading);
  for (const fs::path& folder : folders_of_programs(cluster.programs.folder)) rules.allow_if_there(folder, reading);
  for (const fs::path& folder : library_folders(libraries)) rules.allow_if_there(folder, reading);
  for (const char* path : devices) rules.allow_if_there(path, using_devices);
  rules.allow_if_there("/dev/shm", sharing_memory);  // the memory of parallel queries
  rules.allow(cluster.data, owning);
  rules.allow(cluster.sockets, owning);
  return rules.take();
}

}  // namespace bailey::stack
