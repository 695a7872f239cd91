#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace bailey {

class Loop;

namespace detail {

// What is known of one loop from looking at it now and then: how often it has ticked. Time is counted in looks, not
// read from a clock, so that a process which was stopped itself blames nobody.
class StallRecord {
 public:
  struct Report {
    bool over = false;  // the loop goes on again
    unsigned looks = 0;
  };

  // The loop is stalled when it has not ticked between so many looks in a row.
  explicit StallRecord(unsigned looks) noexcept : needed_(looks) {}
  // Something to tell: once when a stall is noticed, once when it is over.
  [[nodiscard]] std::optional<Report> look(std::uint64_t ticks) noexcept;

 private:
  unsigned needed_;
  std::uint64_t ticks_ = ~std::uint64_t{0};
  unsigned unchanged_ = 0;
};

// Watches loops from a thread of its own, and logs those that are stalled, while they are.
class StallWatch {
 public:
  // The loops outlive it. `after` zero: nothing is watched.
  StallWatch(std::vector<const Loop*> loops, std::chrono::milliseconds after);

 private:
  std::jthread thread_;
};

}  // namespace detail
}  // namespace bailey
