#include <bailey/runtime/loop_local.hpp>

#include "runtime/loop_address.hpp"

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
  for (const auto& address : loops_) {
    const std::lock_guard lock(address->mutex);
    if (address->loop != nullptr) address->loop->post([number = number_] { Loop::current().drop_local(number); });
  }
}

// A program may make a loop for each thing it does (run_blocking): those that have gone are not kept.
void LoopLocalKey::kept_by(const Loop& loop) {
  const std::lock_guard lock(mutex_);
  std::erase_if(loops_, [](const auto& address) {
    const std::lock_guard address_lock(address->mutex);
    return address->loop == nullptr;
  });
  loops_.push_back(loop.address_);
}

}  // namespace bailey::detail
