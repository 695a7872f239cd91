#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace bailey::web_detail {

// How often a client may try to sign in: ten times at once, then once every six seconds. Clients share 256 places, so
// that more of them take no more memory: whose place is whose is another matter in each process. An IPv6 client is its
// /64. Any thread.
class Attempts {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr int burst = 10;
  static constexpr std::chrono::seconds pause{6};

  Attempts();

  // Counts an attempt of a client, by its address. Returns how long it has to wait first, or nothing.
  [[nodiscard]] std::optional<std::chrono::seconds> count(std::string_view address, Time now);

 private:
  const std::string salt_;
  std::mutex mutex_;
  std::array<Time, 256> free_at_{};  // when all attempts are forgotten
};

}  // namespace bailey::web_detail
