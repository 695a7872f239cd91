#pragma once

#include <bailey/http/response.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace bailey::http {

// What the answer's head depends on beside the answer.
struct ResponseContext {
  int version_minor = 1;
  bool is_head = false;  // the request was HEAD: all of the head, none of the body
  bool keep_alive = true;
  std::string_view constant_fields;  // "Server: …\r\nDate: …\r\n"
};

enum class BodyFraming : std::uint8_t { none, length, chunked, until_close };

// Appends status line and fields (RFC 9112 4, 6) to `out` and returns how the body is to follow.
BodyFraming write_head(std::string& out, const Response& response, const ResponseContext& context);

// Appends "size CRLF"; a chunk's data then ends with CRLF, the body with a chunk of size 0.
void write_chunk_size(std::string& out, std::size_t size);

// {"detail": …} with an answer's usual type.
[[nodiscard]] Response error_response(int status, std::string_view detail);

}  // namespace bailey::http
