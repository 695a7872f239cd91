#pragma once

#include <bailey/base/secret.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bailey::pg {

// Who decides which roles a scope may name.
enum class RoleCheck : std::uint8_t {
  listed,     // Options::roles: anything else is refused before it is sent, whatever the database would allow
  by_caller,  // whoever makes the scope, as query::Executor does; the database still wants membership
};

// How a Database connects and what it allows. Every number is per event loop.
struct Options {
  Secret
      connection_string;  // postgresql://… or key=value, as libpq takes it; what it lacks comes from the PG… variables

  RoleCheck role_check = RoleCheck::listed;
  std::vector<std::string> roles{"anon", "authenticated", "service_role"};  // when listed

  std::size_t connections_per_loop = 8;              // for groups: two, pipelined, unless statements take long
  std::size_t transaction_connections_per_loop = 4;  // one transaction, script or listener at a time each
  std::size_t in_flight_limit = 32;                  // groups sent on one connection and not yet answered
  std::size_t queue_limit = 1024;                    // groups waiting for a place; beyond: database_overloaded, 503

  std::chrono::milliseconds acquire_timeout{10'000};  // in the queue at most this long; then database_timeout, 504
  std::chrono::milliseconds statement_timeout{0};     // statement_timeout of every group; 0: the server's own setting
  std::chrono::milliseconds connect_timeout{5'000};   // from the first packet until the server takes queries
  std::chrono::milliseconds cancel_timeout{3'000};    // after a cancellation request; then the connection is dropped
  std::chrono::milliseconds backoff_first{100};       // after a failed connect, doubled each time, with jitter …
  std::chrono::milliseconds backoff_limit{5'000};     // … up to this
  std::chrono::milliseconds idle_timeout{60'000};     // an idle connection that only a peak needed is closed

  // The rows of one statement, as they are sent; more is Error("response_too_large", 502), never a part of them. The
  // statement is cancelled, and memory stays near the bound however many rows it has; only a value that is larger by
  // itself may come in whole before it is refused. The connection goes on, or, when the server does not stop before
  // twice the bound, is closed, and what is on its way on it is lost.
  std::size_t response_limit_bytes = std::size_t{64} * 1024 * 1024;

  // Prepared statements with names, kept per connection. Turn off behind a pooler in transaction mode (PgBouncer before
  // 1.21, Supavisor on port 6543): it hands each group to another server connection.
  bool named_statements = true;
  std::size_t statement_cache_limit = 256;  // names kept per connection; the least recently used is deallocated

  std::string application_name = "bailey";
};

}  // namespace bailey::pg
