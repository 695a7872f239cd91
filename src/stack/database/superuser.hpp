#pragma once

#include <optional>
#include <string>

#include "stack/database/blocking_connection.hpp"
#include "stack/database/cluster.hpp"

namespace bailey::stack {

// A session of the superuser in the project's database, the only way to one. Nothing that a project may have left there
// counts in it: what is set for the database (ALTER DATABASE … SET) is as it is without, the search path is
// PostgreSQL's own schema, and the database is the one that Bailey has made or that initdb has just made. Throws Error
// "bootstrap_failed" when it is another, or when the project's password does not open it.
[[nodiscard]] BlockingConnection connect_as_superuser(const Cluster& cluster);

// The same in another database of the cluster, where that is a copy of Bailey's: a project may make one, and what
// Bailey's functions were then they still are there. nullopt where nothing of Bailey's is.
[[nodiscard]] std::optional<BlockingConnection> connect_to_copy_as_superuser(const Cluster& cluster,
                                                                             const std::string& database);

}  // namespace bailey::stack
