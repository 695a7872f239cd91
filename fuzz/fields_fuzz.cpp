// Header fields of a request as text: ranges, weights, parameters, entity tags, dates, a WebSocket's handshake. Their
// readers must not crash nor read what they were not given, and what they say must be what it claims to be. The first
// byte says how large the file is.
#include "http/byte_ranges.hpp"
#include "http/content_disposition.hpp"
#include "http/date.hpp"
#include "http/header_parameters.hpp"
#include "http/media_type.hpp"
#include "http/negotiation.hpp"
#include "http/preconditions.hpp"
#include "http/web_socket_handshake.hpp"

#include <bailey/base/error.hpp>
#include <bailey/http/local_request.hpp>

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

// As Accept and Accept-Encoding are read.
void check_weights(std::string_view list) {
  const std::string_view all = list;
  while (const auto member = next_weighted(list)) {
    require(!member->name.empty() && member->weight >= 0 && member->weight <= 1000);
    require(member->name.data() >= all.data() && member->name.data() + member->name.size() <= all.data() + all.size());
  }
  require(list.empty());
}

// As Content-Type and Content-Disposition are read.
void check_parameters(std::string_view field) {
  const auto parsed = parse_header_parameters(field);
  if (!parsed) return;
  require(parsed->type.size() <= field.size() && parsed->entries.size() <= 16);
  for (const auto& [name, value] : parsed->entries) {
    require(!name.empty() && value.size() <= field.size());
    require(parsed->find(name) == &value);
  }
}

// A request whose fields all hold this, as far as a request may: what the head's parser lets in is all they can hold.
void check_request(const std::string& field) {
  LocalRequest::Parts parts;
  for (const char* name :
       {"Accept", "Accept-Encoding", "Upgrade", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Origin"})
    parts.headers.emplace_back(name, field);
  parts.headers.emplace_back("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  try {
    LocalRequest local(std::move(parts));
    Request& request = local.request();
    static_cast<void>(accepts_html(request));
    static_cast<void>(AcceptedCodings(request));
    require(require_web_socket(request).has_value());  // the version is missing
    const WebSocketHandshake handshake = read_web_socket_handshake(request);
    for (const std::string& protocol : handshake.protocols) require(field.contains(protocol));
  } catch (const bailey::Error& error) {
    require(error.http_status() >= 400 && error.http_status() < 500);
  }
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
  check_weights(text);
  check_parameters(text);
  check_request(text);
  require(essence_of(text).size() <= text.size());
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
