#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bailey::web_detail {

// An origin, "*" or "null" as browsers send it (RFC 6454 section 6.2): without a port that is the scheme's own. Nullopt
// for what none sends; it would be compared with every Origin and equal none.
[[nodiscard]] std::optional<std::string> origin_as_sent(std::string_view origin);

}  // namespace bailey::web_detail
