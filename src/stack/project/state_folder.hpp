#pragma once

#include <bailey/stack/project.hpp>

namespace bailey::stack {

// Makes `.bailey` (with a .gitignore that keeps it out of version control), or takes the one that is there. Throws
// Error "unsafe_file" when it is a link or another user's; std::system_error.
void make_state_folder(const Project& project);

}  // namespace bailey::stack
