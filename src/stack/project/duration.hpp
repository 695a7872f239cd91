#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace bailey::stack {

// A duration as Go writes it, in whole seconds: "24h", "1h30m", "100m", "1.5h", "300ms", "0". At most a century.
[[nodiscard]] std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace bailey::stack
