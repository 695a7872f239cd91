// What cmake/page_assets.cmake writes down of the files that it builds in.
#pragma once

#include "http/media_type.hpp"
#include "web/docs/assets.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace bailey::web_detail {

struct Bytes {
  const char* begin = nullptr;
  const char* end = nullptr;
};
struct Embedded {
  std::string_view name;
  std::string_view version;
  bool is_compressed;
  Bytes bytes;
  std::string_view integrity;
  std::string_view url;
};

template <std::size_t Count>
[[nodiscard]] std::array<DocsAsset, Count> assets_of(const std::array<Embedded, Count>& embedded) noexcept {
  std::array<DocsAsset, Count> list{};
  for (std::size_t i = 0; i < Count; ++i) {
    const Embedded& each = embedded[i];
    list[i] = {.name = each.name,
               .version = each.version,
               .content_type = http::media_type_of(each.name),
               .is_compressed = each.is_compressed,
               .bytes = {each.bytes.begin, static_cast<std::size_t>(each.bytes.end - each.bytes.begin)},
               .integrity = each.integrity,
               .url = each.url};
  }
  return list;
}

}  // namespace bailey::web_detail
