#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace bailey {

// Fills the span from the operating system's entropy (getrandom). Fit for keys. Throws std::system_error if there is
// none.
void random_bytes(std::span<std::byte> out);

// A token that cannot be guessed: base64url of that many random bytes. 32 bytes make 43 characters.
[[nodiscard]] std::string random_token(std::size_t bytes);

}  // namespace bailey
