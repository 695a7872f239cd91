#pragma once

#include <cstddef>
#include <string>

namespace bailey::http {

// Strings that go round: a body encoded into `take_buffer()` and sent in a Response comes back to the thread's stock
// when it has been written, so a busy connection does not allocate. The stock is per thread and bounded.
[[nodiscard]] std::string take_buffer() noexcept;  // empty, usually with capacity
void recycle(std::string&& buffer) noexcept;       // drops it when it is too small, too large or the stock is full

}  // namespace bailey::http
