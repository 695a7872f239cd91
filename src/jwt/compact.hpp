#pragma once

#include <bailey/jwt/rejection.hpp>

#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

namespace bailey::jwt::detail {

// The three parts of a compact token (RFC 7515 section 7.1), still encoded: a view into the token.
struct CompactView {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_part;  // header.payload
};

// Exactly three parts, none empty, the whole within the limit.
[[nodiscard]] std::expected<CompactView, Rejection> split_compact(std::string_view token,
                                                                  std::size_t limit_bytes) noexcept;

// How many bytes a text of this length decodes to.
[[nodiscard]] constexpr std::size_t decoded_size(std::size_t text_size) noexcept {
  return text_size / 4 * 3 + (text_size % 4 == 0 ? 0 : text_size % 4 - 1);
}

// Decodes base64url into the caller's buffer: the number of bytes, or nothing if the text is not exactly what an
// encoder gives (padding, white space, other characters, stray bits at the end) or the buffer is too small.
[[nodiscard]] std::optional<std::size_t> decode_base64url(std::string_view text, std::span<char> out) noexcept;

}  // namespace bailey::jwt::detail
