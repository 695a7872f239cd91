#pragma once

#include <bailey/base/error.hpp>
#include <bailey/runtime/task.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace bailey::http {

// The body of a request to another server, made while it is sent, so that it never lies in memory whole. It belongs to
// the call it is given to and is sent once.
class BodySource {
 public:
  // Returns the next part of the body, "" at its end. Asked for the next when the server has taken most of the last, so
  // a slow server slows it. Runs on the loop of the call, and has ended when the call has: what it refers to need not
  // live longer. Its task is cancelled when the exchange ends first, as when the server answers without having read it
  // all. What it throws ends the exchange and is thrown by the call.
  using Next = std::move_only_function<Task<std::string>()>;

  // A body of unknown length: in chunks for HTTP/1.1.
  explicit BodySource(Next next) : next_(std::move(next)) {}
  // A body of a length that the server is told. Other than so many bytes ends the exchange with "body_length_mismatch".
  BodySource(std::uint64_t length_bytes, Next next) : length_bytes_(length_bytes), next_(std::move(next)) {}

  // The regular file of this path, open from now on, with the length it has now. Read as it is sent, on the loop's
  // thread: good for files of a local disk. Error "file_unreadable" (500), whose text names no path.
  [[nodiscard]] static Expected<BodySource> file(const std::string& path);

  [[nodiscard]] std::optional<std::uint64_t> length_bytes() const noexcept { return length_bytes_; }
  [[nodiscard]] Task<std::string> next() { return next_(); }
  [[nodiscard]] bool is_empty() const noexcept { return !next_; }  // made of no function, or moved from

 private:
  std::optional<std::uint64_t> length_bytes_;
  Next next_;
};

}  // namespace bailey::http
