// Header fields of a request as text: ranges, weights, entity tags, dates. Their readers must not crash nor read what
// they were not given, and what they say must be what it claims to be. The first byte says how large the file is.
#include "http/byte_ranges.hpp"
#include "http/content_disposition.hpp"
#include "http/date.hpp"
#include "http/media_type.hpp"
#include "http/negotiation.hpp"
#include "http/preconditions.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace bailey::http;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_ranges(std::string_view field, std::uint64_t size) {
  const auto ranges = parse_byte_ranges(field, size);
  if (!ranges) return;
  require(ranges->size() <= byte_range_limit);
  std::uint64_t sum = 0;
  for (const ByteRange& range : *ranges) {
    require(range.length > 0 && range.first < size && range.length <= size - range.first);
    sum += range.length;
    for (const ByteRange& other : *ranges)
      require(&range == &other || range.first + range.length < other.first || other.first + other.length < range.first);
  }
  require(sum <= size);
}

void check_date(std::string_view text) {
  constexpr std::chrono::sys_seconds now{std::chrono::seconds(1'795'000'000)};
  const auto date = parse_date(text, now);
  if (!date) return;
  std::string written;
  append_date(written, *date);
  require(parse_date(written, now) == date);
}

void check_disposition(std::string_view name) {
  const std::string field = content_disposition("attachment", name);
  for (const char c : field) require(static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  check_ranges(text, data[0]);
  check_ranges(text, data[0] * 0x0101010101010101U);
  check_date(text);
  check_disposition(text);
  AcceptedCodings accepted;
  accepted.read(text);
  constexpr std::array all{ContentCoding::brotli, ContentCoding::zstd, ContentCoding::gzip};
  if (const auto best = accepted.best_of(all)) require(accepted.weight(*best) > 0);
  const bool is_listed = lists_etag(text, "\"abc\"", EtagComparison::strong);
  require(!is_listed || lists_etag(text, "\"abc\"", EtagComparison::weak));
  require(!media_type_of(text).empty());
  static_cast<void>(is_compressible(text));
  return 0;
}
