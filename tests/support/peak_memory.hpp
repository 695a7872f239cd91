#pragma once

#include <cstddef>
#include <fstream>
#include <string>

namespace bailey::test {

// The most memory that the program has had since the last one was made.
class PeakMemory {
 public:
  PeakMemory() { std::ofstream("/proc/self/clear_refs") << 5; }
  [[nodiscard]] static std::size_t bytes() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
      if (word == "VmHWM:") {
        std::size_t kilobytes = 0;
        status >> kilobytes;
        return kilobytes * 1024;
      }
    return 0;
  }
};

}  // namespace bailey::test
