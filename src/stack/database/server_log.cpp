#include "stack/database/server_log.hpp"

#include <bailey/base/log.hpp>

#include <fcntl.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <exception>
#include <fstream>
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

std::uintmax_t log_size(const std::filesystem::path& log) noexcept {
  std::error_code missing;
  const std::uintmax_t size = std::filesystem::file_size(log, missing);
  return missing ? 0 : size;
}

std::string log_tail(const std::filesystem::path& log, std::uintmax_t since) {
  const std::uintmax_t size = log_size(log);
  const std::uintmax_t begin = since <= size ? since : 0;  // else it has been cut
  const bool is_long = size - begin > log_tail_bytes;
  std::ifstream input(log);
  input.seekg(static_cast<std::streamoff>(is_long ? size - log_tail_bytes : begin));
  std::array<std::string, 12> last;
  std::size_t count = 0;
  for (std::string line; std::getline(input, line); ++count) last[count % last.size()] = line;
  // What is left of the first line that is told.
  if (is_long && count <= last.size() && count > 0) last[0].insert(0, "…");
  std::string text;
  for (std::size_t i = count > last.size() ? count - last.size() : 0; i < count; ++i)
    text += "\n  " + last[i % last.size()];
  return text.empty() ? "\n  (nothing, as when the disk is full)" : text;
}

}  // namespace bailey::stack
