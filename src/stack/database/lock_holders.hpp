#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "stack/database/cluster.hpp"

namespace bailey::stack {

// Whose locks a start waits for. Anybody with a well-known password can hold the row of a role or of a database for as
// long as they like, and every start writes to these rows.
class LockHolders {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds patience{30'000};

  // The cluster outlives it.
  explicit LockHolders(const Cluster& cluster, std::chrono::milliseconds limit = patience)
      : cluster_(cluster), limit_(limit) {}

  // Asks PostgreSQL, in a session of its own. The sessions that the superuser, a migration or a seed waits for, for a
  // log's line; "": none, or PostgreSQL cannot be asked. Once the superuser has waited at every look for `limit`, the
  // sessions it waits for are ended, with a warning, but no superuser's: those are the start's own. Throws nothing that
  // PostgreSQL says.
  [[nodiscard]] std::string look(Time now = std::chrono::steady_clock::now());

 private:
  const Cluster& cluster_;
  std::chrono::milliseconds limit_;
  std::optional<Time> waits_since_;
};

}  // namespace bailey::stack
