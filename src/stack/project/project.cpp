#include <bailey/stack/project.hpp>

#include <system_error>

namespace bailey::stack {

Expected<Project> Project::find(const std::filesystem::path& start) {
  std::error_code failure;
  const auto from = std::filesystem::weakly_canonical(std::filesystem::absolute(start, failure), failure);
  for (auto folder = from;; folder = folder.parent_path()) {
    if (std::filesystem::is_directory(folder / "supabase", failure)) return Project{folder};
    if (folder == folder.parent_path()) break;
  }
  return std::unexpected(Error("no_project",
                               "no folder named supabase here or above " + from.string() +
                                   "; make one (mkdir -p supabase/migrations) in your project and try again",
                               404));
}

}  // namespace bailey::stack
