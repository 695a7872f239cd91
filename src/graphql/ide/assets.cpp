#include <graphql/ide/assets.hpp>

#include "web/docs/embedded.hpp"

#include <array>

#include "ide_asset_symbols.inc"

namespace bailey::graphql {
namespace {

using web_detail::Embedded;

constexpr auto embedded = std::to_array<Embedded>({
#include "ide_asset_table.inc"
});

}  // namespace

std::span<const web_detail::DocsAsset> ide_assets() noexcept {
  static const auto assets = web_detail::assets_of(embedded);
  return assets;
}

}  // namespace bailey::graphql
