#pragma once

#include <bailey/http/response.hpp>

#include "http/byte_ranges.hpp"
#include "http/file.hpp"

#include <string>
#include <vector>

namespace bailey::http {

// The body of an answer made of parts of a file, with text before each of them and behind the last, as
// multipart/byteranges has it (RFC 9110 section 14.6).
class FileBody {
 public:
  // One range, and nothing else.
  FileBody(File file, ByteRange range);
  // Several; `boundary` must not occur in the file.
  FileBody(File file, const std::vector<ByteRange>& ranges, std::string_view content_type, std::string_view boundary);

  [[nodiscard]] std::uint64_t length() const noexcept;

  // All of it in memory, if it is at most so long and all there without waiting.
  [[nodiscard]] bool read_now(std::size_t limit_bytes, std::string& into) const;
  // Writes all of it; this must live until then. Throws what the writer throws, and Error "file_unreadable" where the
  // file cannot be read, or has become shorter.
  [[nodiscard]] Task<> send(BodyWriter& out);

 private:
  struct Part {
    std::string before;
    ByteRange range;
  };
  [[nodiscard]] Task<> send(BodyWriter& out, FileReader& reader, ByteRange range);

  File file_;
  std::vector<Part> parts_;
  std::string behind_;
};

// "bytes 0-499/1234"
[[nodiscard]] std::string content_range(ByteRange range, std::uint64_t size);

}  // namespace bailey::http
