#pragma once

#include <bailey/pg/sql_error.hpp>

#include "pg/pace.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace bailey::pg::detail {

class Group;

// One message pair of a group on its way: what was asked, so that it is known what the next result means.
struct Step {
  enum class Kind : std::uint8_t {
    prepare,
    command,  // result of no interest
    scope,    // neither; may find the session unclean
    execute,  // result is the user's
  };
  Kind kind = Kind::command;
  bool proven = false;          // the prepared statement was known to exist when this was sent
  std::uint32_t statement = 0;  // its number; 0: unnamed
};

// What libpq hands over, one at a time (PQgetResult in pipeline mode): each step yields results and an end, each group
// a sync. After a failure the other steps of the group are skipped, up to its sync. A failure may also come at the sync
// itself: a deferred constraint.
enum class Arrival : std::uint8_t { success, failure, skipped, end, sync, unexpected };

// What the connection is to do with what arrived.
enum class Verdict : std::uint8_t {
  nothing,
  keep_rows,  // of user statement `rows_kept() - 1`
  keep_failure,
  proven,    // the statement of `step()` is prepared
  unproven,  // it is not
  finished,  // the group is complete
  broken,    // server and client do not agree where they are: the connection is of no further use
};

// One group on its way: a state machine without I/O over its results. A simple-protocol script is a flight without
// steps whose end is its finish. Reused: `begin` keeps the memory.
class Flight {
 public:
  enum class Protocol : std::uint8_t { pipelined, simple };

  void begin(Group* group, Protocol protocol = Protocol::pipelined);
  void add(Step step) { steps_.push_back(step); }
  [[nodiscard]] Verdict accept(Arrival arrival);

  [[nodiscard]] const Step* step() const noexcept { return at_ < steps_.size() ? &steps_[at_] : nullptr; }
  [[nodiscard]] const std::vector<Step>& steps() const noexcept { return steps_; }
  [[nodiscard]] std::size_t rows_kept() const noexcept { return rows_; }
  [[nodiscard]] bool is_last_step() const noexcept { return at_ + 1 == steps_.size(); }

  Group* group = nullptr;                   // nullptr: nobody waits (housekeeping, or the waiter has gone)
  std::unique_ptr<SqlErrorFields> failure;  // of the first failing step
  Step failed_step;                         // kind command if it failed at the sync
  bool cancel_wanted = false;               // the waiter has gone: to be cancelled on the server once it runs
  bool oversized = false;                   // the rows of a statement were over the limit, and are dropped
  bool unclean = false;                     // failed before anything of it ran: others left something in the session
  bool stale = false;                       // failed because a prepared statement has gone or no longer fits
  std::chrono::milliseconds patience{};     // the server is lost if it takes longer; 0: no limit known
  Pace::Key pace = 0;
  Pace::Duration expected{};  // how long it keeps those behind it waiting
  bool exposed = false;       // was on its way while a cancellation meant for another was, too

 private:
  std::vector<Step> steps_;
  std::size_t at_ = 0;
  std::size_t rows_ = 0;
  bool answered_ = false;  // the current step has had a result
  Protocol protocol_ = Protocol::pipelined;
};

// The flights of a connection in the order they were sent. A ring that keeps its memory.
class Flights {
 public:
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] Flight& front() noexcept { return *ring_[first_]; }
  [[nodiscard]] const Flight& front() const noexcept { return *ring_[first_]; }
  [[nodiscard]] Flight& operator[](std::size_t index) noexcept { return *ring_[(first_ + index) % ring_.size()]; }
  Flight& push();
  void pop() noexcept;
  [[nodiscard]] Flight* find(const Group& group) noexcept;

 private:
  std::vector<std::unique_ptr<Flight>> ring_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace bailey::pg::detail
