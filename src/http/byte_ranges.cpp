// The number of ranges is bounded before anything is done with them, so that putting them in order costs nothing that a
// stranger could make use of; what remains after merging adds up to the size at most.
#include "http/byte_ranges.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <limits>

namespace bailey::http {

namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

// Digits alone; what is beyond all files is the largest number.
std::optional<std::uint64_t> parse_position(std::string_view text) noexcept {
  if (text.empty() || !std::ranges::all_of(text, ascii::is_digit)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (number > (largest - digit) / 10) return largest;
    number = number * 10 + digit;
  }
  return number;
}

// "first-last", "first-" or "-suffix" as a range of so many bytes, of length 0 where it lies behind them; nullopt for
// what is none of these.
std::optional<ByteRange> parse_range(std::string_view text, std::uint64_t size) noexcept {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view before = text.substr(0, dash);
  const std::string_view behind = text.substr(dash + 1);
  if (before.empty()) {
    const auto suffix = parse_position(behind);
    if (!suffix) return std::nullopt;
    const std::uint64_t length = std::min(*suffix, size);
    return ByteRange{size - length, length};
  }
  const auto first = parse_position(before);
  const auto last = behind.empty() ? std::optional(largest) : parse_position(behind);
  if (!first || !last || *first > *last) return std::nullopt;
  if (*first >= size) return ByteRange{size, 0};
  return ByteRange{*first, std::min(*last, size - 1) - *first + 1};
}

std::vector<ByteRange> merge(std::vector<ByteRange> ranges) {
  std::vector<ByteRange> merged = ranges;
  std::ranges::sort(merged, {}, &ByteRange::first);
  std::size_t last = 0;
  for (std::size_t at = 1; at < merged.size(); ++at) {
    ByteRange& before = merged[last];
    const std::uint64_t end = before.first + before.length;
    if (merged[at].first <= end)
      before.length = std::max(end, merged[at].first + merged[at].length) - before.first;
    else
      merged[++last] = merged[at];
  }
  merged.resize(std::min(last + 1, merged.size()));
  return merged.size() < ranges.size() ? merged : ranges;
}

}  // namespace

std::optional<std::vector<ByteRange>> parse_byte_ranges(std::string_view field, std::uint64_t size) {
  const std::size_t equals = field.find('=');
  if (equals == std::string_view::npos || !ascii::equal_ignoring_case(field.substr(0, equals), "bytes"))
    return std::nullopt;
  std::vector<ByteRange> ranges;
  std::size_t count = 0;
  for (std::string_view rest = field.substr(equals + 1); !rest.empty();) {
    const std::size_t comma = rest.find(',');
    const std::string_view text = ascii::trim(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    if (text.empty()) continue;  // lists may have empty members (RFC 9110 section 5.6.1.2)
    const auto range = parse_range(text, size);
    if (!range || ++count > byte_range_limit) return std::nullopt;
    if (range->length > 0) ranges.push_back(*range);
  }
  if (count == 0) return std::nullopt;
  return merge(std::move(ranges));
}

}  // namespace bailey::http
