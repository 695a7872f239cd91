#pragma once

#include <filesystem>
#include <vector>

#include "stack/database/cluster.hpp"
#include "stack/descriptor.hpp"

// What a program may reach of the file system, whoever speaks to it and whatever its own walls let by: Landlock
// (landlock(7), Linux 5.19 and newer), which no process takes back that is under it.
namespace bailey::stack {

// Files, or folders with all that is below them. What is not named is out of reach.
struct Reach {
  std::vector<std::filesystem::path> read;     // to read, and to run programs of
  std::vector<std::filesystem::path> written;  // to read, and to make, change and remove what is in it
  std::vector<std::filesystem::path> devices;  // to read and to write
};

// Of PostgreSQL's server: its programs and what they come with, its data, its socket. Nothing of the project, of
// anybody's home or of a temporary folder.
[[nodiscard]] Reach reach_of_server(const Cluster& cluster);

// How much of Landlock the kernel has (its "ABI version"). 0: nothing, or it is switched off.
[[nodiscard]] int landlock_version();

// What a Command is confined by. Paths that do not exist are left out. Empty where the version is below 2: that one
// lets nobody move a file to another folder, which PostgreSQL does. Throws std::system_error.
[[nodiscard]] Descriptor confine_to(const Reach& reach, int version = landlock_version());

}  // namespace bailey::stack
