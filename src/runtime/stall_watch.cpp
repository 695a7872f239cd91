#include "runtime/stall_watch.hpp"

#include <bailey/base/log.hpp>
#include <bailey/runtime/loop.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace bailey::detail {
namespace {

constexpr unsigned looks_a_stall = 4;

void tell(std::size_t index, const Loop& loop, const StallRecord::Report& report, std::chrono::milliseconds pause) {
  const auto lasted = (pause * static_cast<int>(report.looks)).count();
  if (report.over) {
    log::warning("event loop goes on", {{"loop", index}, {"stalled_ms", lasted}});
    return;
  }
  const std::string* const activity = loop.activity();
  log::warning(
      "event loop stalled: what it runs neither waits nor ends",
      {{"loop", index}, {"running", activity ? std::string_view(*activity) : "unknown"}, {"stalled_ms", lasted}});
}

void watch(const std::stop_token& stop, const std::vector<const Loop*>& loops, std::chrono::milliseconds pause) {
  std::vector<StallRecord> records(loops.size(), StallRecord(looks_a_stall));
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    stopped.wait_for(lock, stop, pause, [] { return false; });
    if (stop.stop_requested()) return;
    for (std::size_t i = 0; i < loops.size(); ++i) {
      if (const auto report = records[i].look(loops[i]->ticks())) tell(i, *loops[i], *report, pause);
    }
  }
}

}  // namespace

std::optional<StallRecord::Report> StallRecord::look(std::uint64_t ticks) noexcept {
  if (ticks == 0) return std::nullopt;  // does not run yet
  if (ticks != ticks_) {
    ticks_ = ticks;
    const unsigned lasted = std::exchange(unchanged_, 0);
    if (lasted < needed_) return std::nullopt;
    return Report{.over = true, .looks = lasted};
  }
  if (++unchanged_ != needed_) return std::nullopt;
  return Report{.over = false, .looks = unchanged_};
}

StallWatch::StallWatch(std::vector<const Loop*> loops, std::chrono::milliseconds after) {
  if (after.count() <= 0) return;
  // Longer than a loop's tick, else one that is idle would look stalled.
  const auto pause = std::max(after / static_cast<int>(looks_a_stall), std::chrono::milliseconds(150));
  thread_ = std::jthread([loops = std::move(loops), pause](const std::stop_token& stop) { watch(stop, loops, pause); });
}

}  // namespace bailey::detail
