#include "pg/core.hpp"

namespace bailey::pg::detail {

std::shared_ptr<Core> Core::make_handle(Options options) {
  struct Users {
    explicit Users(Options given) : core(std::make_shared<Core>(std::move(given))) {}
    std::shared_ptr<Core> core;
    LoopLocal<PoolHolder> pools;
  };
  auto users = std::make_shared<Users>(std::move(options));
  users->core->pools_ = &users->pools;
  Core* const core = users->core.get();
  return {std::move(users), core};
}

std::shared_ptr<Counters> Core::new_counters() {
  auto counters = std::make_shared<Counters>();
  const std::scoped_lock lock(mutex_);
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
