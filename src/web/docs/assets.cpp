// The bytes are taken in by the assembler: a megabyte as an array of numbers would cost the compiler seconds.
#include "web/docs/assets.hpp"

#include "http/media_type.hpp"

#include <array>
#include <cstddef>
#include <string_view>

#include "docs_asset_symbols.inc"

namespace bailey::web_detail {
namespace {

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

constexpr auto embedded = std::to_array<Embedded>({
#include "docs_asset_table.inc"
});

}  // namespace

std::span<const DocsAsset> docs_assets() noexcept {
  static const auto assets = [] {
    std::array<DocsAsset, embedded.size()> list{};
    for (std::size_t i = 0; i < list.size(); ++i) {
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
  }();
  return assets;
}

}  // namespace bailey::web_detail
