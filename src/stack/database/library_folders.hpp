#pragma once

#include <filesystem>
#include <vector>

namespace bailey::stack {

// The folders of users: where they are as a rule, and that of whom we run as.
[[nodiscard]] std::vector<std::filesystem::path> homes_of_users();

// The folders that the dynamic linker's configuration names, with what it includes (ld.so.conf(5)): software that is
// installed in /opt, say, has its libraries found by that. Left out are those that are not there, and those that are
// in a home or have one in them.
[[nodiscard]] std::vector<std::filesystem::path> library_folders(
    const std::filesystem::path& configuration = "/etc/ld.so.conf",
    const std::vector<std::filesystem::path>& homes = homes_of_users());

}  // namespace bailey::stack
