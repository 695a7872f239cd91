#pragma once

#include <cstdint>
#include <string_view>

namespace bailey::http {

// What a body can be compressed with (RFC 9110 section 8.4.1, RFC 1952, RFC 7932, RFC 8878).
enum class ContentCoding : std::uint8_t { gzip, brotli, zstd };

// As Accept-Encoding and Content-Encoding say it: "gzip", "br", "zstd".
[[nodiscard]] constexpr std::string_view to_string(ContentCoding coding) noexcept {
  switch (coding) {
    case ContentCoding::brotli: return "br";
    case ContentCoding::zstd: return "zstd";
    case ContentCoding::gzip: break;
  }
  return "gzip";
}

}  // namespace bailey::http
