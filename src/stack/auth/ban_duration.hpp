#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace bailey::stack::auth {

// A duration as Go writes it, in whole seconds: "24h", "1h30m", "100m", "1.5h", "300ms". "none" and "0" are zero. At
// most a century.
[[nodiscard]] std::optional<std::chrono::seconds> parse_ban_duration(std::string_view text);

}  // namespace bailey::stack::auth
