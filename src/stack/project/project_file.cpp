#include "stack/project/project_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <system_error>

#include "stack/descriptor.hpp"

namespace bailey::stack {

Expected<std::string> read_project_file(const std::filesystem::path& file, std::size_t limit_bytes) {
  const auto refused = [&](const std::string& why) {
    return std::unexpected(Error("unreadable_file", "cannot read " + file.string() + ": " + why, 500));
  };
  // Without O_NONBLOCK a named pipe would keep us here for ever.
  const Descriptor opened(open(file.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat status{};
  if (!opened || fstat(opened.get(), &status) != 0) return refused(std::generic_category().message(errno));
  if (!S_ISREG(status.st_mode)) return refused("it is no plain file");
  std::string content;
  std::array<char, 65'536> part{};
  for (;;) {
    const ssize_t count = read(opened.get(), part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return refused(std::generic_category().message(errno));
    if (count == 0) return content;
    content.append(part.data(), static_cast<std::size_t>(count));
    if (content.size() > limit_bytes) return refused("it has more than " + std::to_string(limit_bytes) + " bytes");
  }
}

}  // namespace bailey::stack
