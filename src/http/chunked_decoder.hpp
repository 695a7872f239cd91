#pragma once

#include "http/head_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bailey::http {

// Takes the chunked coding off a body (RFC 9112 7.1), strictly: CRLF only, hexadecimal sizes only, extensions ignored
// and trailers dropped, both within limits. No I/O, no buffer.
class ChunkedDecoder {
 public:
  enum class Status { more, done, refused };

  struct Step {
    Status status = Status::more;
    std::size_t consumed = 0;  // of the input, `data` included
    std::string_view data;     // a part of the body, in the input; may be empty
  };

  // One step over `input`: framing, then at most one run of data. Call again with what is left until it is empty, or
  // the status is not `more`.
  [[nodiscard]] Step next(std::string_view input) noexcept;
  [[nodiscard]] bool is_done() const noexcept { return state_ == State::done; }
  [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }
  void reset() noexcept { *this = ChunkedDecoder(); }

  static constexpr std::size_t extension_limit_bytes = 4096;  // in one body; what an extension is good for is unknown
  static constexpr std::size_t trailer_limit_bytes = 4096;
  static constexpr std::uint8_t digit_limit = 16;  // of a chunk's size, leading zeros included

 private:
  enum class State : std::uint8_t {
    size_start,
    size,
    extension,
    size_feed,
    data,
    data_return,
    data_feed,
    trailer_start,
    trailer_name,
    trailer_value,
    trailer_feed,
    end_feed,
    done,
    refused
  };
  void take(char c) noexcept;  // one byte of framing
  void refuse(int status, std::string_view detail) noexcept;

  State state_ = State::size_start;
  bool quoted_ = false;      // within a quoted string of an extension
  std::uint8_t digits_ = 0;  // of the chunk's size
  std::uint64_t left_ = 0;   // of the chunk
  std::size_t extension_bytes_ = 0;
  std::size_t trailer_bytes_ = 0;
  Refusal refusal_;
};

}  // namespace bailey::http
