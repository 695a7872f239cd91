#pragma once

#include <cstdint>
#include <string_view>

namespace bailey::stack {

// Throws Error "address_in_use" when a program listens on this loopback port already. `purpose` ("the database") and
// `setting` ("[db] port") make its sentence.
void require_free_port(std::uint16_t port, std::string_view purpose, std::string_view setting);

}  // namespace bailey::stack
