#pragma once

#include <string_view>

namespace bailey::web_detail {

// A host without its port: "example.com" of "example.com:8000", "[::1]" of "[::1]:8000".
[[nodiscard]] constexpr std::string_view without_port(std::string_view host) noexcept {
  const std::string_view behind = host.starts_with('[') ? host.substr(0, host.find(']') + 1) : std::string_view();
  if (!behind.empty()) return behind;
  return host.substr(0, host.find(':'));
}

}  // namespace bailey::web_detail
