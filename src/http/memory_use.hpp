#pragma once

#include <cstdint>
#include <fstream>
#include <string>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BAILEY_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BAILEY_SANITIZED 1
#endif
#endif

namespace bailey::http::test {

#ifdef BAILEY_SANITIZED
inline constexpr std::uint64_t large_bytes =
    std::uint64_t{64} * 1024 * 1024;  // sanitizers are slow, and keep what is freed
inline constexpr bool memory_is_measured = false;
#else
inline constexpr std::uint64_t large_bytes = std::uint64_t{1024} * 1024 * 1024;
inline constexpr bool memory_is_measured = true;
#endif

// What this process has in memory.
[[nodiscard]] inline long resident_kilobytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    if (word != "VmRSS:") continue;
    long kilobytes = 0;
    status >> kilobytes;
    return kilobytes;
  }
  return 0;
}

}  // namespace bailey::http::test
