#pragma once

#include <bailey/http/response.hpp>

#include "http/write_line.hpp"
#include "web/compressor.hpp"

#include <string>

namespace bailey::web_detail {

// What is compressed at once, while all else on the loop waits: a millisecond's work at most, at the usual levels.
inline constexpr std::size_t slice_bytes = std::size_t{16} * 1024;

// A stream's writer that compresses what is written, and passes it on so that it can be decoded as soon as it is there.
class CompressedBody final : public http::BodyWriter {
 public:
  // Both must outlive it. The compressor has begun a body.
  CompressedBody(http::BodyWriter& out, Compressor& compressor) noexcept : out_(out), compressor_(compressor) {}

  // By several tasks in turn, each part as a whole.
  [[nodiscard]] Task<> write(std::string_view part) override;
  [[nodiscard]] Event draining() const override { return out_.draining(); }

  // Must be awaited before it is destroyed: the stream may have left tasks that write still.
  [[nodiscard]] Task<> end_writes() { return line_.close(); }
  // The end of the body, behind the last write.
  [[nodiscard]] Task<> finish();

 private:
  http::BodyWriter& out_;
  Compressor& compressor_;
  http::WriteLine line_;
  std::string made_;
};

}  // namespace bailey::web_detail
