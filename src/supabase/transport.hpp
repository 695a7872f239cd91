#pragma once

#include <bailey/pg/scoped_database.hpp>
#include <bailey/query/executor.hpp>
#include <bailey/runtime/task.hpp>
#include <bailey/supabase/identity.hpp>
#include <bailey/supabase/request_trace.hpp>

#include <optional>

namespace bailey::client_detail {

// The way of a query to the database, as somebody. Whatever the way, the same query of the same identity gives the same
// response, errors of the database and of the token included. Shared by all loops; nothing in it changes.
class Transport {
 public:
  virtual ~Transport() = default;

  // Throws Error when the server cannot be asked ("unreachable", "timeout"). The trace goes along over HTTP; it must
  // live until this returns.
  [[nodiscard]] virtual Task<query::ApiResponse> send(query::ApiRequest request, Identity identity,
                                                      const RequestTrace& trace) const = 0;

  // The database itself as this identity, see Supabase::database. Throws PostgrestError.
  [[nodiscard]] virtual pg::ScopedDatabase database(const Identity& identity) const = 0;
  // What its connections to the database do; nullopt when it has none. Any thread.
  [[nodiscard]] virtual std::optional<pg::Stats> database_stats() const { return std::nullopt; }
};

}  // namespace bailey::client_detail
