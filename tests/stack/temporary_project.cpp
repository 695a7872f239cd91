#include "tests/stack/temporary_project.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include "stack/database/account.hpp"
#include "stack/database/cluster.hpp"
#include "stack/project/state_folder.hpp"

namespace bailey::test {

namespace fs = std::filesystem;

TemporaryProject::TemporaryProject() {
  std::string name = (fs::temp_directory_path() / "bailey-stack-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  fs::permissions(name, fs::perms(0755));
  project.root = fs::canonical(name);
  fs::create_directories(project.migrations_folder());
  stack::make_state_folder(project);
}

TemporaryProject::~TemporaryProject() {
  std::error_code ignored;
  fs::remove_all(project.root, ignored);
}

void TemporaryProject::write(const fs::path& name, std::string_view text) const {
  std::ofstream(project.supabase_folder() / name) << text;
}

InitialisedProject::InitialisedProject() {
  static const TemporaryProject initialised;
  constexpr std::uint16_t no_port = 1;  // nothing is started
  static_cast<void>(stack::open_cluster(initialised.project, no_port, false));
  fs::remove_all(project.state_folder());
  // Owners are kept: the data are those of PostgreSQL's user.
  const std::string copy =
      "cp -a " + initialised.project.state_folder().string() + " " + project.state_folder().string();
  if (std::system(copy.c_str()) != 0) throw std::runtime_error(copy);
}

}  // namespace bailey::test
