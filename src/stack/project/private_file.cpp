#include "stack/project/private_file.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "stack/descriptor.hpp"

namespace bailey::stack {

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
  std::ifstream input(file, std::ios::binary);
  if (!input) {
    if (!std::filesystem::exists(file)) return std::nullopt;
    throw std::system_error(EACCES, std::generic_category(), "cannot read " + file.string());
  }
  return Secret(std::string(std::istreambuf_iterator<char>(input), {}));
}

}  // namespace bailey::stack
