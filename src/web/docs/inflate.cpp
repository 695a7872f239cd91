#include "web/docs/inflate.hpp"

#include <bailey/base/error.hpp>

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace bailey::web_detail {
namespace {

// gzip ends with the length of what it has compressed (RFC 1952 section 2.3.1).
std::uint32_t length_of(std::string_view gzip) {
  std::uint32_t length = 0;
  for (const char byte : {gzip.end()[-1], gzip.end()[-2], gzip.end()[-3], gzip.end()[-4]})
    length = length << 8 | static_cast<unsigned char>(byte);
  return length;
}

std::string inflate(std::string_view gzip) {
  constexpr int gzip_framing = 16;
  z_stream stream{};
  if (::inflateInit2(&stream, gzip_framing + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, ::inflateEnd);
  std::string text(length_of(gzip), '\0');
  // zlib does not write to it.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));  // NOLINT
  stream.avail_in = static_cast<uInt>(gzip.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  if (::inflate(&stream, Z_FINISH) != Z_STREAM_END)
    throw Error("invalid_asset", "A file of the documentation pages was built in damaged");
  return text;
}

}  // namespace

std::string_view inflated(const DocsAsset& asset) {
  static std::mutex mutex;
  static std::map<const char*, std::string> kept;
  const std::lock_guard lock(mutex);
  const auto found = kept.find(asset.bytes.data());
  if (found != kept.end()) return found->second;
  return kept.emplace(asset.bytes.data(), inflate(asset.bytes)).first->second;
}

}  // namespace bailey::web_detail
