#pragma once

#include <bailey/base/error.hpp>
#include <bailey/runtime/task.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace bailey::http {

// The body of a request to another server, made part by part while it is sent, so that it is never in memory as a
// whole. Move it into the call that sends it; it can be sent once.
class BodySource {
 public:
  // A function that returns the next part of the body, "" at its end. It is called on the loop of the call, when the
  // server has taken most of the part before. Its task has ended when the call returns, so what it refers to need only
  // live that long. The task is cancelled when the exchange ends first, as when the server answers without reading all.
  // What it throws ends the exchange and is thrown by the call.
  using Next = std::move_only_function<Task<std::string>()>;

  // A body of unknown length: sent in chunks over HTTP/1.1.
  explicit BodySource(Next next) : next_(std::move(next)) {}
  // A body of a known length, sent as Content-Length. More or fewer bytes end the exchange: the call throws Error
  // "body_length_mismatch".
  BodySource(std::uint64_t length_bytes, Next next) : length_bytes_(length_bytes), next_(std::move(next)) {}

  // Opens a regular file as a body of the length that it has now. The file is read while it is sent; where its disk
  // must be waited for, the loop goes on meanwhile. Error "file_unreadable" (500), whose text names no path.
  [[nodiscard]] static Expected<BodySource> file(const std::string& path);

  [[nodiscard]] std::optional<std::uint64_t> length_bytes() const noexcept { return length_bytes_; }
  [[nodiscard]] Task<std::string> next() { return next_(); }
  [[nodiscard]] bool is_empty() const noexcept { return !next_; }  // made of no function, or moved from

 private:
  std::optional<std::uint64_t> length_bytes_;
  Next next_;
};

}  // namespace bailey::http
