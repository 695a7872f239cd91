#pragma once

#include <bailey/stack/project.hpp>

#include <filesystem>
#include <string_view>

namespace bailey::test {

// A project in a folder of its own, gone with the object. PostgreSQL's user may enter it.
class TemporaryProject {
 public:
  TemporaryProject();
  ~TemporaryProject();
  TemporaryProject(const TemporaryProject&) = delete;
  TemporaryProject& operator=(const TemporaryProject&) = delete;

  void write(const std::filesystem::path& name, std::string_view text) const;  // below supabase/
  stack::Project project;
};

// One whose cluster is there already, as an earlier `bailey dev` would have left it, never started. initdb takes
// seconds: it runs once a program, and each such project is given a copy of what it made.
class InitialisedProject : public TemporaryProject {
 public:
  InitialisedProject();
};

}  // namespace bailey::test
