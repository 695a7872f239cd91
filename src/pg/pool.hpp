#pragma once

#include "pg/connection.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace bailey::pg::detail {

class Lease;

// One loop's connections to one database, and who waits for them. Shared connections serve groups; exclusive ones serve
// one transaction, script or listener at a time. Both are opened when there is demand.
//
// A group that is sent waits for all in front of it in its pipeline, so it is sent only where these are known to be
// quick; else it stays in the queue, and the first connection that is free takes it. Two connections, deep in work, are
// the cheapest way to serve quick groups; more are opened when groups wait for slow ones, and closed when these are
// over.
//
// `down` means that the last attempt to connect failed and nothing is connected: then callers are refused at once while
// the pool tries again in growing intervals.
class Pool final : public Connection::Owner {
 public:
  Pool(Loop& loop, std::shared_ptr<Core> core);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // The pool of this loop.
  [[nodiscard]] static std::shared_ptr<Pool>& of(Loop& loop, Core& core);

  // Sends the group or queues it; it is settled later. Throws database_unavailable or database_overloaded.
  void submit(Group& group);

  // Gives the lease a connection, at once (true) or later by settling it. Throws as `submit` does.
  [[nodiscard]] bool acquire(Lease& lease);
  // Takes back a leased connection. One that is not to serve others is closed by its user first.
  void release(Connection& connection);

  void forgotten() noexcept;  // a waiter has left a queue by itself

  void on_connected(Connection& connection) override;
  void on_closed(Connection& connection, bool was_ready) override;
  void on_answered(Connection& connection) override;
  void on_retry(Group& group) override;
  void on_timed(Pace::Key group, Pace::Duration taken) noexcept override { pace_.observe(group, taken); }

 private:
  struct Exclusive {
    std::shared_ptr<Connection> connection;
    bool leased = false;
  };

  // Where a group is answered soonest; nullptr: nowhere soon.
  [[nodiscard]] Connection* quickest() noexcept;
  void send(Connection& connection, Group& group);
  void dispatch();
  [[nodiscard]] std::size_t limit() const noexcept;      // of shared connections
  [[nodiscard]] std::size_t pipelined() const noexcept;  // of them, as many as serve quick groups
  void open_shared(std::size_t at_most);
  void open_exclusive_if_needed();
  [[nodiscard]] std::shared_ptr<Connection> open();
  [[nodiscard]] Exclusive* exclusive(const Connection& connection) noexcept;
  void offer(Exclusive& exclusive);
  void connect_failed();
  void fail_waiters(WaiterQueue& queue);
  void require_room(const WaiterQueue& queue);
  void close_idle();
  void try_again();

  Loop& loop_;
  std::shared_ptr<Core> core_;
  std::shared_ptr<Counters> counters_;
  Pace pace_;
  std::vector<std::shared_ptr<Connection>> shared_;
  std::vector<Exclusive> exclusive_;
  WaiterQueue groups_;
  WaiterQueue leases_;
  bool down_ = false;
  unsigned failures_ = 0;  // to connect, in a row
  TimerWheel::Entry backoff_;
  TimerWheel::Entry idle_;
};

// What a loop keeps of a database: shared with sessions, which may outlive the loop's last turn.
struct PoolHolder {
  std::shared_ptr<Pool> pool;
};

// A wait for an exclusive connection.
class Lease final : public Waiter {
 public:
  Lease(Loop& loop, Pool& pool) : Waiter(loop), pool_(&pool) {}
  ~Lease() override { detach(); }
  std::shared_ptr<Connection> connection;

 private:
  void detach() noexcept override {
    if (in == nullptr) return;
    in->remove(*this);
    pool_->forgotten();
  }
  Pool* pool_;
};

}  // namespace bailey::pg::detail
