#include "stack/project/state_folder.hpp"

#include <bailey/base/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "stack/descriptor.hpp"
#include "stack/project/private_file.hpp"

namespace bailey::stack {

void make_state_folder(const Project& project) {
  const std::filesystem::path folder = project.state_folder();
  std::filesystem::create_directories(folder.parent_path());
  require_real_folder(folder);
  const bool made = mkdir(folder.c_str(), 0755) == 0;
  if (!made && errno != EEXIST)
    throw std::system_error(errno, std::generic_category(), "cannot make " + folder.string());
  const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status{};
  if (!opened || fstat(opened.get(), &status) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot open " + folder.string());
  }
  if (status.st_uid != geteuid()) {
    throw Error("unsafe_file", folder.string() +
                                   " belongs to another user, as whom bailey dev was run before; run it as "
                                   "that user, or remove that folder to start anew");
  }
  if (fchmod(opened.get(), 0755) != 0) throw std::system_error(errno, std::generic_category(), folder.string());
  const Descriptor ignored = open_own_file(folder / ".gitignore", O_WRONLY | O_CREAT);
  constexpr std::string_view everything = "*\n";
  // Over what stands there, and cut then: on a full disk an emptied file might stay empty, and keys be committed.
  if (pwrite(ignored.get(), everything.data(), everything.size(), 0) < 0 ||
      ftruncate(ignored.get(), static_cast<off_t>(everything.size())) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot write " + (folder / ".gitignore").string());
  }
}

}  // namespace bailey::stack
