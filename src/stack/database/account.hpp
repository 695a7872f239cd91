#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace bailey::stack {

// The user PostgreSQL runs as. It refuses to run as root, so root hands it to the system user `postgres`; everybody
// else runs it as themselves.
struct Account {
  std::string name;
  uid_t user = 0;
  gid_t group = 0;
};

// nullopt: as ourselves. Throws Error "no_postgres_user" when root has nobody to hand it to.
[[nodiscard]] std::optional<Account> postgres_account();

// Whether this user can enter the folder, through all that is above it.
[[nodiscard]] bool can_enter(const Account& account, const std::filesystem::path& folder);

// Gives a file or folder to the user; does nothing for ourselves. Throws std::system_error.
void give_to(const std::optional<Account>& account, const std::filesystem::path& path);

}  // namespace bailey::stack
