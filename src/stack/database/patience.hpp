#pragma once

#include <chrono>

#include "stack/database/process.hpp"

namespace bailey::stack {

// How long PostgreSQL is waited for. As it ends it writes to disk all that it has in memory, and after a crash it reads
// what it has logged: on a slow disk either takes minutes, and whoever cuts the one short has the other to wait for.

// Far more than a disk that works takes.
inline constexpr std::chrono::minutes shutdown_limit{10};

// Asks a server to end, and waits. The log says so every few seconds. Past `limit`, or once all that it waits for is a
// checkpointer that does nothing, it is ended at once. False: it lives on, whatever it is sent.
[[nodiscard]] bool end_server(Process& server, std::chrono::milliseconds limit = shutdown_limit);

// Whether to wait on for a server that starts: as long as it says that it does, and for `limit` without a word of it.
class StartPatience {
 public:
  using Time = std::chrono::steady_clock::time_point;

  StartPatience(Time now, std::chrono::milliseconds limit) : limit_(limit), end_(now + limit) {}
  [[nodiscard]] bool goes_on(bool says_that_it_starts, Time now) {
    if (says_that_it_starts) end_ = now + limit_;
    return now < end_;
  }

 private:
  std::chrono::milliseconds limit_;
  Time end_;
};

}  // namespace bailey::stack
