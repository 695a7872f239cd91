#pragma once

#include <filesystem>
#include <optional>

namespace bailey::stack {

// A PostgreSQL on this machine, 15 or newer.
struct PostgresInstallation {
  std::filesystem::path folder;  // of initdb, postgres
  int major = 0;
};

// The one for a cluster of this version; for a new cluster (nullopt) the newest. They are looked for below
// /usr/lib/postgresql and in PATH; where BAILEY_POSTGRES names a folder with the programs, there alone. Throws Error
// "no_postgres".
[[nodiscard]] PostgresInstallation choose_installation(std::optional<int> cluster_major);

}  // namespace bailey::stack
