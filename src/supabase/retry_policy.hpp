#pragma once

#include <bailey/query/api_request.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace bailey::client_detail {

// When a request over HTTP is sent again: reads only, since a write may have happened; on 503 and 520, which say that
// the gateway had nobody to ask; a bounded number of times.
struct RetryPolicy {
  unsigned limit = 3;
  std::chrono::milliseconds first_delay{1'000};
  static constexpr std::chrono::milliseconds longest_delay{30'000};

  // How long to wait before the retry numbered `retry` (1 is the first), or nothing: give the answer to the caller.
  // A Retry-After in seconds replaces our own delay.
  [[nodiscard]] std::optional<std::chrono::milliseconds> delay(query::Kind kind, int status, unsigned retry,
                                                               std::optional<std::string_view> retry_after) const;
};

}  // namespace bailey::client_detail
