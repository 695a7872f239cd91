#include <bailey/runtime/loop_local.hpp>

#include <atomic>

namespace bailey::detail {
namespace {

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last = 0;
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

LoopLocalKey::LoopLocalKey() : number_(next_number()) {}

LoopLocalKey::~LoopLocalKey() {
  for (const LoopHandle& loop : loops_) loop.post([number = number_] { Loop::current().drop_local(number); });
}

void LoopLocalKey::kept_by(LoopHandle loop) {
  const std::lock_guard lock(mutex_);
  loops_.push_back(std::move(loop));
}

}  // namespace bailey::detail
