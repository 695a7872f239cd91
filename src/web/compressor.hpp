#pragma once

#include <bailey/http/content_coding.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::web_detail {

// Makes one compressed body after the other.
class Compressor {
 public:
  enum class Then : std::uint8_t {
    more,    // keep back what makes the rest smaller
    flush,   // what has been put in so far can be decoded
    finish,  // the body has ended
  };

  Compressor() = default;
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
  virtual ~Compressor() = default;

  // Begins a body, of so many bytes where that is known, whatever became of the last one.
  virtual void begin(std::optional<std::uint64_t> length) = 0;
  // Appends to `out` what comes of `input`, which is at most 1 GiB. Throws std::bad_alloc.
  virtual void compress(std::string_view input, Then then, std::string& out) = 0;
};

// `level` as the coding counts. What it takes is bounded whatever the body: 260 KB for gzip, 700 KB for zstd, for
// brotli 1.7 MB, and 2.5 MB at quality 9.
[[nodiscard]] std::unique_ptr<Compressor> make_compressor(http::ContentCoding coding, int level);

}  // namespace bailey::web_detail
