#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace bailey::stack {

// A PostgreSQL on this machine, 15 or newer.
struct PostgresInstallation {
  std::filesystem::path folder;  // of initdb, postgres
  int major = 0;
};

// All of them, newest first: below /usr/lib/postgresql, then what PATH leads to. BAILEY_POSTGRES (a folder with the
// programs) goes before both.
[[nodiscard]] std::vector<PostgresInstallation> find_installations();

// The one for a cluster of this version; for a new cluster (nullopt) the newest. Throws Error "no_postgres".
[[nodiscard]] PostgresInstallation choose_installation(std::optional<int> cluster_major);

}  // namespace bailey::stack
