#include <bailey/http/body_source.hpp>

#include "http/file.hpp"

#include <algorithm>
#include <utility>

namespace bailey::http {
namespace {

constexpr std::size_t part_bytes = std::size_t{128} * 1024;

class FileParts {
 public:
  explicit FileParts(File file) : left_(file.size()), reader_(std::move(file), part_bytes) {}

  // Of a file that has become shorter less than was promised, which is noticed by who counts.
  [[nodiscard]] Task<std::string> next() {
    const std::string_view part = co_await reader_.read(offset_, left_);
    offset_ += part.size();
    left_ -= part.size();
    co_return std::string(part);
  }

 private:
  std::uint64_t offset_ = 0;
  std::uint64_t left_;
  FileReader reader_;
};

}  // namespace

Expected<BodySource> BodySource::file(const std::string& path) {
  std::expected<File, int> file = File::open(path, Waiting::allowed);
  if (!file) return std::unexpected(unreadable_file(file.error()));
  const std::uint64_t length = file->size();
  return BodySource(length, [parts = FileParts(std::move(*file))]() mutable { return parts.next(); });
}

}  // namespace bailey::http
