#include "stack/database/library_folders.hpp"

#include <glob.h>
#include <pwd.h>
#include <unistd.h>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace bailey::stack {
namespace {

namespace fs = std::filesystem;

constexpr int deepest_include = 8;

bool is_in(const fs::path& path, const fs::path& folder) {
  return std::ranges::mismatch(folder, path).in1 == folder.end();
}

// Links are followed: what counts is where it lies.
void add(std::vector<fs::path>& folders, const std::string& name, const std::vector<fs::path>& homes) {
  std::error_code failure;
  const fs::path real = fs::canonical(name, failure);
  if (failure || !fs::path(name).is_absolute() || !fs::is_directory(real, failure)) return;
  for (const fs::path& home : homes) {
    const fs::path there = fs::weakly_canonical(home, failure);
    if (is_in(real, there) || is_in(there, real)) return;
  }
  folders.push_back(real);
}

void read(std::vector<fs::path>& folders, const fs::path& configuration, const std::vector<fs::path>& homes,
          int depth) {
  std::ifstream input(configuration);
  for (std::string line; std::getline(input, line);) {
    line.erase(std::min(line.find('#'), line.size()));
    std::ranges::replace_if(line, [](char c) { return c == ':' || c == ','; }, ' ');
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word == "hwcap") continue;
    if (word != "include") {
      for (; words || !word.empty(); word.clear(), words >> word) add(folders, word.substr(0, word.find('=')), homes);
      continue;
    }
    if (depth == deepest_include) continue;  // a file may include itself
    while (words >> word) {
      glob_t found{};
      if (glob((configuration.parent_path() / word).c_str(), 0, nullptr, &found) == 0)
        for (std::size_t i = 0; i < found.gl_pathc; ++i) read(folders, found.gl_pathv[i], homes, depth + 1);
      globfree(&found);
    }
  }
}

}  // namespace

std::vector<fs::path> homes_of_users() {
  std::vector<fs::path> homes{"/home", "/root"};  // and not "/", which services have: all folders are in it
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/' && home[1] != '\0')
    homes.emplace_back(home);
  if (const passwd* user = getpwuid(geteuid()); user != nullptr && *user->pw_dir == '/' && user->pw_dir[1] != '\0')
    homes.emplace_back(user->pw_dir);
  return homes;
}

std::vector<fs::path> library_folders(const fs::path& configuration, const std::vector<fs::path>& homes) {
  std::vector<fs::path> folders;
  read(folders, configuration, homes, 0);
  return folders;
}

}  // namespace bailey::stack
