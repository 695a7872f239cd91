#pragma once

#include <bailey/stack/config.hpp>
#include <bailey/stack/project.hpp>

#include "stack/database/cluster.hpp"

namespace bailey::stack {

// All that is done between PostgreSQL's start and the first request: `bootstrap`, then the project's roles, migrations
// and seeds. Whatever fails is an Error of one sentence: the step, PostgreSQL's reason, and what helps. A step that
// takes long is named in the log, and with it the sessions it waits for: a client that holds up `bootstrap` is ended at
// last (LockHolders).
void prepare_database(const Project& project, const Config& config, const Cluster& cluster);

}  // namespace bailey::stack
