#pragma once

#include <string_view>

namespace bailey::http {

// host [ ":" port ], RFC 9110 section 7.2; the host is a name, an IPv4 address or an IPv6 address in brackets.
[[nodiscard]] bool is_host(std::string_view value) noexcept;

// Whether a page of this origin (RFC 6454) is the host's that it asks, with or without the port that goes without
// saying. An http page is none where https is known to have been asked for: whoever sits on the way can have written
// it. An https page is where http was asked for: so it looks behind a proxy that ends TLS and is not believed.
[[nodiscard]] bool is_own_origin(std::string_view origin, std::string_view scheme, std::string_view host) noexcept;

}  // namespace bailey::http
