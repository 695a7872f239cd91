#pragma once

#include <filesystem>
#include <vector>

#include "stack/database/cluster.hpp"
#include "stack/descriptor.hpp"

namespace bailey::stack {

// The version of Landlock that the kernel has; 0: none, or it is not to be used here.
[[nodiscard]] int landlock_version() noexcept;

// Of the programs in this folder, what they read beside it: "…/pgsql/bin" has "…/pgsql/lib", …
[[nodiscard]] std::vector<std::filesystem::path> folders_of_programs(const std::filesystem::path& programs);

// The files that the cluster's PostgreSQL may open, for Command::confinement: its data, its sockets and what of the
// system it needs, whatever its user's rights are. Empty where Landlock does not let files be moved between folders,
// as PostgreSQL does (before version 2). From version 6 on it sends signals to none but its own
// processes and connects to no abstract socket of others. Throws std::system_error.
[[nodiscard]] Descriptor confinement_of(const Cluster& cluster, int version = landlock_version(),
                                        const std::filesystem::path& libraries = "/etc/ld.so.conf");

}  // namespace bailey::stack
