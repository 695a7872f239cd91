#pragma once

#include <bailey/stack/config.hpp>
#include <bailey/stack/project.hpp>

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bailey::stack {

// The addresses and keys of a running stack, under the names the Supabase CLI prints: API_URL, DB_URL, ANON_KEY, … They
// are secrets as far as the keys are: print them for the user only.
struct Status {
  std::vector<std::pair<std::string, std::string>> values;

  [[nodiscard]] const std::string& operator[](const std::string& name) const;  // empty when there is none
  void print_env(std::ostream& out) const;                                     // NAME="value" lines for a shell
  // export NAME="value" lines for a shell that starts an app: what Supabase::from_env reads (SUPABASE_URL, …), no more.
  void print_app(std::ostream& out) const;
  void print_json(std::ostream& out) const;
  void print_pretty(std::ostream& out) const;
};

struct StackOptions {
  bool reset = false;                          // throw the database away first
  unsigned threads = 2;                        // event loops of the gateway
  std::function<void(const Status&)> ready{};  // called once everything answers
};

// Runs the project's local Supabase: PostgreSQL and the gateway on the loopback interface. Blocks until SIGINT or
// SIGTERM, then stops all of it. Throws Error with a sentence for the user: "already_running", "address_in_use",
// "invalid_config", "migration_failed", …; std::system_error (std::filesystem::filesystem_error is one) when the
// machine refuses a file, a folder or a process. Takes libpq's variables (PG…) out of the environment, which are about
// other databases: call it before there are other threads.
void run_stack(const Project& project, const Config& config, StackOptions options);

// The addresses and keys of the project's running stack, according to this configuration, which may have changed since
// the stack was started. Error "not_running" when there is none; one that is still starting counts as running.
[[nodiscard]] Expected<Status> running_status(const Project& project, const Config& config);

// Asks the project's running stack to stop and waits until it has. Error "not_running", "not_permitted" when it is
// another user's, or "stop_timeout" after 30 s.
[[nodiscard]] Expected<void> stop_stack(const Project& project);

}  // namespace bailey::stack
