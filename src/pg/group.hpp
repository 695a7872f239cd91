#pragma once

#include <bailey/pg/database.hpp>

#include "pg/pace.hpp"
#include "pg/waiter.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>

namespace bailey::pg::detail {

class Connection;
class Pool;

// How often a group is sent when all sessions are unclean: then they are so from their beginning.
inline constexpr unsigned tries_in_unclean_sessions = 100;

// Statements that go out together and end with one Sync, and the task that awaits them. It views what the task's frame
// owns; once it is sent libpq has its own copy, so the task may go at any time.
class Group final : public Waiter {
 public:
  using Waiter::Waiter;
  ~Group() override { detach(); }

  // What to run.
  const char* before = nullptr;     // BEGIN … of a transaction; a constant
  bool with_scope = true;           // false inside a transaction that has it already
  const RlsScope* scope = nullptr;  // nullptr: as the connection's user
  bool read_only = false;
  std::chrono::milliseconds timeout{};
  std::span<const Statement> statements;
  const char* after = nullptr;   // COMMIT
  const char* script = nullptr;  // instead of all above: a simple-protocol text
  bool exclusive = false;        // on a connection of its own: never sent again by itself

  // What came of it, beside `error`.
  std::span<Rows> rows;
  std::string last_tag;  // of `after`
  bool unclean = false;  // nothing of it has run, since others left something in the session

  // Where it is: in the pool's queue, or sent on a connection, or neither.
  Pool* queue = nullptr;
  Connection* connection = nullptr;
  unsigned tries = 0;
  std::string doubted;  // the SQLSTATE it failed with when this may have come of a statement made for another schema

  Pace::Key pace = 0;
  Pace::Duration expected = Pace::slow;

 private:
  void detach() noexcept override;
};

}  // namespace bailey::pg::detail
