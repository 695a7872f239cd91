#include "supabase/retry_policy.hpp"

#include <algorithm>
#include <charconv>

namespace bailey::client_detail {

std::optional<std::chrono::milliseconds> RetryPolicy::delay(query::Kind kind, int status, unsigned retry,
                                                            std::optional<std::string_view> retry_after) const {
  if (kind != query::Kind::read || (status != 503 && status != 520) || retry > limit) return std::nullopt;
  if (retry_after) {
    unsigned seconds = 0;
    const char* end = retry_after->data() + retry_after->size();
    const auto [rest, error] = std::from_chars(retry_after->data(), end, seconds);
    if (error == std::errc{} && rest == end)
      return std::min<std::chrono::milliseconds>(std::chrono::seconds(std::min(seconds, 3600U)), longest_delay);
  }
  std::chrono::milliseconds delay = first_delay;
  for (unsigned i = 1; i < retry && delay < longest_delay; ++i) delay *= 2;
  return std::min(delay, longest_delay);
}

}  // namespace bailey::client_detail
