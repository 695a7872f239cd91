#pragma once

#include "web/docs/assets.hpp"

#include <span>

namespace bailey::graphql {

// The files that the page of a GraphQL endpoint loads. They live as long as the program.
[[nodiscard]] std::span<const web_detail::DocsAsset> ide_assets() noexcept;

}  // namespace bailey::graphql
