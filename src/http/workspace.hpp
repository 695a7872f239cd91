#pragma once

#include <bailey/http/handler.hpp>
#include <bailey/http/request.hpp>

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>

namespace bailey::http {

// What a connection needs while it is busy, and gives back to its loop's stock while it is idle: some 12 KB that ten
// thousand idle connections do not hold.
struct Workspace {
  static constexpr std::size_t usual_capacity = 8 * 1024;
  static constexpr std::size_t kept_string_bytes = 64 * 1024;

  Workspace() : bytes(std::make_unique_for_overwrite<char[]>(usual_capacity)) { head.fields.reserve(32); }

  [[nodiscard]] std::string_view pending() const noexcept { return {bytes.get() + position, end - position}; }
  [[nodiscard]] std::size_t free() const noexcept { return capacity - end; }

  // Moves what is pending to the front. Views into it are lost.
  void compact() noexcept {
    std::memmove(bytes.get(), bytes.get() + position, end - position);
    end -= position;
    position = 0;
  }

  // Makes room for `more` bytes behind those pending. Views into them are lost.
  void make_room(std::size_t more) {
    if (capacity - (end - position) >= more) return compact();
    std::size_t larger = capacity;
    while (larger - (end - position) < more) larger *= 2;
    auto moved = std::make_unique_for_overwrite<char[]>(larger);
    std::memcpy(moved.get(), bytes.get() + position, end - position);
    bytes = std::move(moved);
    capacity = larger;
    end -= position;
    position = 0;
  }

  // What one large request has made of these is not kept for the small ones to come. By swapping: a string that is
  // assigned an empty one may keep its capacity.
  void forget_large_strings() noexcept {
    if (body.capacity() > kept_string_bytes) std::string().swap(body);
    if (out.empty() && out.capacity() > 2 * kept_string_bytes) std::string().swap(out);
  }

  std::unique_ptr<char[]> bytes;
  std::size_t capacity = usual_capacity;
  std::size_t position = 0;  // the first byte not consumed: of a head, a body, or the next request
  std::size_t end = 0;       // behind the last byte received
  RequestHead head;
  Request request;
  std::unique_ptr<Attachment> attachment;
  std::string body;  // one that did not fit in `bytes`, or was chunked
  std::string out;   // heads and small bodies on their way out
};

}  // namespace bailey::http
