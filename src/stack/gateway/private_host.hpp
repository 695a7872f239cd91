#pragma once

#include <string_view>

namespace bailey::stack::gateway {

// Whether only this machine or its own network gives the name or address to somebody: localhost and the names below it,
// .local, .internal, .test, .lan and .home.arpa, names without a dot; loopback, private, link-local and unspecified
// addresses (RFC 1918, 3927, 4193, 4291). IPv6 stands in brackets.
[[nodiscard]] bool is_private_host(std::string_view host);

// Whether it is an address and no name: no other name can have been made to lead here.
[[nodiscard]] bool is_address(std::string_view host);

}  // namespace bailey::stack::gateway
