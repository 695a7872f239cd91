#pragma once

#include "http/chunked_decoder.hpp"
#include "http/workspace.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bailey::http {

// Where a request's body stands: which of the bytes received belong to it and what is still to come. No I/O. It takes
// bytes from the workspace, from `position` on; whoever reads puts more behind `end`.
class BodyReader {
 public:
  void begin(const RequestHead& head, Workspace& workspace) noexcept;

  // The next run of the body among the bytes received, at most `limit` long, consumed; "" when there is none: the body
  // is complete or more must be received. Throws Error("bad_request", 400 or 431) for malformed chunks.
  [[nodiscard]] std::string_view take(std::size_t limit);

  [[nodiscard]] bool is_complete() const noexcept { return chunked_ ? decoder_.is_done() && run_.empty() : left_ == 0; }
  [[nodiscard]] bool is_chunked() const noexcept { return chunked_; }
  // Bytes still to be taken of a body of known length.
  [[nodiscard]] std::uint64_t left() const noexcept { return left_; }
  // Bytes that went past the workspace, straight to the reader.
  void received_elsewhere(std::size_t count) noexcept { left_ -= count; }
  [[nodiscard]] bool is_malformed() const noexcept { return malformed_; }

  // Makes the room behind the head free again once all that was received has been taken.
  void reuse_room() noexcept {
    if (workspace_->position == workspace_->end) workspace_->position = workspace_->end = start_;
  }

 private:
  Workspace* workspace_ = nullptr;
  std::size_t start_ = 0;
  bool chunked_ = false;
  bool malformed_ = false;
  std::uint64_t left_ = 0;
  std::string_view run_;  // decoded, not taken yet
  ChunkedDecoder decoder_;
};

}  // namespace bailey::http
