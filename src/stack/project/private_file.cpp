#include "stack/project/private_file.hpp"

#include <bailey/base/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <string>
#include <system_error>

namespace bailey::stack {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw Error("unsafe_file",
              path.string() + " is " + what +
                  ", which bailey neither follows nor writes; remove it (did it come with the project?)");
}

}  // namespace

Descriptor open_own_file(const std::filesystem::path& file, int flags, uid_t owner) {
  // Without O_NONBLOCK a named pipe would keep us here for ever.
  Descriptor opened(open(file.c_str(), flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
  if (!opened && errno == ELOOP) refuse(file, "a link");
  if (!opened && (errno == ENXIO || errno == EISDIR)) refuse(file, "no plain file");
  if (!opened) throw std::system_error(errno, std::generic_category(), "cannot open " + file.string());
  struct stat status{};
  if (fstat(opened.get(), &status) != 0) throw std::system_error(errno, std::generic_category(), file.string());
  if (!S_ISREG(status.st_mode)) refuse(file, "no plain file");
  if (status.st_nlink > 1) refuse(file, "a link to another file");
  if (status.st_uid != owner) {
    throw Error("unsafe_file",
                file.string() +
                    " is another user's, which bailey neither follows nor writes; if it is yours, give it "
                    "back (chown), else remove it (did it come with the project?)");
  }
  return opened;
}

void require_real_folder(const std::filesystem::path& folder) {
  struct stat status{};
  if (lstat(folder.c_str(), &status) != 0) {
    if (errno == ENOENT) return;
    throw std::system_error(errno, std::generic_category(), "cannot look at " + folder.string());
  }
  if (S_ISLNK(status.st_mode)) refuse(folder, "a link");
  if (!S_ISDIR(status.st_mode)) refuse(folder, "no folder");
}

void write_private_file(const std::filesystem::path& file, std::string_view content) {
  const std::string fresh = file.string() + ".tmp";
  unlink(fresh.c_str());
  const Descriptor opened(open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (opened && write(opened.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
      fsync(opened.get()) == 0 && rename(fresh.c_str(), file.c_str()) == 0) {
    return;
  }
  const int failure = errno;
  unlink(fresh.c_str());
  throw std::system_error(failure, std::generic_category(), "cannot write " + file.string());
}

std::optional<Secret> read_private_file(const std::filesystem::path& file) {
  std::error_code missing;
  if (std::filesystem::symlink_status(file, missing).type() == std::filesystem::file_type::not_found)
    return std::nullopt;
  const Descriptor opened = open_own_file(file, O_RDONLY);
  std::string content;
  std::array<char, 4096> block{};
  for (ssize_t count = 0; (count = read(opened.get(), block.data(), block.size())) != 0;) {
    if (count < 0) throw std::system_error(errno, std::generic_category(), "cannot read " + file.string());
    content.append(block.data(), static_cast<std::size_t>(count));
  }
  return Secret(std::move(content));
}

}  // namespace bailey::stack
