#include "stack/database/account.hpp"

#include <bailey/base/error.hpp>

#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <system_error>

namespace bailey::stack {

std::optional<Account> postgres_account() {
  if (geteuid() != 0) return std::nullopt;
  const passwd* entry = getpwnam("postgres");
  if (entry == nullptr) {
    throw Error("no_postgres_user",
                "PostgreSQL does not run as root and there is no user named postgres to run it as; install your "
                "system's postgresql package, or run bailey as an ordinary user");
  }
  return Account{"postgres", entry->pw_uid, entry->pw_gid};
}

// Only the kernel knows for sure (groups, access lists, mounts), so a child becomes that user and asks it.
bool can_enter(const Account& account, const std::filesystem::path& folder) {
  const std::string path = folder.string();
  const pid_t child = fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    const bool became = setgroups(0, nullptr) == 0 && setgid(account.group) == 0 && setuid(account.user) == 0;
    _exit(became && access(path.c_str(), X_OK) == 0 ? 0 : 1);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void give_to(const std::optional<Account>& account, const std::filesystem::path& path) {
  if (account && lchown(path.c_str(), account->user, account->group) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot give " + path.string() + " to " + account->name);
  }
}

}  // namespace bailey::stack
