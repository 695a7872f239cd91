#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace bailey::pg::detail {

// How long to wait before the next attempt to connect: doubled at each failure up to a limit, then anywhere between
// half of that and all of it, so that many processes do not come back at once. `random` is any number, evenly spread.
[[nodiscard]] constexpr std::chrono::milliseconds backoff(unsigned failures, std::uint32_t random,
                                                          std::chrono::milliseconds first,
                                                          std::chrono::milliseconds limit) noexcept {
  auto delay = std::min(first, limit);
  for (unsigned doubled = 1; doubled < failures && delay < limit; ++doubled) delay = std::min(delay * 2, limit);
  const auto half = delay.count() / 2;
  return std::chrono::milliseconds(half + static_cast<std::int64_t>(random % static_cast<std::uint64_t>(half + 1)));
}

}  // namespace bailey::pg::detail
