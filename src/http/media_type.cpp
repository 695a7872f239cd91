#include "http/media_type.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <array>

namespace bailey::http {

namespace {

struct Ending {
  std::string_view ending, type;
};

// Of what is put on the web, by IANA's names. In order, to be searched by halving.
constexpr std::array endings = std::to_array<Ending>({
    {"7z", "application/x-7z-compressed"},
    {"aac", "audio/aac"},
    {"avi", "video/x-msvideo"},
    {"avif", "image/avif"},
    {"bmp", "image/bmp"},
    {"bz2", "application/x-bzip2"},
    {"cjs", "text/javascript; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"eot", "application/vnd.ms-fontobject"},
    {"epub", "application/epub+zip"},
    {"flac", "audio/flac"},
    {"geojson", "application/geo+json"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"heic", "image/heic"},
    {"htm", "text/html; charset=utf-8"},
    {"html", "text/html; charset=utf-8"},
    {"ico", "image/vnd.microsoft.icon"},
    {"ics", "text/calendar; charset=utf-8"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"jsonl", "application/jsonl"},
    {"jsonld", "application/ld+json"},
    {"jxl", "image/jxl"},
    {"log", "text/plain; charset=utf-8"},
    {"m4a", "audio/mp4"},
    {"m4v", "video/mp4"},
    {"map", "application/json"},
    {"md", "text/markdown; charset=utf-8"},
    {"mid", "audio/midi"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"mov", "video/quicktime"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpeg", "video/mpeg"},
    {"ndjson", "application/x-ndjson"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"oga", "audio/ogg"},
    {"ogg", "audio/ogg"},
    {"ogv", "video/ogg"},
    {"opus", "audio/ogg"},
    {"otf", "font/otf"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"rtf", "application/rtf"},
    {"svg", "image/svg+xml"},
    {"tar", "application/x-tar"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"toml", "application/toml"},
    {"ttf", "font/ttf"},
    {"txt", "text/plain; charset=utf-8"},
    {"vcf", "text/vcard; charset=utf-8"},
    {"vtt", "text/vtt; charset=utf-8"},
    {"wasm", "application/wasm"},
    {"wav", "audio/wav"},
    {"weba", "audio/webm"},
    {"webm", "video/webm"},
    {"webmanifest", "application/manifest+json"},
    {"webp", "image/webp"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"xhtml", "application/xhtml+xml"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"xml", "application/xml"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"zip", "application/zip"},
    {"zst", "application/zstd"},
});
static_assert(std::ranges::is_sorted(endings, {}, &Ending::ending));

constexpr std::size_t longest_ending =
    std::ranges::max(endings, {}, [](const Ending& each) { return each.ending.size(); }).ending.size();

constexpr std::array<std::string_view, 17> compressible{"application/graphql",
                                                        "application/javascript",
                                                        "application/json",
                                                        "application/jsonl",
                                                        "application/rtf",
                                                        "application/toml",
                                                        "application/vnd.ms-fontobject",
                                                        "application/wasm",
                                                        "application/x-javascript",
                                                        "application/x-ndjson",
                                                        "application/xml",
                                                        "application/yaml",
                                                        "font/otf",
                                                        "font/ttf",
                                                        "image/bmp",
                                                        "image/vnd.microsoft.icon",
                                                        "image/x-icon"};

bool ends_ignoring_case(std::string_view text, std::string_view end) noexcept {
  return text.size() >= end.size() && ascii::equal_ignoring_case(text.substr(text.size() - end.size()), end);
}

}  // namespace

std::string_view media_type_of(std::string_view file_name) noexcept {
  constexpr std::string_view unknown = "application/octet-stream";
  file_name.remove_prefix(file_name.rfind('/') + 1);  // npos + 1 is 0
  const std::size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return unknown;
  const std::string_view written = file_name.substr(dot + 1);
  std::array<char, longest_ending> letters{};
  if (written.size() > letters.size()) return unknown;
  std::ranges::transform(written, letters.begin(), ascii::lower);
  const std::string_view ending(letters.data(), written.size());
  const auto found = std::ranges::lower_bound(endings, ending, {}, &Ending::ending);
  return found != endings.end() && found->ending == ending ? found->type : unknown;
}

std::string_view essence_of(std::string_view media_type) noexcept {
  return ascii::trim(media_type.substr(0, media_type.find(';')));
}

bool is_compressible(std::string_view media_type) noexcept {
  const std::string_view type = essence_of(media_type);
  if (ascii::equal_ignoring_case(type.substr(0, 5), "text/")) return true;
  if (ends_ignoring_case(type, "+json") || ends_ignoring_case(type, "+xml")) return true;
  return std::ranges::any_of(compressible, [&](std::string_view one) { return ascii::equal_ignoring_case(one, type); });
}

}  // namespace bailey::http
