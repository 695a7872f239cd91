// A form of a stranger's: our parser must not crash, must not read what it was not given, must keep its limits, and
// must find the same however the body is cut. The first byte says where; the first line after it is the Content-Type.
// What is no multipart/form-data is read as urlencoded.
#include <bailey/http/multipart.hpp>
#include <bailey/http/urlencoded.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace bailey::http;
using Event = MultipartParser::Event;

constexpr FormLimits limits{.files = 3,
                            .fields = 3,
                            .field_bytes = 100,
                            .part_header_bytes = 300,
                            .file_bytes = 400,
                            .total_bytes = 2'000,
                            .urlencoded_bytes = 1'000};

void require(bool holds) {
  if (!holds) std::abort();
}

// What a body comes to: its complete parts, then how it ended.
std::string outcome(std::string_view type, std::string_view body, std::size_t piece_bytes) {
  auto parser = MultipartParser::of(type, limits);
  if (!parser) return parser.error().message();
  std::string all, part;
  while (!body.empty()) {
    // A copy without a byte to spare behind it, so that the sanitizer sees any reading beyond the end.
    const std::size_t size = std::min(body.size(), piece_bytes);
    const auto piece = std::make_unique<char[]>(size);
    std::memcpy(piece.get(), body.data(), size);
    body.remove_prefix(size);
    for (std::string_view rest(piece.get(), size); !rest.empty();) {
      const auto step = parser->next(rest);
      require(step.consumed <= rest.size());
      rest.remove_prefix(step.consumed);
      switch (step.event) {
        case Event::refused: return all + parser->error().message();
        case Event::part: part = parser->head().name + "|" + parser->head().filename.value_or("-") + "|"; break;
        case Event::data:
          require(!step.data.empty());
          part += step.data;
          require(part.size() < 2'000);
          break;
        case Event::part_end: all += part + ";"; break;
        case Event::more: require(rest.empty()); break;
        case Event::done: break;
      }
    }
  }
  const auto end = parser->finish();
  return end ? all : all + end.error().message();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string_view type = text.substr(0, line);
  const std::string_view body = text.substr(std::min(line + 1, text.size()));
  if (const auto parser = MultipartParser::of(type); parser || parser.error().http_status() == 400) {
    const std::string whole = outcome(type, body, body.size() + 1);
    require(outcome(type, body, 1) == whole);
    require(outcome(type, body, 2U + data[0]) == whole);
    return 0;
  }
  if (const auto fields = parse_urlencoded(body, limits)) {
    require(fields->size() <= limits.fields);
    for (const FormField& field : *fields) require(field.name.size() + field.value.size() <= 3 * limits.field_bytes);
  }
  return 0;
}
