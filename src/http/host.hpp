#pragma once

#include <string_view>

namespace bailey::http {

// host [ ":" port ], RFC 9110 section 7.2; the host is a name, an IPv4 address or an IPv6 address in brackets.
[[nodiscard]] bool is_host(std::string_view value) noexcept;

}  // namespace bailey::http
