// Requests as bytes: our codec must not crash, must not read what it was not given, and must decide the same however
// the bytes are split. The first two bytes say where.
#include "http/chunked_decoder.hpp"
#include "http/head_parser.hpp"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace bailey::http;

struct Outcome {
  HeadParser::Status status = HeadParser::Status::incomplete;
  int refused_with = 0;
  std::size_t size = 0, fields = 0;
  std::uint64_t length = 0;
  bool chunked = false;
  std::string path;
  bool operator==(const Outcome&) const = default;
};

// A copy without a byte to spare behind it, so that the sanitizer sees any reading beyond the end.
struct Exact {
  explicit Exact(std::string_view text) : bytes(std::make_unique<char[]>(text.size())), size(text.size()) {
    text.copy(bytes.get(), size);
  }
  [[nodiscard]] std::string_view view() const { return {bytes.get(), size}; }
  std::unique_ptr<char[]> bytes;
  std::size_t size;
};

void require(bool holds) {
  if (!holds) std::abort();
}

void take(Outcome& outcome, HeadParser& parser, std::string_view bytes) {
  const Exact exact(bytes);
  RequestHead head;
  outcome.status = parser.parse(exact.view(), head);
  if (outcome.status == HeadParser::Status::refused) outcome.refused_with = parser.refusal().status;
  if (outcome.status != HeadParser::Status::complete) return;
  outcome.size = parser.size();
  outcome.fields = head.fields.size();
  outcome.length = head.content_length;
  outcome.chunked = head.chunked;
  outcome.path = head.path;
  require(parser.size() <= bytes.size() && !(head.chunked && head.content_length != 0));
  require(head.version_minor == 0 || !head.host.empty());
  for (const HeaderField& field : head.fields)
    require(!field.name.empty() && field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
}

std::string decode(std::string_view wire, std::size_t part, ChunkedDecoder::Status& status) {
  ChunkedDecoder decoder;
  std::string body;
  while (!wire.empty() && status == ChunkedDecoder::Status::more) {
    const Exact exact(wire.substr(0, part));
    const auto step = decoder.next(exact.view());
    require(step.consumed > 0 && step.consumed <= exact.size);
    body.append(step.data);
    wire.remove_prefix(step.consumed);
    status = step.status;
  }
  return body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t split = (data[0] * 256U + data[1]) % (bytes.size() + 1);

  Outcome whole, parts;
  HeadParser parser;
  take(whole, parser, bytes);
  HeadParser in_parts;
  take(parts, in_parts, bytes.substr(0, split));
  if (parts.status == HeadParser::Status::incomplete) take(parts, in_parts, bytes);
  require(parts == whole);

  const std::string_view body = whole.status == HeadParser::Status::complete ? bytes.substr(whole.size) : bytes;
  auto status_whole = ChunkedDecoder::Status::more, status_parts = ChunkedDecoder::Status::more;
  const std::string decoded = decode(body, body.size(), status_whole);
  require(decode(body, 1 + split % 7, status_parts) == decoded && status_parts == status_whole);
  return 0;
}
