#pragma once

#include <cstddef>
#include <string>

namespace bailey::http {

// Strings whose memory is used again. Encode a body into the string of `take_buffer()`: the server recycles the body of
// a Response when it has been sent, so a busy connection does not allocate. Each thread has a stock of its own, which
// is bounded.
//
// Returns an empty string, usually with capacity.
[[nodiscard]] std::string take_buffer() noexcept;
// Puts the memory of a string into this thread's stock, or frees it when it is too small, too large, or the stock is
// full.
void recycle(std::string&& buffer) noexcept;

}  // namespace bailey::http
