#pragma once

#include <bailey/base/error.hpp>

#include <filesystem>

namespace bailey::stack {

// A project on disk: the folder that holds `supabase/` (what the user keeps under version control) and `.bailey/` (what
// is ours: the data, the keys, the lock). Paths are absolute.
struct Project {
  std::filesystem::path root;

  [[nodiscard]] std::filesystem::path supabase_folder() const { return root / "supabase"; }
  [[nodiscard]] std::filesystem::path config_file() const { return supabase_folder() / "config.toml"; }
  [[nodiscard]] std::filesystem::path migrations_folder() const { return supabase_folder() / "migrations"; }
  [[nodiscard]] std::filesystem::path state_folder() const { return root / ".bailey"; }

  // Finds the project that `start` is in: the nearest folder, `start` or one above it, that has a `supabase` folder.
  // Error "no_project", which tells how to make one.
  [[nodiscard]] static Expected<Project> find(const std::filesystem::path& start);
};

}  // namespace bailey::stack
