// Temporary files are opened without a name (O_TMPFILE), so that one can be given to them later: saving an upload is
// then a link. Some file systems cannot (NFS, overlays of old kernels); there the file has a name for a moment, and
// saving is a copy. A file that gets a name comes with the mode that the process gives new files.
#include "http/spool_storage.hpp"

#include <bailey/base/random.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace bailey::http {
namespace {

constexpr mode_t new_file_mode = 0666;  // less the umask

Error error_of(std::string_view action, int reason) {
  std::string cause = std::string(action).append(": ").append(std::generic_category().message(reason));
  switch (reason) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return {"insufficient_storage", "The server has no room for this file", 507, {507, true}, std::move(cause)};
    case EMFILE:
    case ENFILE:
    case ENOMEM: return {"overloaded", "The server has too many files open", 503, {503, true}, std::move(cause)};
    default: return {"storage_failed", "A file could not be stored", 500, {500, false}, std::move(cause)};
  }
}

template <class Call>
auto without_interruption(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

[[noreturn]] void fail(std::string_view action) { throw StorageError(action, errno); }

int open_temporary(const std::string& directory) {
  int descriptor = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, new_file_mode);
  if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return descriptor;
  std::string name = directory + "/bailey-XXXXXX";
  descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor >= 0) ::unlink(name.c_str());
  return descriptor;
}

void write_all(int descriptor, std::string_view bytes, std::uint64_t position, std::string_view action) {
  while (!bytes.empty()) {
    const ssize_t count = without_interruption(
        [&] { return ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(position)); });
    if (count < 0) fail(action);
    bytes.remove_prefix(static_cast<std::size_t>(count));
    position += static_cast<std::uint64_t>(count);
  }
}

}  // namespace

StorageError::StorageError(std::string_view action, int reason) : Error(error_of(action, reason)) {}

TemporaryFile::TemporaryFile(const std::string& directory) : descriptor_(open_temporary(directory)) {
  if (descriptor_ < 0) fail("making a temporary file in " + directory);
}

TemporaryFile::~TemporaryFile() { ::close(descriptor_); }

void TemporaryFile::append(std::string_view bytes) {
  write_all(descriptor_, bytes, size_, "writing a temporary file");
  size_ += bytes.size();
}

std::string TemporaryFile::read_at(std::uint64_t position, std::size_t most_bytes) const {
  if (position >= size_) return {};
  std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(most_bytes, size_ - position)), '\0');
  const ssize_t count = without_interruption(
      [&] { return ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(position)); });
  if (count < 0) fail("reading a temporary file");
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

NewFile::NewFile(std::string path) : path_(std::move(path)) {
  if (path_.find('\0') != std::string::npos) throw StorageError("saving an upload", EINVAL);  // which ends it early
  const std::size_t slash = path_.rfind('/');
  directory_ = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
  name_ = (slash == std::string::npos ? "" : directory_) + ".upload-" + random_token(12);
}

NewFile::~NewFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (is_named_) ::unlink(name_.c_str());
}

bool NewFile::link(const TemporaryFile& file) {
  std::array<char, 32> link{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", file.descriptor());
  if (::linkat(AT_FDCWD, link.data(), AT_FDCWD, name_.c_str(), AT_SYMLINK_FOLLOW) != 0) return false;
  is_named_ = true;
  descriptor_ = ::fcntl(file.descriptor(), F_DUPFD_CLOEXEC, 0);
  if (descriptor_ < 0) fail("saving an upload");
  return true;
}

void NewFile::open() {
  if (descriptor_ >= 0) return;
  descriptor_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, new_file_mode);
  if (descriptor_ < 0) fail("saving an upload");
  is_named_ = true;
}

void NewFile::write(std::string_view bytes) {
  open();
  write_all(descriptor_, bytes, 0, "saving an upload");
}

void NewFile::copy(const TemporaryFile& file, std::uint64_t position, std::size_t bytes) {
  constexpr std::size_t part_bytes = std::size_t{256} * 1024;
  open();
  for (std::size_t copied = 0; copied < bytes;) {
    const std::string part = file.read_at(position + copied, std::min(part_bytes, bytes - copied));
    if (part.empty()) throw StorageError("reading a temporary file", EIO);
    write_all(descriptor_, part, position + copied, "saving an upload");
    copied += part.size();
  }
}

void NewFile::finish() {
  if (::fsync(descriptor_) != 0) fail("saving an upload");
  if (::rename(name_.c_str(), path_.c_str()) != 0) fail("saving an upload");
  is_named_ = false;
  const int directory = ::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;  // it may be written to and not read
  const bool is_synced = ::fsync(directory) == 0 || errno == EINVAL;
  const int reason = errno;
  ::close(directory);
  if (!is_synced) throw StorageError("saving an upload", reason);
}

}  // namespace bailey::http
