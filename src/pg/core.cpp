#include "pg/core.hpp"

namespace bailey::pg::detail {

std::shared_ptr<Core> Core::make_handle(Options options) {
  auto kept = std::make_shared<Core>(std::move(options));
  Core* const core = kept.get();
  return {core, [kept = std::move(kept)](Core*) mutable {
            kept->drop_pools();
            kept.reset();
          }};
}

void Core::drop_pools() {
  const std::scoped_lock lock(mutex_);
  for (const auto& weak : gates_)
    if (const auto gate = weak.lock()) gate->post([owner = this] { Loop::current().drop_local(owner); });
}

std::shared_ptr<Counters> Core::new_counters(const std::shared_ptr<LoopGate>& gate) {
  auto counters = std::make_shared<Counters>();
  const std::scoped_lock lock(mutex_);
  gates_.push_back(gate);
  counters_.push_back(counters);
  return counters;
}

bool Core::is_news(std::string_view failure) {
  const std::scoped_lock lock(mutex_);
  if (last_failure_ == failure) return false;
  last_failure_ = failure;
  return true;
}

void Core::connected() noexcept {
  const std::scoped_lock lock(mutex_);
  last_failure_.clear();
}

Stats Core::stats() const {
  const std::scoped_lock lock(mutex_);
  Stats sum;
  for (const auto& each : counters_) {
    sum.connections += each->connections.get();
    sum.in_flight += each->in_flight.get();
    sum.queued += each->queued.get();
    sum.groups += each->groups.get();
    sum.failed += each->failed.get();
    sum.retried += each->retried.get();
    sum.cancelled += each->cancelled.get();
    sum.overloaded += each->overloaded.get();
    sum.prepared += each->prepared.get();
    sum.connects += each->connects.get();
    sum.connect_failures += each->connect_failures.get();
  }
  return sum;
}

}  // namespace bailey::pg::detail
