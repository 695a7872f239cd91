#pragma once

#include "stack/database/cluster.hpp"

namespace bailey::stack {

// Gives the stack's roles their names again, and brings the database to this program's version of Supabase's roles,
// schemas, tables and functions: the numbered files of src/stack/sql, in order, each once, recorded in
// `_bailey.bootstrap`, but those always that are named so; then every_start.sql and `open_logins`. All of it is done in
// one transaction. Then what runs always, in the copies that a project has made of the database; one where it cannot is
// closed until a start at which it can. Then autovacuum may run. Throws Error "bootstrap_failed", also for a database
// made by a newer Bailey.
void bootstrap(const Cluster& cluster);

// Lets the stack's own roles log in by the password that everybody knows, whatever a script of the project has said of
// them, and lets them connect to the database: the stack has no other. Part of `bootstrap`.
void open_logins(const Cluster& cluster);

}  // namespace bailey::stack
