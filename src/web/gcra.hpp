#pragma once

#include <bailey/web/rate_limit.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace bailey::web_detail {

// The generic cell rate algorithm: all that is kept of somebody is when they would be expected next, had they asked at
// the steady rate (the theoretical arrival time). Who comes up to `burst - 1` intervals before that is let in. A time
// that has passed is as good as none.
//
// Counts a request at `now` and moves `expected`, unless it is refused. Times are nanoseconds of one clock.
[[nodiscard]] inline RateVerdict count_request(RateQuota quota, std::int64_t now, std::int64_t& expected) noexcept {
  const std::int64_t interval = quota.interval.count();
  const std::int64_t tolerance = interval * quota.burst;
  const std::int64_t next = std::max(expected, now) + interval;
  const std::int64_t early = next - tolerance - now;  // by so much
  RateVerdict verdict;
  if (early > 0) {
    verdict.allowed = false;
    verdict.retry_after = std::chrono::nanoseconds(early);
  } else {
    expected = next;
    verdict.remaining = static_cast<std::uint32_t>(-early / interval);
  }
  verdict.reset_after = std::chrono::nanoseconds(std::max(expected, now) - now);
  return verdict;
}

// Whether a request at `now` would be refused.
[[nodiscard]] inline bool is_held_back(RateQuota quota, std::int64_t now, std::int64_t expected) noexcept {
  return !count_request(quota, now, expected).allowed;
}

// When somebody is expected of whom one request is let in at `now`, and no second.
[[nodiscard]] inline std::int64_t let_in_once(RateQuota quota, std::int64_t now) noexcept {
  return now + quota.interval.count() * (quota.burst - 1);
}

}  // namespace bailey::web_detail
