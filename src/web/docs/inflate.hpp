#pragma once

#include "web/docs/assets.hpp"

#include <string_view>

namespace bailey::web_detail {

// What a compressed asset is without its compression, for a client that takes none. Made when it is first asked for,
// and kept. Any thread.
[[nodiscard]] std::string_view inflated(const DocsAsset& asset);

}  // namespace bailey::web_detail
