#pragma once

#include <filesystem>

namespace bailey::stack {

// Stops a PostgreSQL that still runs on this data, left by a bailey that was killed: its postmaster as for a shutdown.
// Throws Error "postgres_failed" when it does not end.
void stop_leftover(const std::filesystem::path& data);

// Ends the server processes that a postmaster left behind when it was killed. To be called while none runs on this
// data. Throws Error "postgres_failed" when one does not end.
void end_orphans(const std::filesystem::path& data);

// Removes the lock files, of the data and of the sockets' folder, that name a process which does not work on this data.
// To be called once none does.
void remove_stale_locks(const std::filesystem::path& data, const std::filesystem::path& sockets);

}  // namespace bailey::stack
