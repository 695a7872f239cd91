#pragma once

#include <bailey/pg/database.hpp>

#include <bailey/runtime/loop_local.hpp>

#include "pg/background_threads.hpp"
#include "runtime/counter.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::pg::detail {

struct PoolHolder;

// The figures of one loop's pool.
struct Counters {
  Counter connections, in_flight, queued, groups, failed, retried, cancelled, overloaded, prepared, connects,
      connect_failures;
};

// What the copies of a Database share: immutable options, the threads for what blocks, the figures of all loops.
//
// It has two kinds of owners: users (`make_handle` and its copies) and the pools of the loops. When the last user has
// gone, each loop drops its pool in a later turn, and with the last pool the core goes: a pool that still closes its
// connections has it.
class Core : public std::enable_shared_from_this<Core> {
 public:
  explicit Core(Options given) : options(std::move(given)) {}
  [[nodiscard]] static std::shared_ptr<Core> make_handle(Options options);

  // The loops' pools. For users.
  [[nodiscard]] LoopLocal<PoolHolder>& pools() const noexcept { return *pools_; }
  // For a new pool.
  [[nodiscard]] std::shared_ptr<Counters> new_counters();
  [[nodiscard]] Stats stats() const;

  // The schema has changed: what any connection has prepared until now is void. Any thread. Each connection looks at
  // the epoch before it sends.
  void forget_statements() noexcept { schema_epoch_.fetch_add(1, std::memory_order_release); }
  [[nodiscard]] std::uint64_t schema_epoch() const noexcept { return schema_epoch_.load(std::memory_order_acquire); }

  // Whether a failure to connect is worth a line in the log: another one than the last, of all loops, since one worked.
  [[nodiscard]] bool is_news(std::string_view failure);
  void connected() noexcept;

  const Options options;
  BackgroundThreads connecting{4};  // apart, lest a dead name server delay cancellations
  BackgroundThreads cancelling{4};

 private:
  std::atomic<std::uint64_t> schema_epoch_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Counters>> counters_;
  LoopLocal<PoolHolder>* pools_ = nullptr;  // the users'
  std::string last_failure_;
};

}  // namespace bailey::pg::detail
