#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace bailey::http {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
  bool operator==(const ByteRange&) const = default;
};

inline constexpr std::size_t byte_range_limit = 16;  // of one request

// What a Range field (RFC 9110 section 14) asks of a representation of `size` bytes. Nullopt: nothing that is to be
// looked at, for it is malformed, in another unit, or asks for too many ranges. An empty list: nothing that is there
// (416). Ranges that overlap or touch have become one, and then the ranges ascend; else they stand as asked for.
[[nodiscard]] std::optional<std::vector<ByteRange>> parse_byte_ranges(std::string_view field, std::uint64_t size);

}  // namespace bailey::http
