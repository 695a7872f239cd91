// The bytes are taken in by the assembler: a megabyte as an array of numbers would cost the compiler seconds.
#include "web/docs/assets.hpp"

#include "web/docs/embedded.hpp"

#include <array>

#include "docs_asset_symbols.inc"

namespace bailey::web_detail {
namespace {

constexpr auto embedded = std::to_array<Embedded>({
#include "docs_asset_table.inc"
});

}  // namespace

std::span<const DocsAsset> docs_assets() noexcept {
  static const auto assets = assets_of(embedded);
  return assets;
}

}  // namespace bailey::web_detail
