#include "stack/database/server_log.hpp"

#include <bailey/base/log.hpp>

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <exception>
#include <string>
#include <system_error>

#include "stack/project/private_file.hpp"

namespace bailey::stack {

void cut_log(const std::filesystem::path& log) noexcept try {
  std::error_code missing;
  const std::uintmax_t size = std::filesystem::file_size(log, missing);
  if (missing || size <= log_limit_bytes) return;
  const Descriptor file = open_own_file(log, O_RDWR | O_APPEND);
  std::string kept(log_kept_bytes, '\0');
  const ssize_t count = pread(file.get(), kept.data(), kept.size(), static_cast<off_t>(size - kept.size()));
  if (count < 0 || ftruncate(file.get(), 0) != 0) throw std::system_error(errno, std::generic_category(), log.string());
  kept.resize(static_cast<std::size_t>(count));
  kept.erase(0, kept.find('\n') + 1);  // of a line that begins before
  if (write(file.get(), kept.data(), kept.size()) < 0)
    throw std::system_error(errno, std::generic_category(), log.string());
} catch (const std::exception& failure) {
  log::debug("the server's log cannot be cut", {{"reason", failure.what()}});
}

}  // namespace bailey::stack
