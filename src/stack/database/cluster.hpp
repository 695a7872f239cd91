#pragma once

#include <bailey/base/secret.hpp>
#include <bailey/stack/project.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "stack/database/account.hpp"
#include "stack/database/installation.hpp"

namespace bailey::stack {

// A folder of its own below /tmp, gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();  // throws std::system_error
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

// The project's database on disk: made once, then only started. It lies in `.bailey/postgres`, or, where PostgreSQL's
// user cannot enter the project's folder, in /var/lib/bailey/<name>.
struct Cluster {
  PostgresInstallation programs;
  std::optional<Account> account;
  std::filesystem::path data;
  std::filesystem::path sockets;  // short enough for a unix socket's name
  std::unique_ptr<const TemporaryFolder>
      temporary_sockets;  // which `sockets` is where the data's place has a long name
  std::filesystem::path log;
  std::uint16_t port = 0;
  bool is_confined = true;  // where the kernel can: PostgreSQL opens no file but its own and the system's
  std::filesystem::path admin_password_file;  // .bailey/admin_password
  Secret admin_password;                      // of supabase_admin, the superuser

  // A libpq connection string over the unix socket.
  [[nodiscard]] Secret connection_string(std::string_view role, std::string_view password,
                                         std::string_view database = "postgres") const;
  // The same for a service of the stack that answers requests: what is set for its role or its database counts, but
  // nothing that keeps it from connecting.
  [[nodiscard]] Secret service_connection_string(std::string_view role) const;
  // The same for what the stack itself does as that role: no limit of time that is set for the role or the database
  // counts either, nor that they are read-only.
  [[nodiscard]] Secret own_connection_string(std::string_view role) const;
  // The superuser's. Its commands mean PostgreSQL's own functions and operators, whatever a project has put into its
  // schemas, and no setting of its database keeps it from connecting. `connect_as_superuser` is what to connect by.
  [[nodiscard]] Secret admin_connection_string(std::string_view database = "postgres") const;

 private:
  [[nodiscard]] std::string unhindered() const;
};

// The password of the roles people and programs log in with, as in every local Supabase. The superuser's is random.
inline constexpr std::string_view role_password = "postgres";

// Where the project's data lies, or is to lie.
[[nodiscard]] std::filesystem::path data_folder(const Project& project, const std::optional<Account>& account);

// Opens the project's cluster, making it first if there is none (about a second). `reset` throws an existing one away,
// and ends what an earlier run left on it. Throws Error, or std::system_error.
[[nodiscard]] Cluster open_cluster(const Project& project, std::uint16_t port, bool reset);

}  // namespace bailey::stack
