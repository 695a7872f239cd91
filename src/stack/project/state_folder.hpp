#pragma once

#include <bailey/stack/project.hpp>

namespace bailey::stack {

// Makes `.bailey` (with a .gitignore that keeps it out of version control).
void make_state_folder(const Project& project);

}  // namespace bailey::stack
