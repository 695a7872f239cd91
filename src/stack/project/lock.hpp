#pragma once

#include <bailey/stack/project.hpp>

#include <sys/types.h>
#include <optional>

#include "stack/descriptor.hpp"

namespace bailey::stack {

// Held by the one bailey that runs a project's stack; the kernel takes it back however that process ends. Its file,
// .bailey/lock, holds the process's number.
class ProjectLock {
 public:
  // Throws Error "already_running".
  explicit ProjectLock(const Project& project);
  ~ProjectLock();
  ProjectLock(const ProjectLock&) = delete;
  ProjectLock& operator=(const ProjectLock&) = delete;

  // Who holds it; nullopt: nobody; 0: one that has not written its number yet. A holder that was killed has left its
  // own number, which is told for an instant after the next one has taken the lock.
  [[nodiscard]] static std::optional<pid_t> holder(const Project& project);

 private:
  Descriptor file_;
};

}  // namespace bailey::stack
