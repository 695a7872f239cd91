#pragma once

#include <bailey/base/secret.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bailey::pg {

// Which roles an RlsScope may name.
enum class RoleCheck : std::uint8_t {
  listed,  // those of Options::roles; any other is refused before it is sent, whatever the database would allow
  // Any that the connection's user is a member of. For callers that check the role themselves, as query::Executor does.
  by_caller,
};

// How a Database connects, and what it allows. Each number counts for every event loop by itself.
struct Options {
  Secret
      connection_string;  // postgresql://… or key=value, as libpq takes it; what it lacks comes from the PG… variables

  RoleCheck role_check = RoleCheck::listed;
  std::vector<std::string> roles{"anon", "authenticated", "service_role"};  // with RoleCheck::listed

  std::size_t connections_per_loop = 8;  // at most, for groups; two are used, pipelined, unless statements take long
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

  // The bytes of the rows of one statement, as they are sent. More is Error "response_too_large" (502), never a part of
  // the rows, and the statement is cancelled. Memory stays near the bound however many rows there are; only a single
  // value that is larger may come in whole before it is refused. When the server has not stopped at twice the bound,
  // the connection is closed, and other groups that were sent on it fail with "database_connection_lost".
  std::size_t response_limit_bytes = std::size_t{64} * 1024 * 1024;

  // Keeps prepared statements on each connection. Turn it off behind a pooler in transaction mode (PgBouncer before
  // 1.21, Supavisor on port 6543), which may give each group another connection to the server.
  bool named_statements = true;
  std::size_t statement_cache_limit = 256;  // names kept per connection; the least recently used is deallocated

  std::string application_name = "bailey";
};

}  // namespace bailey::pg
