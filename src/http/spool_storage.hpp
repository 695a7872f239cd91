#pragma once

#include <bailey/base/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bailey::http {

// What has failed on the disk. The client is told that there is no room, or that there are too many files open, or
// nothing; the log what was done and why it failed.
class StorageError final : public Error {
 public:
  StorageError(std::string_view action, int reason);
};

// The temporary files of a spool, and what is done with them. All of it blocks, and throws StorageError.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& directory);  // without a name, empty
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void append(std::string_view bytes);
  // At most so many bytes; "" at the end.
  [[nodiscard]] std::string read_at(std::uint64_t position, std::size_t most_bytes) const;
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
  std::uint64_t size_ = 0;
};

// A file on its way to a path: under a name beside it, which is gone when this goes, until `finish` puts it in its
// place.
class NewFile {
 public:
  explicit NewFile(std::string path);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  // Makes it the temporary file itself. False where that cannot be done; then `copy` can.
  [[nodiscard]] bool link(const TemporaryFile& file);
  void write(std::string_view bytes);
  // So many bytes of it, from there to the same place here.
  void copy(const TemporaryFile& file, std::uint64_t position, std::size_t bytes);
  void finish();

 private:
  void open();

  std::string path_, directory_, name_;
  int descriptor_ = -1;
  bool is_named_ = false;
};

}  // namespace bailey::http
