#include "stack/project/state_folder.hpp"

#include <filesystem>
#include <fstream>

namespace bailey::stack {

void make_state_folder(const Project& project) {
  std::filesystem::create_directories(project.state_folder());
  std::filesystem::permissions(project.state_folder(), std::filesystem::perms(0755));
  std::ofstream(project.state_folder() / ".gitignore") << "*\n";
}

}  // namespace bailey::stack
